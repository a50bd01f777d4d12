package recon.mrd.recon;

import java.util.Locale;
import java.util.Optional;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.MetaAttributes;
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
        return new String[] {exact(direction.x()), exact(direction.y()), exact(direction.z())};
    }

    private static String exact(double value) {
        return String.format(Locale.ROOT, "%.18f", value);
    }

    /** The window that shows everything from 0 to the largest pixel. */
    static void addWindow(MetaAttributes attributes, int largestPixel) {
        attributes.set("WindowCenter", String.format(Locale.ROOT, "%.1f", (largestPixel + 1) / 2.0));
        attributes.set("WindowWidth", Integer.toString(largestPixel + 1));
    }
}
