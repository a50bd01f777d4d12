package recon.mrd.dicom;

import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageType;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.Vector3;

/**
 * Data sets for images that came from DICOM, see {@link ImageFromDicom}: what they were, but for what the header or the
 * attributes say otherwise now. If the pixels were changed it is a new instance of a new series.
 */
final class RestoredImage {
    private static final long TICKS_PER_DAY = 24L * 60 * 60 * 400;
    private static final Map<Integer, String> TYPES =
            Map.of(ImageType.MAGNITUDE, "M", ImageType.PHASE, "P", ImageType.REAL, "R", ImageType.IMAGINARY, "I");

    /**
     * @param instance a fresh one at every call
     * @param series the new one for an old one
     */
    record FreshUids(Supplier<String> instance, UnaryOperator<String> series, String study) {}

    private final Image image;
    private final ImageHeader head;
    private final MetaAttributes meta;
    private final double[] values;
    private final StoredPixels scale;

    RestoredImage(Image image, MetaAttributes meta, double[] values, StoredPixels scale) {
        this.image = image;
        this.head = image.head();
        this.meta = meta;
        this.values = values;
        this.scale = scale;
    }

    /** What an image was; empty if it was none of DICOM. */
    static Optional<DataSet> dataSet(MetaAttributes meta) throws DicomFormatException {
        Optional<String> base64 = meta.first(ImageFromDicom.JSON);
        if (base64.isEmpty()) {
            return Optional.empty();
        }
        try {
            byte[] json = Base64.getMimeDecoder().decode(base64.get());
            return Optional.of(DicomJson.read(new String(json, StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            throw new DicomFormatException(ImageFromDicom.JSON + " is no base64");
        }
    }

    /**
     * Changes a data set to what the image is now.
     *
     * @param to what it was
     * @param plane slice fastest, then channel
     * @param number takes the place of InstanceNumber where one image becomes several, or there is none
     */
    DataSet dataSet(DataSet to, int plane, int number, FreshUids fresh) {
        Optional<ImageHeader> before = before(to);
        boolean several = head.planes() > 1;
        boolean same = before.isPresent()
                && !several
                && hasShapeOf(before.get())
                && meta.first(ImageFromDicom.DIGEST).equals(Optional.of(ImageFromDicom.digest(image.pixels())));
        if (several || to.integer(Attribute.InstanceNumber).isEmpty()) {
            to.putInts(Attribute.InstanceNumber, number);
        }
        before.ifPresent(old -> geometry(to, old, plane));
        before.ifPresent(old -> times(to, old));
        meta.first("ImageComments")
                .filter(text -> !to.text(Attribute.ImageComments).equals(Optional.of(text)))
                .ifPresent(text -> HeaderAttributes.type3(to, Attribute.ImageComments, Optional.of(text)));
        if (same) {
            byte[] stored = layout(to).stored(image.pixels());
            Vr vr = to.integer(Attribute.BitsAllocated).orElse(16) == 8 ? Vr.OB : Vr.OW;
            to.put(new Element.Value(Attribute.PixelData.tag(), vr, stored));
            window(to, meta);
        } else {
            changed(to, before, plane, fresh);
        }
        identity(to, fresh);
        return to;
    }

    /** The header as it was made of the DICOM image; nothing if it was none that can be read here. */
    private static Optional<ImageHeader> before(DataSet from) {
        try {
            return Optional.of(ImageFromDicom.head(from).build());
        } catch (DicomFormatException e) {
            return Optional.empty();
        }
    }

    private static PixelLayout layout(DataSet from) {
        try {
            return PixelLayout.of(from);
        } catch (DicomFormatException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private boolean hasShapeOf(ImageHeader old) {
        return head.pixelType() == old.pixelType()
                && head.columns() == old.columns()
                && head.rows() == old.rows()
                && head.channels() == old.channels();
    }

    private void geometry(DataSet to, ImageHeader old, int plane) {
        Vector3 fov = head.fieldOfViewMm();
        boolean sized = head.rows() != old.rows() || head.columns() != old.columns();
        if ((sized || !fov.equals(old.fieldOfViewMm())) && fov.x() > 0 && fov.y() > 0) {
            to.putDecimals(
                    Attribute.PixelSpacing,
                    MrSeries.mm((double) fov.x() / head.rows()),
                    MrSeries.mm((double) fov.y() / head.columns()));
        }
        if (fov.z() > 0 && (fov.z() != old.fieldOfViewMm().z() || head.slices() > 1)) {
            to.putDecimals(Attribute.SliceThickness, MrSeries.mm((double) fov.z() / head.slices()));
        }
        Vector3 row = direction("ImageRowDir").orElse(head.readDirection());
        Vector3 column = direction("ImageColumnDir").orElse(head.phaseDirection());
        if (!row.equals(old.readDirection()) || !column.equals(old.phaseDirection())) {
            to.putDecimals(
                    Attribute.ImageOrientationPatient,
                    MrSeries.cosine(row.x()),
                    MrSeries.cosine(row.y()),
                    MrSeries.cosine(row.z()),
                    MrSeries.cosine(column.x()),
                    MrSeries.cosine(column.y()),
                    MrSeries.cosine(column.z()));
        }
        int slice = plane % head.slices();
        Vector3 position =
                head.positionMm().plus(head.sliceDirection().times(slice * (double) fov.z() / head.slices()));
        if (!position.equals(old.positionMm())) {
            to.putDecimals(
                    Attribute.ImagePositionPatient,
                    MrSeries.mm(position.x()),
                    MrSeries.mm(position.y()),
                    MrSeries.mm(position.z()));
            to.remove(Attribute.SliceLocation);
        }
    }

    private Optional<Vector3> direction(String name) {
        List<String> texts = meta.all(name);
        if (texts.size() != 3) {
            return Optional.empty();
        }
        float[] v = new float[3];
        for (int i = 0; i < v.length; i++) {
            OptionalDouble number = number(Optional.of(texts.get(i)));
            if (number.isEmpty()) {
                return Optional.empty();
            }
            v[i] = (float) number.getAsDouble();
        }
        return Optional.of(new Vector3(v[0], v[1], v[2]));
    }

    private void times(DataSet to, ImageHeader old) {
        long ticks = head.acquisitionTimeStamp();
        if (ticks != old.acquisitionTimeStamp() && ticks < TICKS_PER_DAY) {
            LocalTime time = LocalTime.ofNanoOfDay(Math.round(ticks * ImageFromDicom.TICK_MS * 1e6));
            to.putText(Attribute.AcquisitionTime, MrAttributes.TIME.format(time));
        }
        long trigger = head.physiologyTimeStamp().get(0);
        if (trigger != old.physiologyTimeStamp().get(0)) {
            to.putDecimals(Attribute.TriggerTime, trigger * ImageFromDicom.TICK_MS);
        }
    }

    private void changed(DataSet to, Optional<ImageHeader> before, int plane, FreshUids fresh) {
        to.putText(Attribute.SOPInstanceUID, fresh.instance().get());
        String series = to.text(Attribute.SeriesInstanceUID).orElse("");
        to.putText(Attribute.SeriesInstanceUID, fresh.series().apply(series));
        String description = to.text(Attribute.SeriesDescription).orElse("") + addition(meta);
        HeaderAttributes.type3(to, Attribute.SeriesDescription, Optional.of(description));
        type(to, before);
        to.remove(Attribute.SmallestImagePixelValue);
        to.remove(Attribute.LargestImagePixelValue);
        to.putInts(Attribute.Rows, head.rows());
        to.putInts(Attribute.Columns, head.columns());
        pixels(to, plane);
        if (!head.isColour()) {
            window(to, meta);
        }
    }

    private void type(DataSet to, Optional<ImageHeader> before) {
        List<String> type = new ArrayList<>(to.texts(Attribute.ImageType));
        while (type.size() < 3) {
            type.add(List.of("DERIVED", "PRIMARY", "M").get(type.size()));
        }
        type.set(0, "DERIVED");
        boolean told = TYPES.containsKey(head.imageType());
        if (told && before.map(ImageHeader::imageType).orElse(0) != head.imageType()) {
            type.set(2, TYPES.get(head.imageType()));
        }
        List<String> fitting = new ArrayList<>();
        for (String value : type) {
            fitting.add(TextFit.fit(Attribute.ImageType.vr(), value).orElse("OTHER"));
        }
        to.putText(Attribute.ImageType, fitting.toArray(String[]::new));
    }

    private void pixels(DataSet to, int plane) {
        int count = head.rows() * head.columns();
        if (head.isColour()) {
            StoredPixels.putColour(to, values, plane * count, count, head.slices() * count);
            return;
        }
        int bits = to.integer(Attribute.BitsStored).orElse(16);
        boolean signed = to.integer(Attribute.PixelRepresentation).orElse(0) == 1;
        int top = 1 << (Math.max(1, Math.min(16, bits)) - (signed ? 1 : 0));
        boolean fits = !scale.isRescaled() && scale.low() >= (signed ? -top : 0) && scale.high() < top;
        scale.describe(to, fits ? bits : scale.bitsStored(), fits ? signed : scale.isSigned());
        to.putBytes(Attribute.PixelData, scale.stored(values, plane * count, count));
    }

    private static void identity(DataSet to, FreshUids fresh) {
        if (to.text(Attribute.SOPClassUID).isEmpty()) {
            to.putText(Attribute.SOPClassUID, Uid.MR_IMAGE_STORAGE);
        }
        if (to.text(Attribute.SOPInstanceUID).isEmpty()) {
            to.putText(Attribute.SOPInstanceUID, fresh.instance().get());
        }
        if (to.text(Attribute.SeriesInstanceUID).isEmpty()) {
            to.putText(Attribute.SeriesInstanceUID, fresh.series().apply(""));
        }
        if (to.text(Attribute.StudyInstanceUID).isEmpty()) {
            to.putText(Attribute.StudyInstanceUID, fresh.study());
        }
    }

    /** What the attributes add to the description of a series: {@code _FIRE}, or nothing. */
    static String addition(MetaAttributes meta) {
        return meta.first("SequenceDescriptionAdditional")
                .filter(text -> !text.isBlank())
                .map(text -> "_" + text)
                .orElse("");
    }

    /** Puts the window of the attributes, unless it is there already. */
    static void window(DataSet to, MetaAttributes meta) {
        OptionalDouble center = number(meta.first("WindowCenter"));
        OptionalDouble width = number(meta.first("WindowWidth"));
        if (center.isPresent()
                && width.isPresent()
                && width.getAsDouble() > 0
                && !(center.equals(to.decimal(Attribute.WindowCenter))
                        && width.equals(to.decimal(Attribute.WindowWidth)))) {
            StoredPixels.putWindow(to, center.getAsDouble(), width.getAsDouble());
            to.remove(Attribute.WindowCenterWidthExplanation);
        }
    }

    private static OptionalDouble number(Optional<String> text) {
        try {
            double value =
                    text.isEmpty() ? Double.NaN : Double.parseDouble(text.get().strip());
            return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }
}
