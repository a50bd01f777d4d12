package recon.mrd.dicom;

import java.io.IOException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import recon.mrd.format.EncodingCounters;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageSeries;
import recon.mrd.format.ImageType;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;
import recon.mrd.recon.ReconImage;

/** Data sets for images that never were DICOM: what the headers say of them. */
final class DescribedImage {
    static final Map<Integer, String> TYPES =
            Map.of(ImageType.PHASE, "P", ImageType.REAL, "R", ImageType.IMAGINARY, "I");

    private final SeriesOptions options;
    private final MrSeries series;

    /**
     * @param options what is asked for; what is empty comes from the images and the header
     * @param notices hears what is assumed because the images do not say it
     */
    DescribedImage(
            MrdHeader header,
            ImageSeries images,
            SeriesOptions options,
            Supplier<UUID> uuids,
            LocalDateTime created,
            Consumer<String> notices)
            throws IOException {
        List<ReconImage> geometry = new ArrayList<>();
        float[] noMagnitude = new float[0];
        for (int i = 0; i < images.count(); i++) {
            ImageHeader head = images.header(i);
            if (head.pixels() == 0) {
                throw new MrdException("an image of " + head.columns() + " x " + head.rows() + " x " + head.slices()
                        + " pixels of " + head.channels() + " channels cannot be written as DICOM");
            }
            if (noMagnitude.length != head.rows() * head.columns()) {
                noMagnitude = new float[head.rows() * head.columns()];
            }
            for (int plane = 0; plane < head.planes(); plane++) {
                geometry.add(geometry(head, plane, noMagnitude));
            }
        }
        String description =
                description(header, MetaAttributes.parse(images.image(0).attributes()), options, images.name());
        this.options = options;
        this.series = new MrSeries(
                header,
                geometry,
                options.withSeriesDescription(Optional.of(description)),
                uuids,
                created,
                notice -> notices.accept(images.name() + ": " + notice));
    }

    /** The header, or one that says nothing, with the UIDs that all series of a run share. */
    static MrdHeader withUids(Optional<MrdHeader> header, Supplier<UUID> uuids) {
        MrdHeader h = header.orElse(new MrdHeader(
                MrdHeader.Subject.EMPTY,
                MrdHeader.Study.EMPTY,
                MrdHeader.Measurement.EMPTY,
                MrdHeader.AcquisitionSystem.EMPTY,
                OptionalLong.empty(),
                List.of(),
                MrdHeader.SequenceParameters.EMPTY,
                MrdHeader.UserParameters.EMPTY));
        MrdHeader.Study s = h.study();
        MrdHeader.Measurement m = h.measurement();
        return new MrdHeader(
                h.subject(),
                new MrdHeader.Study(
                        s.date(),
                        s.time(),
                        s.studyId(),
                        s.accessionNumber(),
                        s.referringPhysicianName(),
                        s.description(),
                        Optional.of(validOrFresh(s.instanceUid(), uuids))),
                new MrdHeader.Measurement(
                        m.measurementId(),
                        m.seriesDate(),
                        m.seriesTime(),
                        m.patientPosition(),
                        m.initialSeriesNumber(),
                        m.protocolName(),
                        m.seriesDescription(),
                        m.seriesInstanceUidRoot(),
                        Optional.of(validOrFresh(m.frameOfReferenceUid(), uuids))),
                h.system(),
                h.h1ResonanceFrequencyHz(),
                h.encodings(),
                h.sequence(),
                h.user());
    }

    private static String validOrFresh(Optional<String> uid, Supplier<UUID> uuids) {
        return uid.map(String::strip).filter(Uid::isValid).orElseGet(() -> Uid.of(uuids.get()));
    }

    private static String description(MrdHeader header, MetaAttributes meta, SeriesOptions options, String name) {
        String plain = options.seriesDescription()
                .or(() -> meta.first("SeriesDescription"))
                .or(() -> meta.first("SequenceDescription"))
                .or(() -> header.measurement().seriesDescription())
                .or(() -> header.measurement().protocolName())
                .orElse(name);
        return plain + RestoredImage.addition(meta);
    }

    private static ReconImage geometry(ImageHeader head, int plane, float[] noMagnitude) {
        int slice = plane % head.slices();
        double thickness = (double) head.fieldOfViewMm().z() / head.slices();
        double fromCentre = (slice - (head.slices() - 1) / 2.0) * thickness;
        return new ReconImage(
                head.columns(),
                head.rows(),
                noMagnitude,
                head.positionMm().plus(head.sliceDirection().times(fromCentre)),
                head.readDirection(),
                head.phaseDirection(),
                head.sliceDirection(),
                (double) head.fieldOfViewMm().x() / head.columns(),
                (double) head.fieldOfViewMm().y() / head.rows(),
                thickness,
                new EncodingCounters(
                        0,
                        0,
                        head.average(),
                        head.slice(),
                        head.contrast(),
                        head.phase(),
                        head.repetition(),
                        head.set(),
                        0),
                slice,
                head.slices(),
                head.acquisitionTimeStamp(),
                head.physiologyTimeStamp());
    }

    /** @param plane slice fastest, then channel */
    DataSet dataSet(Image image, MetaAttributes meta, double[] values, StoredPixels scale, int plane, int number) {
        ImageHeader head = image.head();
        DataSet to = series.withoutPixels(number);
        int pixels = head.rows() * head.columns();
        to.putInts(Attribute.Rows, head.rows());
        to.putInts(Attribute.Columns, head.columns());
        to.putText(Attribute.ImageType, "ORIGINAL", "PRIMARY", TYPES.getOrDefault(head.imageType(), "M"));
        meta.first("ImageComments")
                .or(() -> meta.first("ImageComment"))
                .flatMap(text -> TextFit.fit(Attribute.ImageComments.vr(), text))
                .ifPresent(text -> to.putText(Attribute.ImageComments, text));
        if (head.isColour()) {
            StoredPixels.putColour(to, values, plane * pixels, pixels, head.slices() * pixels);
            return to;
        }
        scale.describe(to, scale.bitsStored(), scale.isSigned());
        scale.describeRange(to);
        RestoredImage.window(to, meta);
        askedWindow(to, scale);
        to.putBytes(Attribute.PixelData, scale.stored(values, plane * pixels, pixels));
        return to;
    }

    /** Asked for in stored values, as {@link SeriesOptions} say. */
    private void askedWindow(DataSet to, StoredPixels scale) {
        if (options.windowCenter().isEmpty() && options.windowWidth().isEmpty()) {
            return;
        }
        double center = options.windowCenter().isPresent()
                ? options.windowCenter().getAsDouble() * scale.slope() + scale.intercept()
                : to.decimal(Attribute.WindowCenter).orElse(scale.low());
        double width = options.windowWidth().isPresent()
                ? options.windowWidth().getAsDouble() * scale.slope()
                : to.decimal(Attribute.WindowWidth).orElse(scale.slope());
        StoredPixels.putWindow(to, center, width);
    }

    /** As a job's results are called. */
    String fileName(int number) {
        return series.fileName(number);
    }
}
