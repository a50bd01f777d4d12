package recon.mrd.file;

import io.jhdf.AbstractNode;
import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.btree.BTreeV1;
import io.jhdf.dataset.chunked.Chunk;
import io.jhdf.object.message.DataLayoutMessage.ChunkedDataLayoutMessage;
import io.jhdf.storage.HdfBackingStorage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import recon.mrd.format.MrdException;

/**
 * Where the chunks of a dataset lie that are not compressed, follow each other along the first dimension and span the
 * others, as {@link ChunkTree} describes them. Takes 8 bytes for each; no length in the file makes it take more.
 */
final class ChunkIndex {
    private final String path;
    private final HdfBackingStorage storage;
    private final int chunkBytes;
    private final long chunks;
    private final long[] addresses;

    private ChunkIndex(ChunkedDataset dataset, long root, HdfBackingStorage storage, int chunkBytes) {
        this.path = dataset.getPath();
        this.storage = storage;
        this.chunkBytes = chunkBytes;
        long[] dimensions = dataset.getDimensionsAsLong();
        int perChunk = dataset.getChunkDimensions()[0];
        this.chunks = dimensions[0] / perChunk + (dimensions[0] % perChunk == 0 ? 0 : 1);
        this.addresses = new long[(int) Math.min(chunks, Math.min(Integer.MAX_VALUE - 8, storage.size() / chunkBytes))];
        Arrays.fill(addresses, Hdf5Space.UNDEFINED_ADDRESS);
        if (root == Hdf5Space.UNDEFINED_ADDRESS) {
            return;
        }
        for (Chunk chunk :
                BTreeV1.createDataBTree(storage, root, dimensions.length).getChunks()) {
            long number = chunk.getChunkOffset()[0] / perChunk;
            if (chunk.getSize() == chunkBytes && number >= 0 && number < addresses.length) {
                addresses[(int) number] = chunk.getAddress();
            }
        }
    }

    /**
     * The index of a dataset.
     *
     * @param chunkBytes that each chunk has, at least 1
     * @return empty if the chunks are compressed, divide the other dimensions too, or are not found by a tree of version 1
     */
    static Optional<ChunkIndex> of(Dataset dataset, HdfBackingStorage storage, int chunkBytes) {
        if (dataset instanceof ChunkedDataset chunked
                && dataset instanceof AbstractNode node
                && dataset.getFilters().isEmpty()
                && node.getHeader().hasMessageOfType(ChunkedDataLayoutMessage.class)
                && spansAllButTheFirst(chunked)) {
            long root = node.getHeader()
                    .getMessageOfType(ChunkedDataLayoutMessage.class)
                    .getBTreeAddress();
            return Optional.of(new ChunkIndex(chunked, root, storage, chunkBytes));
        }
        return Optional.empty();
    }

    private static boolean spansAllButTheFirst(ChunkedDataset dataset) {
        int[] chunk = dataset.getChunkDimensions();
        long[] sizes = dataset.getDimensionsAsLong();
        for (int i = 1; i < sizes.length; i++) {
            if (chunk[i] != sizes[i]) {
                return false;
            }
        }
        return chunk.length == sizes.length && chunk[0] > 0;
    }

    /** The bytes of a chunk. */
    ByteBuffer chunk(int number) throws MrdException {
        if (number >= addresses.length || !isInFile(addresses[number])) {
            throw new MrdException("damaged or truncated HDF5 file: chunk " + number + " of " + path + " is not in it");
        }
        return storage.readBufferFromAddress(addresses[number], chunkBytes);
    }

    private boolean isInFile(long address) {
        return address >= 0 && address <= storage.size() - storage.getUserBlockSize() - chunkBytes;
    }

    /** Where all chunks lie; empty if one of them does not. */
    Optional<long[]> addresses() {
        boolean whole = addresses.length == chunks && Arrays.stream(addresses).allMatch(this::isInFile);
        return whole ? Optional.of(addresses.clone()) : Optional.empty();
    }
}
