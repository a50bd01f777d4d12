package recon.mrd.dicom;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import recon.mrd.format.Image;
import recon.mrd.format.ImageSeries;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;

/**
 * Writes ISMRMRD images as DICOM files, one for each slice and channel, named {@code <series>_<description>_<instance>.dcm}.
 * An image that came from DICOM becomes what it was, but for what was changed since; any other one a new instance of MR
 * Image Storage, or of Secondary Capture if it is in colour. All files of one run are of one study, unless they came from
 * several. Holds one image at a time in memory.
 */
public final class DicomExport {
    private final MrdHeader header;
    private final Path folder;
    private final Supplier<UUID> uuids;
    private final LocalDateTime created;
    private final Consumer<String> notices;
    private final Map<String, String> seriesUids = new HashMap<>();
    private final Set<String> names = new HashSet<>();

    /**
     * @param header of the images, if there is one
     * @param folder an existing one
     * @param notices hears what is assumed of a series because its images do not say it
     */
    public DicomExport(Optional<MrdHeader> header, Path folder, Consumer<String> notices) {
        this(header, folder, UUID::randomUUID, LocalDateTime.now(ZoneId.systemDefault()), notices);
    }

    /** With UIDs and a time of one's own. */
    DicomExport(
            Optional<MrdHeader> header,
            Path folder,
            Supplier<UUID> uuids,
            LocalDateTime created,
            Consumer<String> notices) {
        this.header = DescribedImage.withUids(header, uuids);
        this.folder = folder;
        this.uuids = uuids;
        this.created = created;
        this.notices = notices;
    }

    /**
     * Writes all images of a series.
     *
     * @return the files, in their order
     */
    public List<Path> write(ImageSeries series) throws IOException {
        List<Path> files = new ArrayList<>();
        if (series.count() == 0) {
            return files;
        }
        StoredPixels scale = StoredPixels.of(series, StoredPixels.ALL_BITS);
        SeriesOptions options =
                SeriesOptions.DEFAULT.withSeriesNumber(series.header(0).imageSeriesIndex());
        DescribedImage described = new DescribedImage(header, series, options, uuids, created, notices);
        for (int i = 0; i < series.count(); i++) {
            Image image = series.image(i);
            try {
                MetaAttributes meta = MetaAttributes.parse(image.attributes());
                Optional<DataSet> before = RestoredImage.dataSet(meta);
                double[] values = image.valuesOrMagnitudes();
                for (int plane = 0; plane < image.head().planes(); plane++) {
                    int number = files.size() + 1;
                    DataSet to = before.isPresent()
                            ? new RestoredImage(image, meta, values, scale)
                                    .dataSet(new DataSet(before.get()), plane, number, fresh(series))
                            : described.dataSet(image, meta, values, scale, plane, number);
                    files.add(write(to, series));
                }
            } catch (MrdException | DicomFormatException | IllegalArgumentException e) {
                throw new MrdException("image " + i + " of " + series.name() + ": " + e.getMessage(), e);
            }
        }
        return files;
    }

    /** UIDs for an image that is not what it was: an instance's own, and a series' for all that come from one series. */
    private RestoredImage.FreshUids fresh(ImageSeries series) {
        return new RestoredImage.FreshUids(
                () -> Uid.of(uuids.get()),
                old -> seriesUids.computeIfAbsent(series.name() + " " + old, key -> Uid.of(uuids.get())),
                header.study().instanceUid().orElseThrow());
    }

    private Path write(DataSet to, ImageSeries series) throws IOException {
        String description = to.text(Attribute.SeriesDescription).orElse(series.name());
        StringBuilder plain = new StringBuilder();
        description
                .codePoints()
                .limit(100)
                .map(c -> Character.isLetterOrDigit(c) || "-+.() ".indexOf(c) >= 0 ? c : '_')
                .forEach(plain::appendCodePoint);
        String stem = String.format(
                "%02d_%s_%03d",
                to.integer(Attribute.SeriesNumber).orElse(0),
                plain.toString().strip(),
                to.integer(Attribute.InstanceNumber).orElse(0));
        String name = stem;
        for (int more = 2; !names.add(name); more++) {
            name = stem + "_" + more;
        }
        Path file = folder.resolve(name + ".dcm");
        DicomWriter.write(DicomFile.of(to), file);
        return file;
    }
}
