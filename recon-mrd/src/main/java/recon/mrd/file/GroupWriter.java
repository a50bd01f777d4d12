package recon.mrd.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionHeaderWriter;
import recon.mrd.format.Image;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdItem;
import recon.mrd.format.Waveform;
import recon.mrd.format.WaveformHeaderFormat;

/** What a group of an ISMRMRD file holds, as it is written: behind what was in the group before, if it was there. */
final class GroupWriter {
    private static final String IMAGE_PREFIX = "image_";
    private static final int RECORDS_PER_WRITE = 256;

    /** Of images in a group: with many more, readers take minutes to find them all. */
    static final int MAX_SERIES = 4096;

    private final Hdf5Space space;
    private final GlobalHeapWriter heap;
    private final Optional<ExistingFile> existing;
    private final Map<MrdText, HeapReference> texts = new EnumMap<>(MrdText.class);
    private final Map<Integer, ImageTable> images = new LinkedHashMap<>();
    private RecordTable acquisitions;
    private RecordTable waveforms;

    GroupWriter(Hdf5Space space, Optional<ExistingFile> existing) {
        this.space = space;
        this.heap = new GlobalHeapWriter(space);
        this.existing = existing;
    }

    /** Sets a text; the last one counts. */
    void write(MrdText kind, String text) throws IOException {
        texts.put(kind, heap.add(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Writes an item behind those of its kind.
     *
     * @throws MrdException if it is an image of another size or type than those of its series, or of one series too many
     */
    void write(MrdItem item) throws IOException {
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
            if (images.size() == MAX_SERIES) {
                throw new MrdException("an image of image_series_index " + series
                        + " cannot be written: a group holds at most " + MAX_SERIES + " series");
            }
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
            if (wasThere(MrdReader.DATA)) {
                MrdReader in = existing.orElseThrow().reader();
                Optional<long[]> elements = in.hasOurAcquisitions()
                        ? existing.orElseThrow().elements(MrdRecords.ACQUISITION_BYTES, MrdReader.DATA)
                        : Optional.empty();
                acquisitions.adopt(elements.orElse(new long[0]));
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
            if (wasThere(MrdReader.WAVEFORMS)) {
                MrdReader in = existing.orElseThrow().reader();
                Optional<long[]> elements = in.hasOurWaveforms()
                        ? existing.orElseThrow().elements(MrdRecords.WAVEFORM_BYTES, MrdReader.WAVEFORMS)
                        : Optional.empty();
                waveforms.adopt(elements.orElse(new long[0]));
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

    /** Writes the group as it is now and returns the address of its object header. It may grow after that. */
    long write() throws IOException {
        heap.flush();
        Map<String, Long> links =
                new LinkedHashMap<>(existing.map(ExistingFile::groupLinks).orElse(Map.of()));
        for (Map.Entry<MrdText, HeapReference> text : texts.entrySet()) {
            links.put(text.getKey().dataset(), writeText(text.getValue()));
        }
        if (acquisitions != null) {
            links.put(MrdReader.DATA, acquisitions.write());
        }
        if (waveforms != null) {
            links.put(MrdReader.WAVEFORMS, waveforms.write());
        }
        for (Map.Entry<Integer, ImageTable> series : images.entrySet()) {
            links.put(IMAGE_PREFIX + series.getKey(), series.getValue().write());
        }
        return space.append(ObjectHeader.group(links));
    }

    private long writeText(HeapReference text) throws IOException {
        ByteBuffer reference = ByteBuffer.allocate(Datatypes.REFERENCE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        text.write(reference);
        long address = space.append(reference.flip());
        return space.append(
                ObjectHeader.contiguous(1, Datatypes.message(Datatypes.string()), address, Datatypes.REFERENCE_BYTES));
    }
}
