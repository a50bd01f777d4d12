package recon.mrd.dicom;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.MrdHeader;

/**
 * The images in the DICOM files of a folder and its subfolders, as ISMRMRD images: by series, in each by InstanceNumber.
 * A file counts if it is called {@code .dcm} or {@code .ima}, or whatever its name, if it begins as DICOM files do.
 * Hidden files and links do not. One that cannot be read is told of and left out. Holds one file at a time in memory.
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
    private final List<Path> notDicom = new ArrayList<>();
    private final Consumer<IOException> listener;
    private int unreadable;

    private DicomFolder(Consumer<IOException> listener) {
        this.listener = listener;
    }

    /**
     * Looks through a folder.
     *
     * @param unreadable hears of each file that is left out, now or when it is {@link #read}: its name and the reason
     * @throws DicomFormatException if there is no image
     */
    public static DicomFolder scan(Path folder, Consumer<IOException> unreadable) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + (Files.exists(folder) ? " is no folder" : ": no such folder"));
        }
        DicomFolder found = new DicomFolder(unreadable);
        for (Path file : found.files(folder)) {
            found.add(file);
        }
        if (found.entries.isEmpty()) {
            throw found.noImage(folder);
        }
        found.entries.sort(ORDER);
        return found;
    }

    private DicomFormatException noImage(Path folder) {
        return new DicomFormatException(
                "there is no DICOM image " + (unreadable == 0 ? "in " : "that can be read in ") + folder);
    }

    private List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !file.getFileName().toString().startsWith(".")) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException reason) {
                leaveOut(reason); // a folder without permission
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(null);
        return files;
    }

    private void leaveOut(IOException reason) {
        unreadable++;
        listener.accept(reason);
    }

    private void add(Path file) {
        try {
            if (isWanted(file)) {
                addDicom(file);
            } else {
                notDicom.add(file);
            }
        } catch (IOException e) {
            leaveOut(e);
        }
    }

    private static boolean isWanted(Path file) throws IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".dcm") || name.endsWith(".ima") || DicomReader.looksLikeDicom(file);
    }

    private void addDicom(Path file) throws IOException {
        DataSet content = DicomReader.read(file).content();
        if (content.get(Attribute.PixelData.tag()).isEmpty()) {
            withoutPixels.add(file);
            return;
        }
        ImageHeader head = named(file, () -> {
            PixelLayout.of(content).pixels(content);
            return ImageFromDicom.head(content).build();
        });
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

    /** How many files have been left out so far. */
    public int unreadable() {
        return unreadable;
    }

    /** DICOM files that hold no image: directories, reports, annotations. */
    public List<Path> withoutPixels() {
        return List.copyOf(withoutPixels);
    }

    /** All other files. */
    public List<Path> notDicom() {
        return List.copyOf(notDicom);
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
     *
     * @return number of images
     */
    public int read(Sink sink) throws IOException {
        int count = 0;
        List<List<Entry>> series = series();
        for (int number = 0; number < series.size(); number++) {
            List<Entry> images = series.get(number);
            Map<Double, Integer> slices =
                    indices(images.stream().map(Entry::location).toList());
            Map<Double, Integer> phases =
                    indices(images.stream().map(Entry::triggerTimeMs).toList());
            for (Entry entry : images) {
                Image image;
                try {
                    image = image(entry, number, slices.get(entry.location()), phases.get(entry.triggerTimeMs()));
                } catch (IOException e) { // it has changed since
                    leaveOut(e);
                    continue;
                }
                sink.accept(image);
                count++;
            }
        }
        if (count == 0) {
            throw new DicomFormatException("no DICOM image that was found can be read any more");
        }
        return count;
    }

    private static Image image(Entry entry, int series, int slice, int phase) throws IOException {
        DataSet content = DicomReader.read(entry.file()).content();
        return named(entry.file(), () -> ImageFromDicom.image(content, series, slice, phase));
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
