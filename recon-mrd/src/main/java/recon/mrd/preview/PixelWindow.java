package recon.mrd.preview;

import java.util.Optional;
import recon.mrd.format.MetaAttributes;

/** The window that the attributes of an ISMRMRD image ask for. */
final class PixelWindow {
    private PixelWindow() {}

    /** The pixel values to show black and white; empty if the attributes do not say. */
    static Optional<double[]> of(MetaAttributes attributes) {
        try {
            double center = Double.parseDouble(
                    attributes.first("WindowCenter").orElse("").strip());
            double width = Double.parseDouble(
                    attributes.first("WindowWidth").orElse("").strip());
            boolean usable = Double.isFinite(center) && Double.isFinite(width) && width > 0;
            return usable ? Optional.of(new double[] {center - width / 2, center + width / 2}) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
