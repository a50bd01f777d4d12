package recon.mrd.recon;

import java.util.Optional;
import recon.mrd.format.AcquisitionHeader;

/**
 * Prewhitening of the receiver noise: with the noise covariance {@code psi = L L^H} (Cholesky) the coils' samples {@code
 * d} become {@code sqrt(2 * b * t_data / t_noise) * inverse(L) * d}, where {@code t} is the time of one sample and
 * {@code b} the relative bandwidth of the receiver's noise. The factor is that of Gadgetron's NoiseAdjustGadget and of
 * {@code calculate_prewhitening} of ismrmrd-python-tools: real and imaginary part then have a standard deviation of 1 in
 * every coil, so that images are in units of signal to noise (Kellman and McVeigh, Magn Reson Med 54:1439, 2005).
 *
 * <p>Immutable.
 */
final class Whitening {
    /** A coil of which less than this part is not the noise of the others cannot be told from them. */
    private static final double SMALLEST_PART = 1e-10;

    private final double[][] rows;
    private final double noiseSampleTimeUs;

    private Whitening(double[][] rows, double noiseSampleTimeUs) {
        this.rows = rows;
        this.noiseSampleTimeUs = noiseSampleTimeUs;
    }

    /**
     * @param psi lower triangle of the covariance, row by row, re/im; used up
     * @return empty if it is not positive definite
     */
    static Optional<Whitening> of(double[][] psi, double noiseSampleTimeUs, double relativeBandwidth) {
        if (!factorise(psi)) {
            return Optional.empty();
        }
        double[][] rows = inverse(psi);
        double scale = Math.sqrt(2 * relativeBandwidth);
        for (double[] row : rows) {
            for (int k = 0; k < row.length; k++) {
                row[k] *= scale;
            }
        }
        return Optional.of(new Whitening(rows, noiseSampleTimeUs));
    }

    int coils() {
        return rows.length;
    }

    /** How the coils up to this one add to it, re/im; to be multiplied by {@link #factor}. */
    double[] row(int coil) {
        return rows[coil];
    }

    /** {@code sqrt(t_data / t_noise)}; 1 if one of the times is not known. */
    double factor(AcquisitionHeader data) {
        double ratio = data.sampleTimeUs() / noiseSampleTimeUs;
        return ratio > 0 && Double.isFinite(ratio) ? Math.sqrt(ratio) : 1;
    }

    /** Cholesky, in place: {@code L} takes the place of the lower triangle. */
    private static boolean factorise(double[][] a) {
        for (int j = 0; j < a.length; j++) {
            double whole = a[j][2 * j];
            double left = whole;
            for (int k = 0; k < 2 * j; k++) {
                left -= a[j][k] * a[j][k];
            }
            if (!(left > SMALLEST_PART * whole) || Double.isInfinite(left)) {
                return false;
            }
            double pivot = Math.sqrt(left);
            a[j][2 * j] = pivot;
            a[j][2 * j + 1] = 0;
            for (int i = j + 1; i < a.length; i++) {
                double real = a[i][2 * j];
                double imaginary = a[i][2 * j + 1];
                for (int k = 0; k < j; k++) {
                    double re = a[j][2 * k];
                    double im = a[j][2 * k + 1];
                    real -= a[i][2 * k] * re + a[i][2 * k + 1] * im;
                    imaginary -= a[i][2 * k + 1] * re - a[i][2 * k] * im;
                }
                a[i][2 * j] = real / pivot;
                a[i][2 * j + 1] = imaginary / pivot;
            }
        }
        return true;
    }

    /** Of a lower triangle whose diagonal is real. */
    private static double[][] inverse(double[][] lower) {
        double[][] inverse = new double[lower.length][];
        for (int i = 0; i < lower.length; i++) {
            inverse[i] = new double[2 * (i + 1)];
            double pivot = lower[i][2 * i];
            inverse[i][2 * i] = 1 / pivot;
            for (int j = 0; j < i; j++) {
                double real = 0;
                double imaginary = 0;
                for (int k = j; k < i; k++) {
                    double re = inverse[k][2 * j];
                    double im = inverse[k][2 * j + 1];
                    real -= lower[i][2 * k] * re - lower[i][2 * k + 1] * im;
                    imaginary -= lower[i][2 * k] * im + lower[i][2 * k + 1] * re;
                }
                inverse[i][2 * j] = real / pivot;
                inverse[i][2 * j + 1] = imaginary / pivot;
            }
        }
        return inverse;
    }
}
