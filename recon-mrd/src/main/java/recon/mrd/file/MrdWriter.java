package recon.mrd.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionHeaderWriter;
import recon.mrd.format.Image;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.MrdItem;
import recon.mrd.format.Waveform;
import recon.mrd.format.WaveformHeaderFormat;

/**
 * Writes a group of an ISMRMRD file: acquisitions, waveforms and images go to the disk as they come, and the memory in use
 * does not grow with them but for 8 bytes of each, 24 of an image. Images of one {@code image_series_index} make a group
 * {@code image_<index>} within the group, and have one size and one type. The file has a temporary name until
 * {@link #commit()}; closed without it, it vanishes. Not for use by several threads.
 */
public final class MrdWriter implements Closeable {
    /** The group that other programs look for. */
    public static final String DEFAULT_GROUP = "dataset";

    private static final String IMAGE_PREFIX = "image_";
    private static final String DATA = "data";
    private static final String WAVEFORMS = "waveforms";
    private static final int RECORDS_PER_WRITE = 256;

    private final Path target;
    private final Path temporary;
    private final String group;
    private final Hdf5Space space;
    private final GlobalHeapWriter heap;
    private final Optional<ExistingFile> existing;
    /** What is to be there still at the commit; empty if that replaces whatever there is. */
    private Optional<FileState> before = Optional.empty();

    private final Map<MrdText, HeapReference> texts = new EnumMap<>(MrdText.class);
    private final Map<Integer, ImageTable> images = new LinkedHashMap<>();
    private RecordTable acquisitions;
    private RecordTable waveforms;
    private boolean committed;

    private MrdWriter(Path target, Path temporary, String group, Hdf5Space space, Optional<ExistingFile> existing) {
        this.target = target;
        this.temporary = temporary;
        this.group = group;
        this.space = space;
        this.heap = new GlobalHeapWriter(space);
        this.existing = existing;
    }

    /** Begins a file with the group {@value #DEFAULT_GROUP}. An existing file stays as it is until the commit. */
    public static MrdWriter create(Path target, MrdHeader header) throws IOException {
        return create(target, DEFAULT_GROUP, header.toXml());
    }

