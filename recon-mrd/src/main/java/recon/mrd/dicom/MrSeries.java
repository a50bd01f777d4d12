package recon.mrd.dicom;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.Vector3;
import recon.mrd.recon.ReconImage;

/**
 * One series of MR Image Storage instances (PS3.3 A.4), one per reconstructed image. All images share one grey scale:
 * the brightest pixel of the series becomes 2^bitsStored - 1. Not thread-safe.
 */
public final class MrSeries {
    private static final Logger log = LoggerFactory.getLogger(MrSeries.class);
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuuMMdd");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss.SSS");

    private final MrdHeader header;
    private final SeriesOptions options;
    private final List<ReconImage> images;
    private final SeriesExtent extent;
    private final MrAttributes mr;
    private final Supplier<UUID> uuids;
    private final LocalDateTime created;
    private final Consumer<String> notices;
    private final String studyUid;
    private final String seriesUid;
    private final String frameOfReferenceUid;
    private boolean warnedOfDirections;
    private boolean warnedOfSpacing;

    /** A series made now, with random UIDs. */
    public MrSeries(MrdHeader header, List<ReconImage> images, SeriesOptions options) {
        this(header, images, options, UUID::randomUUID, LocalDateTime.now(ZoneId.systemDefault()), log::warn);
    }

    /**
     * A series of these images, in this order.
     *
     * @param uuids where fresh UIDs come from: the series, each instance, and what the header does not name
     * @param created local time of the reconstruction
     * @param notices hears, once for each reason, what is assumed because the images do not say it
     */
    public MrSeries(
            MrdHeader header,
            List<ReconImage> images,
            SeriesOptions options,
            Supplier<UUID> uuids,
            LocalDateTime created,
            Consumer<String> notices) {
        this.header = header;
        this.images = List.copyOf(images);
        this.options = options;
        this.extent = SeriesExtent.of(this.images);
        this.mr = new MrAttributes(header, extent);
        this.uuids = uuids;
        this.created = created;
        this.notices = notices;
        this.studyUid = validOrFresh(header.study().instanceUid());
        this.seriesUid = Uid.of(uuids.get());
        this.frameOfReferenceUid = validOrFresh(header.measurement().frameOfReferenceUid());
    }

    private String validOrFresh(Optional<String> uid) {
        return uid.map(String::strip).filter(Uid::isValid).orElseGet(() -> Uid.of(uuids.get()));
    }

    public int size() {
        return images.size();
    }

    /**
     * Writes all instances into an existing directory.
     *
     * @return the files, in the order of the images: {@code MR_<series>_<instance>.dcm}
     */
    public List<Path> write(Path directory) throws IOException {
        List<Path> files = new ArrayList<>(images.size());
        for (int number = 1; number <= images.size(); number++) {
            Path file = directory.resolve(fileName(number));
            DicomWriter.write(instance(number), file);
            files.add(file);
        }
        return files;
    }

    /** Plain and sortable. */
    public String fileName(int instanceNumber) {
        return String.format("MR_%03d_%05d.dcm", HeaderAttributes.seriesNumber(header, options), instanceNumber);
    }

    /**
     * One image as a file, with a fresh SOPInstanceUID at every call.
     *
     * @param instanceNumber from 1 on
     */
    public DicomFile instance(int instanceNumber) {
        DataSet to = withoutPixels(instanceNumber);
        PixelAttributes.put(to, images.get(instanceNumber - 1), extent.maximum(), options);
        return DicomFile.of(to);
    }

    /** All that is said about an image, with a fresh SOPInstanceUID at every call; its magnitude is not looked at. */
    DataSet withoutPixels(int instanceNumber) {
        ReconImage image = images.get(instanceNumber - 1);
        DataSet to = new DataSet();
        HeaderAttributes.put(to, header, options);
        identity(to, instanceNumber);
        plane(to, image);
        mr.put(to, image);
        return to;
    }

    private void identity(DataSet to, int instanceNumber) {
        to.putText(Attribute.SOPClassUID, Uid.MR_IMAGE_STORAGE);
        to.putText(Attribute.SOPInstanceUID, Uid.of(uuids.get()));
        to.putText(Attribute.StudyInstanceUID, studyUid);
        to.putText(Attribute.SeriesInstanceUID, seriesUid);
        to.putText(Attribute.FrameOfReferenceUID, frameOfReferenceUid);
        to.putEmpty(Attribute.PositionReferenceIndicator);
        to.putInts(Attribute.InstanceNumber, instanceNumber);
        to.putText(Attribute.ImageType, "ORIGINAL", "PRIMARY", "M");
        to.putText(Attribute.InstanceCreationDate, DATE.format(created));
        to.putText(Attribute.InstanceCreationTime, TIME.format(created));
        to.putText(Attribute.ContentDate, DATE.format(created));
        to.putText(Attribute.ContentTime, TIME.format(created));
    }

    private void plane(DataSet to, ReconImage image) {
        double columnSpacing = spacing(image.columnSpacingMm());
        double rowSpacing = spacing(image.rowSpacingMm());
        ImagePlane plane = ImagePlane.of(image, columnSpacing, rowSpacing);
        if (!plane.trusted() && !warnedOfDirections) {
            warnedOfDirections = true;
            Vector3 read = image.readDirection();
            Vector3 phase = image.phaseDirection();
            notices.accept((read.isZero() && phase.isZero()
                            ? "the images have no directions"
                            : "read_dir " + words(read) + " and phase_dir " + words(phase)
                                    + " are no pair of orthogonal unit vectors")
                    + "; they are written as axial");
        }
        double[] row = plane.row();
        double[] column = plane.column();
        to.putDecimals(
                Attribute.ImageOrientationPatient,
                cosine(row[0]),
                cosine(row[1]),
                cosine(row[2]),
                cosine(column[0]),
                cosine(column[1]),
                cosine(column[2]));
        double[] first = plane.first();
        to.putDecimals(Attribute.ImagePositionPatient, mm(first[0]), mm(first[1]), mm(first[2]));
        to.putDecimals(Attribute.SliceLocation, mm(plane.location()));
        to.putDecimals(Attribute.PixelSpacing, mm(rowSpacing), mm(columnSpacing));
        to.putEmpty(Attribute.SliceThickness);
        if (image.sliceThicknessMm() > 0 && Double.isFinite(image.sliceThicknessMm())) {
            to.putDecimals(Attribute.SliceThickness, mm(image.sliceThicknessMm()));
        }
        extent.sliceSpacingMm().ifPresent(value -> to.putDecimals(Attribute.SpacingBetweenSlices, mm(value)));
    }

    private static String words(Vector3 v) {
        return "(" + v.x() + ", " + v.y() + ", " + v.z() + ")";
    }

    private double spacing(double mm) {
        if (mm >= 1e-5 && mm < 1e6) {
            return mm;
        }
        if (!warnedOfSpacing) {
            warnedOfSpacing = true;
            notices.accept(
                    mm == 0
                            ? "the images have no field of view; pixels of 1 mm are written"
                            : "a pixel spacing of " + mm + " mm cannot be; 1 mm is written");
        }
        return 1;
    }

    // The raw data's geometry is in single precision; more digits than it has would only be noise. Adding 0 makes -0 a
    // 0.
    static double mm(double value) {
        return Math.rint(value * 1e5) / 1e5 + 0.0;
    }

    static double cosine(double value) {
        return Math.rint(value * 1e8) / 1e8 + 0.0;
    }
}
