package recon.mrd.dicom;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageHeaderBuilder;
import recon.mrd.format.ImageType;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.Vector3;

/**
 * What of a DICOM image becomes an ISMRMRD image, in the way of the programs that exist for it: the position is that of
 * the first pixel, not of the centre, and the field of view goes along the columns first. The stored values stay as they
 * are, without RescaleSlope; all attributes are kept in the image's attribute {@value #JSON}.
 */
final class ImageFromDicom {
    /** Base64 of the DICOM JSON. */
    static final String JSON = "DicomJson";
    /** Of the pixels, so that an image that was changed since can be told from one that was not. */
    static final String DIGEST = "DicomPixelSha256";

    static final double TICK_MS = 2.5;

    private static final Pattern TIME = Pattern.compile("([0-9]{2})([0-9]{2})([0-9]{2}(?:\\.[0-9]{1,6})?)");
    private static final Pattern FLOW = Pattern.compile("_v([0-9]{1,6})(rl|lr|ap|pa|fh|hf|in|out)");
    private static final Map<String, String> FLOW_DIRECTIONS = Map.of(
            "rl", "FLOW_DIR_R_TO_L",
            "lr", "FLOW_DIR_L_TO_R",
            "ap", "FLOW_DIR_A_TO_P",
            "pa", "FLOW_DIR_P_TO_A",
            "fh", "FLOW_DIR_F_TO_H",
            "hf", "FLOW_DIR_H_TO_F",
            "in", "FLOW_DIR_TP_IN",
            "out", "FLOW_DIR_TP_OUT");
    private static final Map<String, Integer> TYPES = Map.of(
            "M", ImageType.MAGNITUDE,
            "P", ImageType.PHASE,
            "R", ImageType.REAL,
            "I", ImageType.IMAGINARY);
    private static final int MAX_16 = 0xffff;
    private static final double MAX_32 = 0xffff_ffffL;

    private ImageFromDicom() {}

    /** What the header says of the image itself, whatever other images there are. */
    static ImageHeaderBuilder head(DataSet from) throws DicomFormatException {
        PixelLayout layout = PixelLayout.of(from);
        ImageHeaderBuilder head = ImageHeader.builder()
                .pixelType(layout.type())
                .matrix(layout.columns(), layout.rows(), 1)
                .channels(layout.samples())
                .imageType(imageType(from, layout))
                .fieldOfViewMm(fieldOfView(from, layout))
                .acquisitionTimeStamp(ticks(from))
                .imageIndex(Math.max(
                        0,
                        Math.min(MAX_16, from.integer(Attribute.InstanceNumber).orElse(0))));
        double[] position = from.decimals(Attribute.ImagePositionPatient);
        if (areFinite(position, 3)) {
            head.positionMm(vector(position, 0));
        }
        double[] orientation = from.decimals(Attribute.ImageOrientationPatient);
        if (areFinite(orientation, 6)) {
            head.readDirection(vector(orientation, 0))
                    .phaseDirection(vector(orientation, 3))
                    .sliceDirection(normal(orientation));
        }
        from.decimal(Attribute.TriggerTime).ifPresent(ms -> head.physiologyTimeStamp(List.of(ticks(ms), 0L, 0L)));
        return head;
    }

    private static int imageType(DataSet from, PixelLayout layout) {
        if (layout.samples() == 3) {
            return ImageType.RGB;
        }
        List<String> values = from.texts(Attribute.ImageType);
        return values.size() < 3 ? ImageType.MAGNITUDE : TYPES.getOrDefault(values.get(2), ImageType.MAGNITUDE);
    }

    private static Vector3 fieldOfView(DataSet from, PixelLayout layout) {
        double[] spacing = from.decimals(Attribute.PixelSpacing);
        boolean known = areFinite(spacing, 2);
        return new Vector3(
                known ? (float) (spacing[0] * layout.rows()) : 0,
                known ? (float) (spacing[1] * layout.columns()) : 0,
                (float) from.decimal(Attribute.SliceThickness).orElse(0));
    }

