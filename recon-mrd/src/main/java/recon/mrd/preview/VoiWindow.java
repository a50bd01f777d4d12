package recon.mrd.preview;

/**
 * The linear VOI function of PS3.3 C.11.2.1.2.1 from modality values to grey values 0..255.
 *
 * @param width at least 1; 1 makes a threshold
 */
record VoiWindow(double center, double width) {
    private static final int MAX_GREY = 255;

    VoiWindow {
        if (!Double.isFinite(center) || !(width >= 1)) {
            throw new IllegalArgumentException("window center " + center + " and width " + width + " are no window");
        }
    }

    /** The narrowest window that shows all values from low to high, low as black and high as white. */
    static VoiWindow covering(double low, double high) {
        // The function is black at center - 0.5 - (width - 1) / 2 and white at center - 0.5 + (width - 1) / 2.
        return new VoiWindow((low + high) / 2 + 0.5, Math.max(0, high - low) + 1);
    }

    int grey(double value) {
        double half = (width - 1) / 2;
        if (value <= center - 0.5 - half) {
            return 0;
        }
        if (value > center - 0.5 + half) {
            return MAX_GREY;
        }
        return (int) Math.rint(((value - (center - 0.5)) / (width - 1) + 0.5) * MAX_GREY);
    }
}
