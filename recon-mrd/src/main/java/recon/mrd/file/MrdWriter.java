package recon.mrd.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionHeaderFormat;
import recon.mrd.format.AcquisitionHeaderWriter;
import recon.mrd.format.MrdHeader;

/**
 * Writes an ISMRMRD file: acquisitions go to the disk as they come, and the memory in use does not grow with them but
 * for 8 bytes each. The file has a temporary name until {@link #commit()}; closed without it, it vanishes. Not for use
 * by several threads.
 */
public final class MrdWriter implements Closeable {
    /** The group that other programs look for. */
    public static final String DEFAULT_GROUP = "dataset";

    private static final int RECORDS_PER_WRITE = 256;

    private final Path target;
    private final Path temporary;
    private final String group;
    private final Hdf5Space space;
    private final GlobalHeapWriter heap;
    private final HeapReference xml;
    private final ChunkTree tree = new ChunkTree(1, AcquisitionRecord.BYTES);
    private final ByteBuffer records =
            ByteBuffer.allocate(RECORDS_PER_WRITE * AcquisitionRecord.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private boolean committed;

    private MrdWriter(Path target, String group, String xmlHeader) throws IOException {
        this.target = target.toAbsolutePath();
        this.group = group;
        String name = "." + this.target.getFileName() + "." + UUID.randomUUID() + ".part";
        this.temporary = this.target.resolveSibling(name);
        this.space = new Hdf5Space(temporary);
        this.heap = new GlobalHeapWriter(space);
        try {
            this.xml = heap.add(xmlHeader.getBytes(StandardCharsets.UTF_8));
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Begins a file with the group {@value #DEFAULT_GROUP}. An existing file stays as it is until the commit. */
    public static MrdWriter create(Path target, MrdHeader header) throws IOException {
        return create(target, DEFAULT_GROUP, header.toXml());
    }

    /**
     * Begins a file.
     *
     * @param group 1 to 255 bytes without {@code /}
     * @param xmlHeader written as it is
     * @throws IOException if the folder does not exist or cannot be written to
     */
    public static MrdWriter create(Path target, String group, String xmlHeader) throws IOException {
        if (group.isEmpty() || group.indexOf('/') >= 0 || group.getBytes(StandardCharsets.UTF_8).length > 255) {
            throw new IllegalArgumentException("not a group name: \"" + group + "\"");
        }
        if (!Files.isDirectory(target.toAbsolutePath().getParent())) {
            throw new NoSuchFileException(target.toString(), null, "its folder does not exist");
        }
        return new MrdWriter(target, group, xmlHeader);
    }

    public void write(Acquisition acquisition) throws IOException {
        HeapReference trajectory = heap.add(acquisition.trajectory());
        HeapReference data = heap.add(acquisition.data());
        int start = records.position();
        AcquisitionHeaderWriter.write(acquisition.head(), records);
        trajectory.write(records.position(start + AcquisitionRecord.TRAJECTORY_OFFSET));
        data.write(records.position(start + AcquisitionRecord.DATA_OFFSET));
        if (!records.hasRemaining()) {
            writeRecords();
        }
    }

    private void writeRecords() throws IOException {
        long address = space.append(records.flip());
        for (int at = 0; at < records.limit(); at += AcquisitionRecord.BYTES) {
            tree.add(address + at);
        }
        records.clear();
    }

    /** Completes the file, brings it to the disk and gives it its name. Nothing can be written afterwards. */
    public void commit() throws IOException {
        if (committed) {
            throw new IllegalStateException("already committed: " + target);
        }
        writeRecords();
        heap.flush();
        Map<String, Long> links = new LinkedHashMap<>();
        links.put("xml", writeXml());
        links.put("data", writeData());
        long groupAddress = space.append(ObjectHeader.group(links));
        space.finish(space.append(ObjectHeader.group(Map.of(group, groupAddress))));
        space.close();
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        committed = true;
    }

    private long writeXml() throws IOException {
        ByteBuffer reference = ByteBuffer.allocate(Datatypes.REFERENCE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        xml.write(reference);
        long address = space.append(reference.flip());
        return space.append(ObjectHeader.contiguous(1, body(Datatypes.string()), address, Datatypes.REFERENCE_BYTES));
    }

    private long writeData() throws IOException {
        long[] dimensions = {tree.count()};
        long root = tree.write(space);
        return space.append(ObjectHeader.chunked(
                dimensions, new int[] {1}, body(AcquisitionRecord.DATATYPE.clone()), AcquisitionRecord.BYTES, root));
    }

    /** A message body, whose end is where the next byte would go. */
    private static ByteBuffer body(byte[] bytes) {
        return ByteBuffer.wrap(bytes).position(bytes.length);
    }

    @Override
    public void close() throws IOException {
        space.close();
        if (!committed) {
            Files.deleteIfExists(temporary);
        }
    }

    /** One element of {@code data} as the C++ library lays it out: the members at multiples of 8. */
    static final class AcquisitionRecord {
        static final int TRAJECTORY_OFFSET = (int) Hdf5Space.padded(AcquisitionHeaderFormat.BYTES);
        static final int DATA_OFFSET = TRAJECTORY_OFFSET + Datatypes.REFERENCE_BYTES;
        static final int BYTES = DATA_OFFSET + Datatypes.REFERENCE_BYTES;
        static final byte[] DATATYPE = Datatypes.compound(
                BYTES,
                List.of(
                        new Datatypes.Member("head", 0, Datatypes.header(AcquisitionHeaderFormat.FIELDS)),
                        new Datatypes.Member("traj", TRAJECTORY_OFFSET, Datatypes.sequence(Datatypes.float32())),
                        new Datatypes.Member("data", DATA_OFFSET, Datatypes.sequence(Datatypes.float32()))));

        private AcquisitionRecord() {}
    }
}
