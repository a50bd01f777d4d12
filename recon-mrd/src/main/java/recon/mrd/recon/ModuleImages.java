package recon.mrd.recon;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageType;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.MrdHeader.Encoding;
import recon.mrd.format.MrdHeader.Space;
import recon.mrd.format.Vector3;

/** What the images of several modules have in common. */
final class ModuleImages {
    private static final long DEFAULT_BITS_STORED = 12;

    private ModuleImages() {}

    /** The largest pixel: 4095, unless the header says that other than 12 bits are stored. */
    static int largestPixel(Optional<MrdHeader> header) {
        long bits = header.map(some -> some.user().longs().get("BitsStored")).orElse(DEFAULT_BITS_STORED);
        return (1 << Math.max(1, Math.min(bits, 16))) - 1;
    }

    /** Whether it says that it is a magnitude, or nothing. */
    static boolean isMagnitude(Image image) {
        int type = image.head().imageType();
        return type == ImageType.MAGNITUDE || type == ImageType.UNKNOWN;
    }

    /** An image that goes back as it came. */
    static Image kept(Image image) throws MrdException {
        MetaAttributes attributes = MetaAttributes.parse(image.attributes()).set("Keep_image_geometry", "1");
        return Image.of(image.head().toBuilder(), attributes, image.pixels());
    }

    static Optional<Space> reconSpace(Optional<MrdHeader> header) {
        return header.flatMap(some -> some.encodings().stream().findFirst()).map(Encoding::reconSpace);
    }

    /** Says how the image lies in the patient, unless that is said already. */
    static void addDirections(MetaAttributes attributes, ImageHeader head) {
        if (!attributes.has("ImageRowDir")) {
            attributes.set("ImageRowDir", direction(head.readDirection()));
        }
        if (!attributes.has("ImageColumnDir")) {
            attributes.set("ImageColumnDir", direction(head.phaseDirection()));
        }
    }

    private static String[] direction(Vector3 direction) {
        return new String[] {fixed(direction.x(), 18), fixed(direction.y(), 18), fixed(direction.z(), 18)};
    }

    /** With so many digits behind the point, of what the number is exactly; what is below 0 keeps its sign, as in C. */
    static String fixed(double value, int digits) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        boolean negative = Math.copySign(1, value) < 0;
        BigDecimal size = new BigDecimal(Math.abs(value)).setScale(digits, RoundingMode.HALF_EVEN);
        return (negative ? "-" : "") + size.toPlainString();
    }

    static Vector3 fieldOfView(Space space) {
        return new Vector3(
                (float) space.fieldOfViewXMm(), (float) space.fieldOfViewYMm(), (float) space.fieldOfViewZMm());
    }

    /** The window that shows everything from 0 to the largest pixel. */
    static void addWindow(MetaAttributes attributes, int largestPixel) {
        attributes.set("WindowCenter", String.format(Locale.ROOT, "%.1f", (largestPixel + 1) / 2.0));
        attributes.set("WindowWidth", Integer.toString(largestPixel + 1));
    }
}
