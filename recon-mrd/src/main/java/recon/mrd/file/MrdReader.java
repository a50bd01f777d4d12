package recon.mrd.file;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.StringData;
import io.jhdf.object.datatype.VariableLength;
import io.jhdf.storage.HdfBackingStorage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;

/**
 * Reads an ISMRMRD file: the XML header at once, acquisitions one by one and in any order, so that the memory in use does
 * not grow with the file but for its index. Not for use by several threads.
 */
public final class MrdReader implements Closeable {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    /** The signature is at 0, or behind a user block of 512 bytes or a power of two times that. */
    private static final int MIN_USER_BLOCK_BYTES = 512;
    /** A readout longer than this is taken for damage. */
    private static final long MAX_ACQUISITION_FLOATS = 1L << 26;

    private final Path path;
    private final HdfFile file;
    private final String group;
    private final GlobalHeapReader heap;
    private final RecordSource records;
    private final AcquisitionLayout layout;
    private final String xml;
    private final MrdHeader header;

    private MrdReader(Path path, HdfFile file, String wantedGroup) throws MrdException {
        this.path = path;
        this.file = file;
        HdfBackingStorage storage = file.getHdfBackingStorage();
        Group parent = findGroup(wantedGroup);
        this.group = parent.getName();
        this.heap = new GlobalHeapReader(storage);
        this.xml = readText(dataset(parent, "xml"), storage);
        this.header = MrdHeader.parse(xml);
        Dataset data = dataset(parent, "data");
        this.layout = new AcquisitionLayout(data.getDataType());
        this.records = new RecordSource(data, storage);
    }

    /**
     * Opens a file and takes its group {@value MrdWriter#DEFAULT_GROUP}, or its only group.
     *
     * @throws MrdException if it is no HDF5 file, is damaged, or holds no ISMRMRD acquisitions
     */
    public static MrdReader open(Path path) throws IOException {
        return open(path, null);
    }

    /** Opens a file and takes the named group. */
    public static MrdReader open(Path path, String group) throws IOException {
        if (!hasSignature(path)) {
            throw new MrdException(path + " is not an HDF5 file");
        }
        return guarded(path, () -> {
            HdfFile file = new HdfFile(path);
            try {
                return new MrdReader(path, file, group);
            } catch (MrdException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
                file.close();
                throw e;
            }
        });
    }

    /** The XML header as it stands in the file. */
    public String xml() {
        return xml;
    }

    public MrdHeader header() {
        return header;
    }

    /** Name of the group that is being read. */
    public String group() {
        return group;
    }

    public Path path() {
        return path;
    }

    /** Number of acquisitions. */
    public int count() {
        return records.count();
    }

    /**
     * The header of one acquisition, without its data.
     *
     * @param index 0 to {@link #count()} - 1
     */
    public AcquisitionHeader acquisitionHeader(int index) throws IOException {
        return guarded(path, () -> layout.header(records.record(index)));
    }

    /**
     * One acquisition.
     *
     * @param index 0 to {@link #count()} - 1
     */
    public Acquisition acquisition(int index) throws IOException {
        return guarded(path, () -> {
            ByteBuffer record = records.record(index);
            AcquisitionHeader head = layout.header(record);
            HeapReference trajectory = layout.trajectory(record);
            HeapReference data = layout.data(record);
            checkLength(index, "trajectory", trajectory, head.trajectoryLength());
            checkLength(index, "data", data, head.dataLength());
            return new Acquisition(head, floats(trajectory), floats(data));
        });
    }

    private static void checkLength(int index, String what, HeapReference reference, long expected)
            throws MrdException {
        if (reference.length() != expected || expected > MAX_ACQUISITION_FLOATS) {
            throw new MrdException("acquisition " + index + ": " + what + " of " + reference.length()
                    + " values where its header asks for " + expected + " (at most " + MAX_ACQUISITION_FLOATS + ")");
        }
    }

    private float[] floats(HeapReference reference) throws MrdException {
        float[] values = new float[(int) reference.length()];
        heap.read(reference, Float.BYTES).asFloatBuffer().get(values);
        return values;
    }

    @Override
    public void close() {
        file.close();
    }

    private Group findGroup(String wanted) throws MrdException {
        List<String> groups = file.getChildren().values().stream()
                .filter(Node::isGroup)
                .map(Node::getName)
                .toList();
        String name = wanted;
        if (name == null) {
            name = groups.size() == 1 ? groups.get(0) : MrdWriter.DEFAULT_GROUP;
        }
        if (!groups.contains(name)) {
            throw new MrdException("not an ISMRMRD file: no group " + name + " among " + groups);
        }
        return (Group) file.getChild(name);
    }

    private static Dataset dataset(Group group, String name) throws MrdException {
        // Links are not followed: one may point to another file.
        if (group.getChild(name) instanceof Dataset dataset) {
            return dataset;
        }
        throw new MrdException("not an ISMRMRD file of raw data: no dataset " + group.getPath() + name);
    }

    private String readText(Dataset dataset, HdfBackingStorage storage) throws MrdException {
        RecordSource source = new RecordSource(dataset, storage);
        DataType type = dataset.getDataType();
        if (source.count() != 1) {
            throw new MrdException(dataset.getPath() + " has " + source.count() + " elements where 1 belongs");
        }
        ByteBuffer text;
        if (type instanceof VariableLength variable && variable.isVariableLengthString()) {
            HeapReference reference = HeapReference.read(source.record(0));
            if (reference.length() > MrdHeader.MAX_XML_CHARS) {
                throw new MrdException(dataset.getPath() + " has " + reference.length() + " bytes, more than the "
                        + MrdHeader.MAX_XML_CHARS + " allowed");
            }
            text = heap.read(reference, 1);
        } else if (type instanceof StringData) {
            text = source.record(0);
        } else {
            throw new MrdException(dataset.getPath() + " is no text");
        }
        String decoded = StandardCharsets.UTF_8.decode(text).toString();
        int end = decoded.indexOf('\0');
        return end < 0 ? decoded : decoded.substring(0, end);
    }

    private static boolean hasSignature(Path path) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(path)) {
            byte[] found = new byte[SIGNATURE.length];
            for (long at = 0; at + found.length <= channel.size(); at = Math.max(MIN_USER_BLOCK_BYTES, 2 * at)) {
                ByteBuffer into = ByteBuffer.wrap(found);
                channel.position(at);
                while (into.hasRemaining() && channel.read(into) >= 0) {
                    // a channel may return less than asked for
                }
                if (Arrays.equals(found, SIGNATURE)) {
                    return true;
                }
            }
            return false;
        }
    }

    private interface Step<T> {
        T run() throws IOException;
    }

    /**
     * Turns what jHDF throws on a damaged file into one line. Its recursion and its allocations follow the file's numbers,
     * so that damage may also end in one of the two errors caught here; the state they leave is dropped with the reader.
     */
    private static <T> T guarded(Path path, Step<T> step) throws IOException {
        try {
            return step.run();
        } catch (MrdException e) {
            throw new MrdException(path + ": " + e.getMessage(), e);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw new MrdException(path + ": damaged HDF5 file: " + oneLine(e), e);
        }
    }

    private static String oneLine(Throwable e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.replaceAll("\\s+", " ");
    }
}
