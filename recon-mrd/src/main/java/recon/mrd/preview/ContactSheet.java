package recon.mrd.preview;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.mrd.dicom.Attribute;
import recon.mrd.dicom.DataSet;
import recon.mrd.dicom.DicomReader;

/** One PNG that shows the DICOM images of a folder, sorted by series and instance, each in its own window. */
public final class ContactSheet {
    /** Most images drawn; the caption counts the others. */
    public static final int MAX_TILES = 64;

    private static final Logger LOG = LoggerFactory.getLogger(ContactSheet.class);
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
     * @param images DICOM images found
     * @param drawn images on the sheet, at most {@link #MAX_TILES}
     * @param unreadable DICOM files that are damaged, or in an encoding or of a kind that cannot be shown
     */
    public record Summary(int images, int drawn, int unreadable) {}

    private final List<Entry> entries = new ArrayList<>();
    private int unreadable;

    private ContactSheet() {}

    /**
     * Draws the images in a folder and its subfolders. Links are not followed, files that are not DICOM are ignored.
     *
     * @throws IOException if the folder cannot be read, holds no image that can be shown, or the PNG cannot be written
     */
    public static Summary write(Path folder, Path png) throws IOException {
        ContactSheet sheet = new ContactSheet();
        sheet.collect(folder);
        return sheet.draw(folder, png);
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
            leaveOut(file, e);
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
                canvas.tile(drawn, GreyImage.of(DicomReader.read(entry.file()).content()), entry.label());
                drawn++;
            } catch (IOException e) {
                broken++;
                leaveOut(entry.file(), e);
            }
        }
        if (drawn == 0) {
            throw new IOException("no DICOM image that can be shown in " + folder
                    + (unreadable > 0 ? " (" + unreadable + " DICOM files cannot be read)" : ""));
        }
        Summary summary = new Summary(entries.size() - broken, drawn, unreadable);
        canvas.caption(caption(summary));
        canvas.writePng(png);
        return summary;
    }

    private void leaveOut(Path file, IOException reason) {
        unreadable++;
        LOG.warn("{} is left out of the contact sheet: {}", file, reason.getMessage());
    }

    private static String caption(Summary summary) {
        String text = summary.drawn() == summary.images()
                ? summary.images() + (summary.images() == 1 ? " image" : " images")
                : summary.drawn() + " of " + summary.images() + " images";
        return summary.unreadable() == 0 ? text : text + ", " + summary.unreadable() + " unreadable";
    }
}
