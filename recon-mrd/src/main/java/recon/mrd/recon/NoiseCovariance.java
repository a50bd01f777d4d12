package recon.mrd.recon;

import java.util.Optional;
import java.util.OptionalInt;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionHeader;

/**
 * How the noise of the coils hangs together: {@code psi[i][j] = sum(n_i * conj(n_j)) / (samples - 1)} over all samples of
 * the noise scans, whose mean is taken for 0. Takes the same memory however many scans there are. Not for use by several
 * threads.
 */
final class NoiseCovariance {
    /** As many as the channel mask of an acquisition's header names. */
    private static final int MAX_COILS = 1024;

    private int coils;
    /** Sums of the lower triangle, row by row, re/im. */
    private double[][] sums = new double[0][];

    private long samples;
    private double sampleTimeUs;

    /** Adds a noise scan; those of another number of coils than the first are passed over. */
    void add(Acquisition scan) {
        AcquisitionHeader head = scan.head();
        int first = head.discardPre();
        int end = head.numberOfSamples() - head.discardPost();
        if (end <= first || head.activeChannels() > MAX_COILS || head.activeChannels() == 0) {
            return;
        }
        if (coils == 0) {
            coils = head.activeChannels();
            sampleTimeUs = head.sampleTimeUs();
            sums = new double[coils][];
            for (int i = 0; i < coils; i++) {
                sums[i] = new double[2 * (i + 1)];
            }
        }
        if (head.activeChannels() != coils) {
            return;
        }
        samples += end - first;
        for (int i = 0; i < coils; i++) {
            for (int j = 0; j <= i; j++) {
                addProduct(scan.data(), head.numberOfSamples(), i, j, first, end);
            }
        }
    }

    private void addProduct(float[] data, int stride, int i, int j, int first, int end) {
        double real = 0;
        double imaginary = 0;
        for (int sample = first; sample < end; sample++) {
            int a = 2 * (i * stride + sample);
            int b = 2 * (j * stride + sample);
            real += (double) data[a] * data[b] + (double) data[a + 1] * data[b + 1];
            imaginary += (double) data[a + 1] * data[b] - (double) data[a] * data[b + 1];
        }
        sums[i][2 * j] += real;
        sums[i][2 * j + 1] += imaginary;
    }

    /** Coils of the noise scans; empty if there was none. */
    OptionalInt coils() {
        return coils == 0 ? OptionalInt.empty() : OptionalInt.of(coils);
    }

    /**
     * What makes the noise of all coils equal and independent.
     *
     * @param relativeBandwidth of the noise that the receiver lets through, 1 if nothing is known
     * @return empty if the covariance is not positive definite: too few samples, or a coil that is silent or a copy
     */
    Optional<Whitening> whitening(double relativeBandwidth) {
        double[][] psi = new double[coils][];
        for (int i = 0; i < coils; i++) {
            psi[i] = sums[i].clone();
            for (int k = 0; k < psi[i].length; k++) {
                psi[i][k] /= Math.max(1, samples - 1);
            }
        }
        return Whitening.of(psi, sampleTimeUs, relativeBandwidth);
    }
}
