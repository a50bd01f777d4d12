package recon.mrd.file;

import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.storage.HdfBackingStorage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import recon.mrd.format.MrdException;

/** The elements of a one-dimensional dataset as bytes, contiguous or chunked, compressed or not. Keeps the last chunk. */
final class RecordSource {
    static final int MAX_CHUNK_BYTES = 1 << 28;

    private final Dataset dataset;
    private final HdfBackingStorage storage;
    private final int recordBytes;
    private final long count;
    private final int chunkRecords;
    private final boolean filtered;
    private Optional<ChunkIndex> index;
    private int chunkStart = -1;
    private ByteBuffer chunk = ByteBuffer.allocate(0);

    RecordSource(Dataset dataset, HdfBackingStorage storage) throws MrdException {
        this.dataset = dataset;
        this.storage = storage;
        this.recordBytes = dataset.getDataType().getSize();
        long[] dimensions = dataset.getDimensionsAsLong();
        if (dimensions.length > 1) {
            throw new MrdException(dataset.getPath() + " has " + dimensions.length + " dimensions where 1 belongs");
        }
        this.count = dimensions.length == 0 ? 1 : dimensions[0];
        if (count < 0 || count > Integer.MAX_VALUE || recordBytes <= 0) {
            throw new MrdException(dataset.getPath() + " has " + Long.toUnsignedString(count) + " elements of "
                    + recordBytes + " bytes, outside 0.." + Integer.MAX_VALUE);
        }
        if (dataset instanceof ChunkedDataset chunked) {
            this.chunkRecords = chunked.getChunkDimensions()[0];
            this.filtered = !dataset.getFilters().isEmpty();
            if (chunkRecords < 1 || (long) chunkRecords * recordBytes > MAX_CHUNK_BYTES) {
                throw new MrdException(dataset.getPath() + " has chunks of " + chunkRecords + " elements of "
                        + recordBytes + " bytes, outside 1.." + MAX_CHUNK_BYTES + " bytes");
            }
        } else if (dataset instanceof ContiguousDataset) {
            this.chunkRecords = 1;
            this.filtered = false;
        } else {
            throw new MrdException(dataset.getPath() + " is neither contiguous nor chunked");
        }
    }

    int count() {
        return (int) count;
    }

    /** One element, little-endian; valid until the next call. */
    ByteBuffer record(int index) throws MrdException {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("element " + index + " is outside 0.." + (count - 1));
        }
        int start = index - index % chunkRecords;
        if (start != chunkStart) {
            chunkStart = -1;
            chunk = load(start);
            chunkStart = start;
        }
        int offset = (index - start) * recordBytes;
        if (chunk.limit() - offset < recordBytes) {
            throw new MrdException("damaged HDF5 file: element " + index + " of " + dataset.getPath() + " is cut off");
        }
        return chunk.slice(offset, recordBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer load(int start) throws MrdException {
        if (dataset instanceof ChunkedDataset chunked) {
            if (index == null) {
                index = ChunkIndex.of(dataset, storage, chunkRecords * recordBytes);
            }
            if (index.isPresent()) {
                return index.get().chunk(start / chunkRecords);
            }
            int[] at = {start};
            return filtered ? ByteBuffer.wrap(chunked.getDecompressedChunk(at)) : chunked.getRawChunkBuffer(at);
        }
        long address = ((ContiguousDataset) dataset).getDataAddress() + (long) start * recordBytes;
        long available = storage.size() - storage.getUserBlockSize();
        if (address < 0 || address > available - recordBytes) {
            throw new MrdException("damaged or truncated HDF5 file: " + dataset.getPath() + " lies beyond its end");
        }
        return storage.readBufferFromAddress(address, recordBytes);
    }
}
