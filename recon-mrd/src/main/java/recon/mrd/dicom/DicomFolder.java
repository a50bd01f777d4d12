package recon.mrd.dicom;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.MrdHeader;

/**
 * The images in the DICOM files of a folder and its subfolders, as ISMRMRD images: by series, in each by InstanceNumber.
 * A file counts if it is called {@code .dcm} or {@code .ima}, or whatever its name, if it begins as DICOM files do.
 * Hidden files and links do not. Holds one file at a time in memory.
 */
public final class DicomFolder {
    private static final Comparator<Entry> ORDER = Comparator.comparingInt(Entry::seriesNumber)
            .thenComparing(Entry::seriesUid)
            .thenComparing(Entry::shape)
            .thenComparingInt(Entry::instance)
            .thenComparing(Entry::file);

    private record Entry(
            int seriesNumber,
            String seriesUid,
            String shape,
            int instance,
            double location,
            double triggerTimeMs,
            Path file) {
        boolean isOfSeries(Entry other) {
            return seriesNumber == other.seriesNumber && seriesUid.equals(other.seriesUid) && shape.equals(other.shape);
        }
    }

    /** Takes images one after the other. */
    @FunctionalInterface
    public interface Sink {
        void accept(Image image) throws IOException;
    }

    private final List<Entry> entries = new ArrayList<>();
    private final List<Path> withoutPixels = new ArrayList<>();

    private DicomFolder() {}

    /**
     * Looks through a folder.
     *
     * @throws DicomFormatException if there is no image, or one that cannot be read: names the file and the reason
     */
    public static DicomFolder scan(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + " is no folder");
        }
        DicomFolder found = new DicomFolder();
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) walk.sorted()::iterator) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && isWanted(file)) {
                    found.add(file);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (found.entries.isEmpty()) {
            throw new DicomFormatException("there is no DICOM image in " + folder);
        }
        found.entries.sort(ORDER);
        return found;
    }

    private static boolean isWanted(Path file) throws IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return !name.startsWith(".")
                && (name.endsWith(".dcm") || name.endsWith(".ima") || DicomReader.looksLikeDicom(file));
    }

    private void add(Path file) throws IOException {
        DataSet content = DicomReader.read(file).content();
        if (content.get(Attribute.PixelData.tag()).isEmpty()) {
            withoutPixels.add(file);
            return;
        }
        ImageHeader head = named(file, () -> ImageFromDicom.head(content).build());
        entries.add(new Entry(
                content.integer(Attribute.SeriesNumber).orElse(0),
                content.text(Attribute.SeriesInstanceUID).orElse(""),
                head.columns() + "x" + head.rows() + "x" + head.channels() + " " + head.pixelType(),
                content.integer(Attribute.InstanceNumber).orElse(0),
                ImageFromDicom.location(content).orElse(0),
                content.decimal(Attribute.TriggerTime).orElse(0),
                file));
    }

    private interface Step<T> {
        T run() throws DicomFormatException;
    }

    private static <T> T named(Path file, Step<T> step) throws DicomFormatException {
        try {
            return step.run();
        } catch (DicomFormatException e) {
            throw new DicomFormatException(file + ": " + e.getMessage());
        }
    }

    /** Number of images. */
    public int count() {
        return entries.size();
    }

    /** DICOM files that hold no image: directories, reports, annotations. */
    public List<Path> withoutPixels() {
        return List.copyOf(withoutPixels);
    }

    /** The XML header that belongs to the images: what the first of them says. */
    public MrdHeader header() throws IOException {
        Path first = entries.get(0).file();
        DataSet content = DicomReader.read(first).content();
        return named(first, () -> HeaderFromDicom.of(content));
    }

    /**
     * Reads all images. Images of one series have one {@code image_series_index}, from 0 on; a series whose images are
     * of several sizes has several. {@code slice} and {@code phase} count the positions and trigger times in it.
     */
    public void read(Sink sink) throws IOException {
        List<List<Entry>> series = series();
        for (int number = 0; number < series.size(); number++) {
            List<Entry> images = series.get(number);
            Map<Double, Integer> slices =
                    indices(images.stream().map(Entry::location).toList());
            Map<Double, Integer> phases =
                    indices(images.stream().map(Entry::triggerTimeMs).toList());
            for (Entry image : images) {
                DataSet content = DicomReader.read(image.file()).content();
                int index = number;
                sink.accept(named(
                        image.file(),
                        () -> ImageFromDicom.image(
                                content, index, slices.get(image.location()), phases.get(image.triggerTimeMs()))));
            }
        }
    }

    private List<List<Entry>> series() {
        List<List<Entry>> all = new ArrayList<>();
        Entry last = null;
        for (Entry entry : entries) {
            if (last == null || !entry.isOfSeries(last)) {
                all.add(new ArrayList<>());
            }
            all.get(all.size() - 1).add(entry);
            last = entry;
        }
        return all;
    }

    private static Map<Double, Integer> indices(List<Double> values) {
        Map<Double, Integer> indices = new LinkedHashMap<>();
        for (double value : new TreeSet<>(values)) {
            indices.put(value, indices.size());
        }
        return indices;
    }
}
