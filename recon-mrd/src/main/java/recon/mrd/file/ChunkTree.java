package recon.mrd.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Section III.A.1, version 1 B-tree of node type 1: where the chunks of a dataset are. Here the chunks follow each other
 * along the first dimension, one element of it each, and span the others.
 *
 * <pre>
 * node  "TREE" | type 1 | level | entries u16 | left sibling u64 | right sibling u64 | key 0 | child 0 | ... | key n
 * key   bytes of the chunk u32 | filter mask 0 u32 | offset of the chunk u64 per dimension | 0 u64
 * </pre>
 *
 * Until it is written only the chunks' addresses are kept, 8 bytes each.
 */
final class ChunkTree {
    /** Default rank of trees of this type, which superblock version 0 cannot change: a node has up to twice as many children. */
    private static final int MAX_CHILDREN = 2 * 32;

    private static final int NODE_HEADER_BYTES = 24;

    private final int rank;
    private final int chunkBytes;
    private long[] addresses = new long[8];
    private int count;

    /** A tree for a dataset with this many dimensions. */
    ChunkTree(int rank, int chunkBytes) {
        this.rank = rank;
        this.chunkBytes = chunkBytes;
    }

    void add(long chunkAddress) {
        if (count == addresses.length) {
            addresses = Arrays.copyOf(addresses, Math.multiplyExact(count, 2));
        }
        addresses[count++] = chunkAddress;
    }

    int count() {
        return count;
    }

    /** Writes the nodes and returns the root's address, or the undefined address if there is no chunk. */
    long write(Hdf5Space space) throws IOException {
        if (count == 0) {
            return Hdf5Space.UNDEFINED_ADDRESS;
        }
        long[] children = Arrays.copyOf(addresses, count);
        long chunksPerChild = 1;
        int level = 0;
        do {
            children = writeLevel(space, level, children, chunksPerChild);
            chunksPerChild *= MAX_CHILDREN;
            level++;
        } while (children.length > 1);
        return children[0];
    }

    private long[] writeLevel(Hdf5Space space, int level, long[] children, long chunksPerChild) throws IOException {
        long[] nodes = new long[(children.length + MAX_CHILDREN - 1) / MAX_CHILDREN];
        for (int n = 0; n < nodes.length; n++) {
            nodes[n] = space.allocate(nodeBytes());
        }
        for (int n = 0; n < nodes.length; n++) {
            int first = n * MAX_CHILDREN;
            int entries = Math.min(MAX_CHILDREN, children.length - first);
            ByteBuffer out = ByteBuffer.allocate(nodeBytes()).order(ByteOrder.LITTLE_ENDIAN);
            out.put(new byte[] {'T', 'R', 'E', 'E', 1, (byte) level}).putShort((short) entries);
            out.putLong(n > 0 ? nodes[n - 1] : Hdf5Space.UNDEFINED_ADDRESS);
            out.putLong(n + 1 < nodes.length ? nodes[n + 1] : Hdf5Space.UNDEFINED_ADDRESS);
            for (int i = 0; i < entries; i++) {
                putKey(out, (first + i) * chunksPerChild);
                out.putLong(children[first + i]);
            }
            putKey(out, Math.min(count, (first + entries) * chunksPerChild));
            space.write(out.rewind(), nodes[n]);
        }
        return nodes;
    }

    private int keyBytes() {
        return 8 + 8 * (rank + 1);
    }

    private int nodeBytes() {
        return NODE_HEADER_BYTES + (MAX_CHILDREN + 1) * keyBytes() + MAX_CHILDREN * Long.BYTES;
    }

    private void putKey(ByteBuffer out, long chunk) {
        out.putInt(chunkBytes).putInt(0).putLong(chunk);
        out.position(out.position() + 8 * rank);
    }
}
