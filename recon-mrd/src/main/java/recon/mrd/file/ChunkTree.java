package recon.mrd.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Section III.A.1, version 1 B-tree of node type 1: where the chunks of a dataset are. Here the chunks follow each other
 * along the first dimension, one element of it each, and span the others.
 *
 * <pre>
 * node  "TREE" | type 1 | level | entries u16 | left sibling u64 | right sibling u64 | key 0 | child 0 | ... | key n
 * key   bytes of the chunk u32 | filter mask 0 u32 | offset of the chunk u64 per dimension | 0 u64
 * </pre>
 *
 * A node that is full goes to the file, so that only the last one of each level is in memory.
 */
final class ChunkTree {
    /** Default rank of trees of this type, which superblock version 0 cannot change: a node has up to twice as many children. */
    private static final int MAX_CHILDREN = 2 * 32;

    private static final int NODE_HEADER_BYTES = 24;
    private static final int RIGHT_SIBLING_AT = 16;

    private final Hdf5Space space;
    private final int rank;
    private final int chunkBytes;
    private final List<Level> levels = new ArrayList<>();
    private long count;

    /** A tree for a dataset with this many dimensions. */
    ChunkTree(Hdf5Space space, int rank, int chunkBytes) {
        this.space = space;
        this.rank = rank;
        this.chunkBytes = chunkBytes;
    }

    void add(long chunkAddress) throws IOException {
        level(0).add(chunkAddress);
        count++;
    }

    long count() {
        return count;
    }

    /**
     * Writes the nodes that are not full and returns the root's address, or the undefined address if there is no chunk. The
     * tree may grow after that; what was written stays as it is.
     */
    long write() throws IOException {
        if (count == 0) {
            return Hdf5Space.UNDEFINED_ADDRESS;
        }
        long node = level(0).writeGrowing();
        for (int number = 1; number < levels.size(); number++) {
            node = level(number).writeGrowing(node);
        }
        return node;
    }

    private Level level(int number) {
        if (number == levels.size()) {
            levels.add(new Level(number));
        }
        return levels.get(number);
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

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Level 0 points to chunks, each other one to the nodes of the level below. */
    private final class Level {
        private final int number;
        private final long chunksPerChild;
        private final long[] children = new long[MAX_CHILDREN];
        private int entries;
        private long firstChild;
        private long left = Hdf5Space.UNDEFINED_ADDRESS;

        Level(int number) {
            this.number = number;
            this.chunksPerChild = (long) Math.pow(MAX_CHILDREN, number);
        }

        void add(long child) throws IOException {
            makeRoom();
            children[entries++] = child;
        }

        private void makeRoom() throws IOException {
            if (entries == MAX_CHILDREN) {
                left = writeGrowing();
                firstChild += entries;
                entries = 0;
                level(number + 1).add(left);
            }
        }

        /** Writes the last node as if this were its last child, which it need not be. */
        long writeGrowing(long child) throws IOException {
            makeRoom();
            children[entries++] = child;
            long address = writeGrowing();
            entries--;
            return address;
        }

        long writeGrowing() throws IOException {
            long address = space.allocate(nodeBytes());
            ByteBuffer out = buffer(nodeBytes());
            out.put(new byte[] {'T', 'R', 'E', 'E', 1, (byte) number}).putShort((short) entries);
            out.putLong(left).putLong(Hdf5Space.UNDEFINED_ADDRESS);
            for (int i = 0; i < entries; i++) {
                putKey(out, (firstChild + i) * chunksPerChild);
                out.putLong(children[i]);
            }
            putKey(out, Math.min(count, (firstChild + entries) * chunksPerChild));
            space.write(out.rewind(), address);
            if (left != Hdf5Space.UNDEFINED_ADDRESS) {
                space.write(buffer(Long.BYTES).putLong(address).flip(), left + RIGHT_SIBLING_AT);
            }
            return address;
        }
    }
}
