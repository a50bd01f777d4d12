package recon.mrd.preview;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import recon.mrd.dicom.Attribute;
import recon.mrd.dicom.DataSet;
import recon.mrd.dicom.DicomFormatException;
import recon.mrd.dicom.DicomReader;
import recon.mrd.format.Image;
import recon.mrd.format.ImageSeries;

/**
 * One PNG that shows images, each in its own window: the DICOM images of a folder, sorted by series and instance, or those
 * of ISMRMRD series in their order.
 */
public final class ContactSheet {
    /** Most images drawn; the caption counts the others. */
    public static final int MAX_TILES = 64;

    private static final Comparator<Entry> ORDER = Comparator.comparingInt(Entry::series)
            .thenComparing(Entry::seriesUid)
            .thenComparingInt(Entry::instance)
            .thenComparing(Entry::file);

    private record Entry(int series, String seriesUid, int instance, Path file) {
        String label() {
            return series + "/" + instance;
        }
    }

    /**
     * What became of the files.
     *
     * @param images found
     * @param drawn images on the sheet, at most {@link #MAX_TILES}
     * @param unreadable DICOM files that are damaged, or in an encoding or of a kind that cannot be shown
     */
    public record Summary(int images, int drawn, int unreadable) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Consumer<IOException> listener;
    private int unreadable;

    private ContactSheet(Consumer<IOException> listener) {
        this.listener = listener;
    }

    /**
     * Draws the images in a folder and its subfolders. Links are not followed, files that are not DICOM are ignored.
     *
     * @param unreadable hears of each DICOM file that is left out: its name and the reason
     * @throws IOException if the folder cannot be read, holds no image that can be shown, or the PNG cannot be written
     */
    public static Summary write(Path folder, Path png, Consumer<IOException> unreadable) throws IOException {
        ContactSheet sheet = new ContactSheet(unreadable);
        sheet.collect(folder);
        return sheet.draw(folder, png);
    }

    /**
     * Draws the images of ISMRMRD series, one tile for each slice and channel.
     *
     * @param from what the images are of, for errors
     * @throws IOException if there is no image, one cannot be read, or the PNG cannot be written
     */
    public static Summary write(String from, List<? extends ImageSeries> all, Path png) throws IOException {
        int tiles = 0;
        for (ImageSeries series : all) {
            for (int i = 0; i < series.count(); i++) {
                tiles = Math.addExact(tiles, series.header(i).planes());
            }
        }
        if (tiles == 0) {
            throw new IOException("there is no image in " + from);
        }
        SheetCanvas canvas = new SheetCanvas(Math.min(tiles, MAX_TILES));
        int drawn = 0;
        for (ImageSeries series : all) {
            for (int i = 0; i < series.count() && drawn < MAX_TILES; i++) {
                Image image = series.image(i);
                int planes = image.head().planes();
                for (int plane = 0; plane < planes && drawn < MAX_TILES; plane++) {
                    String label =
                            image.head().imageSeriesIndex() + "/" + (i + 1) + (planes == 1 ? "" : "." + (plane + 1));
                    canvas.tile(drawn, GreyImage.of(image, plane), label);
                    drawn++;
                }
            }
        }
        Summary summary = new Summary(tiles, drawn, 0);
        canvas.caption(caption(summary));
        canvas.writePng(png);
        return summary;
    }

    private void collect(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + " is no folder");
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            walk.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .forEach(this::add);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        entries.sort(ORDER);
    }

    private void add(Path file) {
        try {
            if (!DicomReader.looksLikeDicom(file)) {
                return;
            }
            DataSet content = DicomReader.read(file).content();
            if (content.get(Attribute.PixelData.tag()).isPresent()) {
                entries.add(new Entry(
                        content.integer(Attribute.SeriesNumber).orElse(0),
                        content.text(Attribute.SeriesInstanceUID).orElse(""),
                        content.integer(Attribute.InstanceNumber).orElse(0),
                        file));
            }
        } catch (IOException e) {
            leaveOut(e);
        }
    }

    private Summary draw(Path folder, Path png) throws IOException {
        SheetCanvas canvas = new SheetCanvas(Math.max(1, Math.min(entries.size(), MAX_TILES)));
        int drawn = 0;
        int broken = 0;
        for (Entry entry : entries) {
            if (drawn == MAX_TILES) {
                break;
            }
            try {
                canvas.tile(drawn, image(entry.file()), entry.label());
                drawn++;
            } catch (IOException e) {
                broken++;
                leaveOut(e);
            }
        }
        if (drawn == 0) {
            throw new IOException("no DICOM image that can be shown in " + folder
                    + (unreadable > 0
                            ? " (" + unreadable + (unreadable == 1 ? " DICOM file" : " DICOM files")
                                    + " cannot be read)"
                            : ""));
        }
        Summary summary = new Summary(entries.size() - broken, drawn, unreadable);
        canvas.caption(caption(summary));
        canvas.writePng(png);
        return summary;
    }

    private static GreyImage image(Path file) throws IOException {
        DataSet content = DicomReader.read(file).content();
        try {
            return GreyImage.of(content);
        } catch (DicomFormatException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private void leaveOut(IOException reason) {
        unreadable++;
        listener.accept(reason);
    }

    private static String caption(Summary summary) {
        String text = summary.drawn() == summary.images()
                ? summary.images() + (summary.images() == 1 ? " image" : " images")
                : summary.drawn() + " of " + summary.images() + " images";
        return summary.unreadable() == 0 ? text : text + ", " + summary.unreadable() + " unreadable";
    }
}