    /** Begins a file with this XML header, which is written as it is. */
    public static MrdWriter create(Path target, String group, String xmlHeader) throws IOException {
        MrdWriter writer = create(target, group);
        try {
            writer.write(MrdText.XML, xmlHeader);
            return writer;
        } catch (IOException | RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    /**
     * Begins a file that holds nothing yet. An existing file stays as it is until the commit, which replaces it.
     *
     * @param group 1 to 255 bytes without {@code /}
     * @param attributes that the file is made with, such as its mode
     * @throws IOException if the folder does not exist or cannot be written to
     */
    public static MrdWriter create(Path target, String group, FileAttribute<?>... attributes) throws IOException {
        checkName(group);
        Path file = target.toAbsolutePath();
        checkFolder(file, target);
        Path temporary = temporary(file);
        return new MrdWriter(file, temporary, group, Hdf5Space.create(temporary, attributes), Optional.empty());
    }

    /**
     * Begins to add to a file: a group, or more to a group that is there. What was in the file stays in it; acquisitions,
     * waveforms and images go behind those of their kind and series; a text takes the place of the old one. The file is
     * created if there is none, and stays as it is until the commit. Takes as much space as the file in its folder. If somebody
     * else changes the file meanwhile, the commit leaves it alone and gives what it has made another name.
     *
     * @param group 1 to 255 bytes without {@code /}
     * @throws MrdException if the file is damaged, or of a kind that cannot be added to
     */
    public static MrdWriter append(Path target, String group) throws IOException {
        checkName(group);
        FileState before = FileState.of(target);
        if (!Files.exists(target)) {
            MrdWriter writer = create(target, group);
            writer.before = Optional.of(before);
            return writer;
        }
        Hdf5Input.checkSignature(target);
        Path file = target.toRealPath();
        checkFolder(file, target);
        Path temporary = temporary(file);
        try {
            Files.copy(file, temporary, StandardCopyOption.COPY_ATTRIBUTES);
            MrdWriter writer = append(file, temporary, group);
            writer.before = Optional.of(before);
            return writer;
        } catch (MrdException e) {
            Files.deleteIfExists(temporary);
            // A message about the copy names the file itself.
            throw new MrdException(target + ": " + e.getMessage().replace(temporary + ": ", ""), e);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    private static MrdWriter append(Path file, Path temporary, String group) throws IOException {
        Hdf5Space space = Hdf5Space.append(temporary);
        try {
            Optional<ExistingFile> existing = Optional.of(new ExistingFile(temporary, group));
            return new MrdWriter(file, temporary, group, space, existing);
        } catch (IOException | RuntimeException e) {
            space.close();
            throw e;
        }
    }

    private static void checkFolder(Path file, Path target) throws IOException {
        if (!Files.isDirectory(file.getParent())) {
            throw new NoSuchFileException(target.toString(), null, "its folder does not exist");
        }
        if (!Files.isWritable(file.getParent())) {
            throw new AccessDeniedException(target.toString(), null, "no permission to write in its folder");
        }
    }

    private static void checkName(String group) {
        if (group.isEmpty() || group.indexOf('/') >= 0 || group.getBytes(StandardCharsets.UTF_8).length > 255) {
            throw new IllegalArgumentException("not a group name: \"" + group + "\"");
        }
    }

    private static Path temporary(Path target) {
        return target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
    }

    /** Sets a text; the last one counts. */
    public void write(MrdText kind, String text) throws IOException {
        texts.put(kind, heap.add(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Writes an item behind those of its kind.
     *
     * @throws MrdException if it is an image of another size or type than those of its series
     */
    public void write(MrdItem item) throws IOException {
        if (item instanceof Acquisition acquisition) {
            write(acquisition);
        } else if (item instanceof Image image) {
            write(image);
        } else if (item instanceof Waveform waveform) {
            write(waveform);
        }
    }

    private void write(Acquisition acquisition) throws IOException {
        HeapReference trajectory = heap.add(acquisition.trajectory());
        HeapReference data = heap.add(acquisition.data());
        ByteBuffer record = acquisitions().next();
        AcquisitionHeaderWriter.write(acquisition.head(), record);
        trajectory.write(record.position(MrdRecords.TRAJECTORY_OFFSET));
        data.write(record.position(MrdRecords.ACQUISITION_DATA_OFFSET));
    }

    private void write(Waveform waveform) throws IOException {
        HeapReference data = heap.add(waveform.data());
        ByteBuffer record = waveforms().next();
        WaveformHeaderFormat.write(waveform.head(), record);
        data.write(record.position(MrdRecords.WAVEFORM_DATA_OFFSET));
    }

    private void write(Image image) throws IOException {
        int series = image.head().imageSeriesIndex();
        ImageTable table = images.get(series);
        if (table == null) {
            table = imageTable(IMAGE_PREFIX + series, ImageShape.of(image.head()));
            images.put(series, table);
        }
        table.write(image);
    }

    // --- what was there before goes first ---

    private RecordTable acquisitions() throws IOException {
        if (acquisitions == null) {
            acquisitions =
                    new RecordTable(space, MrdRecords.acquisition(), MrdRecords.ACQUISITION_BYTES, RECORDS_PER_WRITE);
            if (wasThere(DATA)) {
                MrdReader in = existing.orElseThrow().reader();
                Optional<long[]> elements = in.hasOurAcquisitions()
                        ? existing.orElseThrow().elements(MrdRecords.ACQUISITION_BYTES, DATA)
                        : Optional.empty();
                elements.ifPresent(acquisitions::adopt);
                for (int i = 0; elements.isEmpty() && i < in.count(); i++) {
                    write(in.acquisition(i));
                }
            }
        }
        return acquisitions;
    }

    private RecordTable waveforms() throws IOException {
        if (waveforms == null) {
            waveforms = new RecordTable(space, MrdRecords.waveform(), MrdRecords.WAVEFORM_BYTES, RECORDS_PER_WRITE);
            if (wasThere(WAVEFORMS)) {
                MrdReader in = existing.orElseThrow().reader();
                Optional<long[]> elements = in.hasOurWaveforms()
                        ? existing.orElseThrow().elements(MrdRecords.WAVEFORM_BYTES, WAVEFORMS)
                        : Optional.empty();
                elements.ifPresent(waveforms::adopt);
                for (int i = 0; elements.isEmpty() && i < in.waveformCount(); i++) {
                    write(in.waveform(i));
                }
            }
        }
        return waveforms;
    }

    private ImageTable imageTable(String name, ImageShape shape) throws IOException {
        if (!wasThere(name)) {
            return new ImageTable(space, heap, name, shape);
        }
        ImageGroup before = existing.orElseThrow().images(name);
        ImageTable table = new ImageTable(space, heap, name, before.shape());
        if (!existing.orElseThrow().keep(before, table)) {
            for (int i = 0; i < before.count(); i++) {
                table.write(before.image(i));
            }
        }
        return table;
    }

    private boolean wasThere(String name) {
        return existing.isPresent() && existing.get().groupLinks().containsKey(name);
    }

    // --- the end ---

    /**
     * Completes the file, brings it to the disk and gives it its name. Nothing can be written afterwards.
     *
     * @throws MrdException if the file that was added to is not what it was: tells the name of the file with what was added
     */
    public void commit() throws IOException {
        if (committed) {
            throw new IllegalStateException("already committed: " + target);
        }
        heap.flush();
        Map<String, Long> links =
                new LinkedHashMap<>(existing.map(ExistingFile::groupLinks).orElse(Map.of()));
        for (Map.Entry<MrdText, HeapReference> text : texts.entrySet()) {
            links.put(text.getKey().dataset(), writeText(text.getValue()));
        }
        if (acquisitions != null) {
            links.put(DATA, acquisitions.finish());
        }
        if (waveforms != null) {
            links.put(WAVEFORMS, waveforms.finish());
        }
        for (Map.Entry<Integer, ImageTable> series : images.entrySet()) {
            links.put(IMAGE_PREFIX + series.getKey(), series.getValue().finish());
        }
        Map<String, Long> root =
                new LinkedHashMap<>(existing.map(ExistingFile::rootLinks).orElse(Map.of()));
        root.put(group, space.append(ObjectHeader.group(links)));
        space.finish(space.append(ObjectHeader.group(root)));
        closeFiles();
        if (before.isPresent() && !before.get().equals(FileState.of(target))) {
            Path other = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".h5");
            Files.move(temporary, other);
            committed = true;
            throw new MrdException(
                    target + " was changed by another program meanwhile and stays as that left it; what it"
                            + " held before, and what was to be added, is in " + other);
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        committed = true;
    }

    private long writeText(HeapReference text) throws IOException {
        ByteBuffer reference = ByteBuffer.allocate(Datatypes.REFERENCE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        text.write(reference);
        long address = space.append(reference.flip());
        return space.append(
                ObjectHeader.contiguous(1, Datatypes.message(Datatypes.string()), address, Datatypes.REFERENCE_BYTES));
    }

    private void closeFiles() throws IOException {
        existing.ifPresent(ExistingFile::close);
        space.close();
    }

    @Override
    public void close() throws IOException {
        closeFiles();
        if (!committed) {
            Files.deleteIfExists(temporary);
        }
    }
}