    private static boolean areFinite(double[] values, int count) {
        boolean all = values.length == count;
        for (double value : values) {
            all &= Double.isFinite(value);
        }
        return all;
    }

    private static Vector3 vector(double[] values, int from) {
        return new Vector3((float) values[from], (float) values[from + 1], (float) values[from + 2]);
    }

    /** The direction across the image: that of a row x that of a column. */
    static Vector3 normal(double[] o) {
        double x = o[1] * o[5] - o[2] * o[4];
        double y = o[2] * o[3] - o[0] * o[5];
        double z = o[0] * o[4] - o[1] * o[3];
        return new Vector3((float) (x + 0.0), (float) (y + 0.0), (float) (z + 0.0)); // -0 becomes 0
    }

    /** Of AcquisitionTime, since midnight. */
    private static long ticks(DataSet from) {
        Matcher time = TIME.matcher(from.text(Attribute.AcquisitionTime).orElse(""));
        if (!time.matches()) {
            return 0;
        }
        double seconds = 3600 * Integer.parseInt(time.group(1))
                + 60 * Integer.parseInt(time.group(2))
                + Double.parseDouble(time.group(3));
        return ticks(seconds * 1000);
    }

    private static long ticks(double ms) {
        return (long) Math.max(0, Math.min(MAX_32, Math.rint(ms / TICK_MS)));
    }

    /** Where the plane lies along its normal; nothing if that is not said. */
    static OptionalDouble location(DataSet from) {
        OptionalDouble said = from.decimal(Attribute.SliceLocation);
        double[] position = from.decimals(Attribute.ImagePositionPatient);
        double[] orientation = from.decimals(Attribute.ImageOrientationPatient);
        if (said.isPresent() || !areFinite(position, 3) || !areFinite(orientation, 6)) {
            return said;
        }
        Vector3 normal = normal(orientation);
        double along = position[0] * normal.x() + position[1] * normal.y() + position[2] * normal.z();
        return OptionalDouble.of(Math.rint(along * 1000) / 1000);
    }

    /** The whole image. */
    static Image image(DataSet from, int series, int slice, int phase) throws DicomFormatException {
        byte[] pixels = PixelLayout.of(from).pixels(from);
        return Image.of(
                head(from)
                        .imageSeriesIndex(series)
                        .slice(Math.min(MAX_16, slice))
                        .phase(Math.min(MAX_16, phase)),
                attributes(from, pixels),
                pixels);
    }

    private static MetaAttributes attributes(DataSet from, byte[] pixels) {
        MetaAttributes to = new MetaAttributes();
        Matcher flow = FLOW.matcher(from.text(Attribute.SequenceName).orElse(""));
        if (flow.find()) {
            to.set("FlowVelocity", Double.toString(Double.parseDouble(flow.group(1))));
            to.set("FlowDirDisplay", FLOW_DIRECTIONS.get(flow.group(2)));
        }
        put(to, "ImageComments", from.text(Attribute.ImageComments));
        put(to, "SequenceDescription", from.text(Attribute.SeriesDescription));
        OptionalDouble center = from.decimal(Attribute.WindowCenter);
        OptionalDouble width = from.decimal(Attribute.WindowWidth);
        boolean storedValues = from.decimal(Attribute.RescaleSlope).orElse(1) == 1
                && from.decimal(Attribute.RescaleIntercept).orElse(0) == 0;
        if (center.isPresent() && width.isPresent() && storedValues) {
            to.set("WindowCenter", DecimalString.of(center.getAsDouble()));
            to.set("WindowWidth", DecimalString.of(width.getAsDouble()));
        }
        String json = DicomJson.write(from);
        to.set(JSON, Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8)));
        to.set(DIGEST, digest(pixels));
        return to;
    }

    private static void put(MetaAttributes to, String name, Optional<String> text) {
        text.ifPresent(value -> to.set(name, value));
    }

    static String digest(byte[] pixels) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(pixels));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
