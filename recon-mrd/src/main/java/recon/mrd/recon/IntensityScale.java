package recon.mrd.recon;

/**
 * Maps the magnitudes of a series to unsigned integers, the largest of the series to the largest integer. Create it from
 * the maximum over all images of the series.
 *
 * @param factor what a magnitude is multiplied by
 * @param bits 1 to 16
 */
public record IntensityScale(double factor, int bits) {
    public IntensityScale {
        if (bits < 1 || bits > Short.SIZE) {
            throw new IllegalArgumentException("bits " + bits + " is outside 1.." + Short.SIZE);
        }
        if (!(factor >= 0) || Double.isInfinite(factor)) {
            throw new IllegalArgumentException("scale factor " + factor + " is not a finite number from 0 up");
        }
    }

    /**
     * The scale that maps {@code maximum} to {@code 2^bits - 1}; a series of zeros stays zero.
     *
     * @param maximum largest magnitude of all images of the series
     */
    public static IntensityScale toBits(float maximum, int bits) {
        if (!(maximum >= 0) || Float.isInfinite(maximum)) {
            throw new IllegalArgumentException("maximum " + maximum + " is not a finite number from 0 up");
        }
        return new IntensityScale(maximum == 0 ? 0 : ((1 << bits) - 1) / (double) maximum, bits);
    }

    /** The pixels in the order of {@link ReconImage#magnitude()}, unsigned, rounded half to even. */
    public short[] apply(ReconImage image) {
        float[] from = image.magnitude();
        short[] scaled = new short[from.length];
        int top = (1 << bits) - 1;
        for (int i = 0; i < from.length; i++) {
            scaled[i] = (short) Math.min(top, (int) Math.rint(from[i] * factor));
        }
        return scaled;
    }
}
