package recon.mrd.recon;

import org.jtransforms.fft.DoubleFFT_1D;

/**
 * Discrete Fourier transform of one length with the origin at element {@code n / 2} on both sides, and scaled by {@code
 * 1 / sqrt(n)}, so that energy is kept. Right for even and odd lengths. Not for use by several threads.
 */
public final class CenteredFft {
    private final int n;
    private final DoubleFFT_1D fft;
    private final double[] scratch;
    private final double scale;

    public CenteredFft(int n) {
        this(n, new DoubleFFT_1D(n));
    }

    private CenteredFft(int n, DoubleFFT_1D fft) {
        this.n = n;
        this.fft = fft;
        this.scratch = new double[2 * n];
        this.scale = 1 / Math.sqrt(n);
    }

    /** The same transform for another thread; cheap, for what is computed beforehand is shared. */
    CenteredFft forAnotherThread() {
        return new CenteredFft(n, fft);
    }

    /** From image to k-space, with {@code exp(-i 2 pi k x / n)}. */
    public void forward(double[] data, int start, int stride) {
        load(data, start, stride);
        fft.complexForward(scratch);
        store(data, start, stride);
    }

    /**
     * From k-space to image, with {@code exp(+i 2 pi k x / n)}.
     *
     * @param data re/im interleaved
     * @param start index of the first complex element
     * @param stride distance between neighbours, in complex elements
     */
    public void inverse(double[] data, int start, int stride) {
        load(data, start, stride);
        fft.complexInverse(scratch, false);
        store(data, start, stride);
    }

    /** Brings the centre to the front: a roll by -floor(n / 2). */
    private void load(double[] data, int start, int stride) {
        for (int i = 0, from = n / 2; i < n; i++, from++) {
            if (from == n) {
                from = 0;
            }
            int at = 2 * (start + from * stride);
            scratch[2 * i] = data[at];
            scratch[2 * i + 1] = data[at + 1];
        }
    }

    /** Brings the front to the centre: a roll by +floor(n / 2). */
    private void store(double[] data, int start, int stride) {
        for (int i = 0, to = n / 2; i < n; i++, to++) {
            if (to == n) {
                to = 0;
            }
            int at = 2 * (start + to * stride);
            data[at] = scale * scratch[2 * i];
            data[at + 1] = scale * scratch[2 * i + 1];
        }
    }
}
