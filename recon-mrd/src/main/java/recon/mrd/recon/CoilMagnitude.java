package recon.mrd.recon;

import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.jtransforms.fft.DoubleFFT_1D;

/**
 * The root of the sum of squares over the coils of the inverse Fourier transform of a plane of k-space, in double
 * precision and without a factor in front. Only the magnitude is asked for, so that the origin of k-space, which is in the
 * middle, need not be moved to the front: that changes the phase alone. Coils are transformed side by side; planes of
 * several sessions one after the other, unless there are more cores than coils, for they would drive each other out of the
 * caches.
 *
 * <p>Thread-safe. One object serves one size.
 */
final class CoilMagnitude {
    /** Lines transformed before they are turned, so that whole cache lines are written. */
    private static final int BLOCK_LINES = 8;

    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final Semaphore FREE_CORES = new Semaphore(CORES, true);

    private final int samples;
    private final int lines;
    private final DoubleFFT_1D alongReadout;
    private final DoubleFFT_1D alongLines;

    /** Puts one line of one coil, re/im interleaved, at the start of an array. */
    @FunctionalInterface
    interface Source {
        void load(int coil, int line, double[] into);
    }

    /**
     * @param samples of a line, at least 1
     * @param lines at least 1
     */
    CoilMagnitude(int samples, int lines) {
        this.samples = samples;
        this.lines = lines;
        this.alongReadout = new DoubleFFT_1D(samples);
        this.alongLines = new DoubleFFT_1D(lines);
    }

    int samples() {
        return samples;
    }

    int lines() {
        return lines;
    }

    /**
     * Transforms all coils, when it is their turn.
     *
     * @return {@code [sample][line]}, line fastest, the origin at the front: whoever reads it moves it to the middle
     */
    double[] of(int coils, Source source) throws InterruptedException {
        double[][] power = new double[coils][];
        int cores = Math.min(coils, CORES);
        FREE_CORES.acquire(cores);
        try {
            IntStream.range(0, coils).parallel().forEach(coil -> power[coil] = power(coil, source));
        } finally {
            FREE_CORES.release(cores);
        }
        double[] sum = power[0];
        for (int coil = 1; coil < coils; coil++) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += power[coil][i];
            }
        }
        Arrays.setAll(sum, i -> Math.sqrt(sum[i]));
        return sum;
    }

    private double[] power(int coil, Source source) {
        double[] turned = new double[2 * samples * lines];
        double[][] block = new double[Math.min(BLOCK_LINES, lines)][2 * samples];
        for (int first = 0; first < lines; first += block.length) {
            int count = Math.min(block.length, lines - first);
            for (int line = 0; line < count; line++) {
                source.load(coil, first + line, block[line]);
                alongReadout.complexInverse(block[line], false);
            }
            turn(block, count, turned, first);
        }
        double[] power = new double[samples * lines];
        for (int sample = 0; sample < samples; sample++) {
            alongLines.complexInverse(turned, 2 * sample * lines, false);
            for (int i = sample * lines; i < (sample + 1) * lines; i++) {
                power[i] = turned[2 * i] * turned[2 * i] + turned[2 * i + 1] * turned[2 * i + 1];
            }
        }
        return power;
    }

    private void turn(double[][] block, int count, double[] turned, int first) {
        for (int sample = 0; sample < samples; sample++) {
            int to = 2 * (sample * lines + first);
            for (int line = 0; line < count; line++) {
                turned[to++] = block[line][2 * sample];
                turned[to++] = block[line][2 * sample + 1];
            }
        }
    }
}
