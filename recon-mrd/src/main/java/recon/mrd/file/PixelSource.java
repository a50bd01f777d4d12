package recon.mrd.file;

import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.dataset.DatasetBase;
import io.jhdf.object.datatype.CompoundDataType;
import io.jhdf.object.datatype.CompoundDataType.CompoundDataMember;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.storage.HdfBackingStorage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import recon.mrd.format.MrdException;
import recon.mrd.format.PixelType;

/** The pixels of a series of images, one by one: a dataset of the dimensions image, channel, z, y, x. */
final class PixelSource {
    private static final int RANK = 5;
    private static final long MAX_IMAGE_BYTES = Integer.MAX_VALUE - 8;

    private final Dataset dataset;
    private final PixelType type;
    private final long[] dimensions;
    private final long imageBytes;
    private final boolean plain;
    private final HdfBackingStorage storage;
    private Optional<ChunkIndex> chunks;

    PixelSource(Dataset dataset, Hdf5Input in) throws MrdException {
        this.dataset = dataset;
        this.storage = in.storage();
        this.type = type(dataset.getPath(), dataset.getDataType());
        this.dimensions = dataset.getDimensionsAsLong();
        if (dimensions.length != RANK) {
            throw new MrdException(dataset.getPath() + " has " + dimensions.length
                    + " dimensions where image, channel, z, y and x belong");
        }
        boolean filtered =
                dataset instanceof ChunkedDataset && !dataset.getFilters().isEmpty();
        double bytes = type.bytes();
        for (long size : Arrays.copyOfRange(dimensions, 1, RANK)) {
            bytes *= size;
        }
        // What is not compressed cannot be longer than the file.
        double limit = filtered || dimensions[0] == 0
                ? MAX_IMAGE_BYTES
                : Math.min(MAX_IMAGE_BYTES, in.storage().size());
        if (!(bytes >= 1 && bytes <= limit) || dimensions[0] < 0 || dimensions[0] > Integer.MAX_VALUE) {
            throw new MrdException(dataset.getPath() + " has dimensions " + Arrays.toString(dimensions) + " of " + type
                    + ", more than the " + (long) limit + " bytes possible for one image, or none");
        }
        this.imageBytes = (long) bytes;
        this.plain = !filtered && dataset instanceof ChunkedDataset chunked && isOneImage(chunked.getChunkDimensions());
        if (!plain && dataset instanceof ChunkedDataset chunked) {
            checkChunks(chunked.getChunkDimensions());
        } else if (dataset instanceof ContiguousDataset contiguous) {
            checkInside(contiguous, in);
        }
    }

    private boolean isOneImage(int[] chunk) {
        return chunk[0] == 1
                && Arrays.equals(
                        Arrays.stream(chunk).skip(1).asLongStream().toArray(), Arrays.copyOfRange(dimensions, 1, RANK));
    }

    private void checkChunks(int[] chunk) throws MrdException {
        double bytes = type.bytes();
        for (int size : chunk) {
            bytes *= size;
        }
        if (chunk.length != RANK || !(bytes >= 1 && bytes <= RecordSource.MAX_CHUNK_BYTES)) {
            throw new MrdException(dataset.getPath() + " has chunks of " + Arrays.toString(chunk) + " elements of "
                    + type + ", outside 1.." + RecordSource.MAX_CHUNK_BYTES + " bytes");
        }
    }

    private void checkInside(ContiguousDataset contiguous, Hdf5Input in) throws MrdException {
        long available = in.storage().size() - in.storage().getUserBlockSize();
        if ((double) imageBytes * dimensions[0] > available - contiguous.getDataAddress()) {
            throw new MrdException("damaged or truncated HDF5 file: " + dataset.getPath() + " lies beyond its end");
        }
    }

    int count() {
        return (int) dimensions[0];
    }

    ImageShape shape() {
        return new ImageShape(type, (int) dimensions[1], (int) dimensions[2], (int) dimensions[3], (int) dimensions[4]);
    }

    int imageBytes() {
        return (int) imageBytes;
    }

    /** The bytes of one image. */
    byte[] pixels(int index) throws MrdException {
        ByteBuffer stored;
        if (plain && chunks == null) {
            chunks = ChunkIndex.of(dataset, storage, (int) imageBytes);
        }
        if (plain && chunks.isPresent()) {
            stored = chunks.get().chunk(index);
        } else if (plain) {
            stored = ((ChunkedDataset) dataset).getRawChunkBuffer(new int[] {index, 0, 0, 0, 0});
        } else {
            int[] sizes = Arrays.stream(dimensions).mapToInt(Math::toIntExact).toArray();
            sizes[0] = 1;
            stored = ((DatasetBase) dataset).getSliceDataBuffer(new long[] {index, 0, 0, 0, 0}, sizes);
        }
        if (stored.remaining() != imageBytes) {
            throw new MrdException("damaged HDF5 file: image " + index + " of " + dataset.getPath() + " has "
                    + stored.remaining() + " bytes where " + imageBytes + " belong");
        }
        byte[] pixels = new byte[(int) imageBytes];
        stored.get(pixels);
        return pixels;
    }

    private static PixelType type(String path, DataType type) throws MrdException {
        if (type instanceof FixedPoint number && (number.getSize() == 2 || number.getSize() == 4)) {
            RecordLayout.checkOrder(path, number);
            if (number.getSize() == 2) {
                return number.isSigned() ? PixelType.I16 : PixelType.U16;
            }
            return number.isSigned() ? PixelType.I32 : PixelType.U32;
        }
        if (isFloat(path, type)) {
            return type.getSize() == Float.BYTES ? PixelType.F32 : PixelType.F64;
        }
        if (type instanceof CompoundDataType compound && compound.getMembers().size() == 2) {
            List<CompoundDataMember> members = compound.getMembers();
            DataType real = part(members, 0, "real", "r");
            DataType imaginary = part(members, compound.getSize() / 2, "imag", "i");
            if (isFloat(path, real) && isFloat(path, imaginary) && 2 * real.getSize() == compound.getSize()) {
                return real.getSize() == Float.BYTES ? PixelType.COMPLEX_F32 : PixelType.COMPLEX_F64;
            }
        }
        throw new MrdException(path + " has pixels of a type that is none of " + Arrays.toString(PixelType.values()));
    }

    private static boolean isFloat(String path, DataType type) throws MrdException {
        if (type instanceof FloatingPoint number && (number.getSize() == 4 || number.getSize() == 8)) {
            RecordLayout.checkOrder(path, number);
            return true;
        }
        return false;
    }

    /** Named as ISMRMRD does, or as h5py does with complex numbers; null if there is no such member. */
    private static DataType part(List<CompoundDataMember> members, int offset, String name, String shortName) {
        for (CompoundDataMember member : members) {
            boolean named = member.getName().equals(name) || member.getName().equals(shortName);
            if (named && member.getOffset() == offset) {
                return member.getDataType();
            }
        }
        return null;
    }
}
