package recon.mrd.phantom;

import java.time.LocalDateTime;
import java.util.OptionalLong;

/**
 * What raw data to make.
 *
 * @param matrix rows and columns of the image, 8 to 1024
 * @param coils 1 to 128
 * @param oversampling of the readout, 1 to 8
 * @param repetitions 1 to 65535, all of the same object with new noise
 * @param acceleration 1 to 16; a repetition has every so-manieth line, and the next one begins one line later
 * @param slices 1 to 256, 5 mm apart along z; the object is smaller towards the ends
 * @param noiseSigma standard deviation of real and imaginary part, 0 and up; the object is 1 at most
 * @param noiseScans readouts of noise alone in front of the data
 * @param seed makes the noise the same each time
 * @param time when the measurement began
 */
public record PhantomOptions(
        int matrix,
        int coils,
        int oversampling,
        int repetitions,
        int acceleration,
        int slices,
        double noiseSigma,
        int noiseScans,
        OptionalLong seed,
        LocalDateTime time) {

    /** Noise scans of the usual calibration. */
    public static final int USUAL_NOISE_SCANS = 32;

    public PhantomOptions {
        check("matrix", matrix, 8, 1024);
        check("coils", coils, 1, 128);
        check("oversampling", oversampling, 1, 8);
        check("repetitions", repetitions, 1, 65535);
        check("acceleration", acceleration, 1, 16);
        check("repetitions times acceleration", (long) repetitions * acceleration, 1, 65535);
        check("slices", slices, 1, 256);
        check("noise scans", noiseScans, 0, 65535);
        if (!(noiseSigma >= 0) || Double.isInfinite(noiseSigma)) {
            throw new IllegalArgumentException("noise " + noiseSigma + " is not a finite number from 0 up");
        }
    }

    /** 256 x 256, 8 coils, readout oversampled twice, one repetition and slice, noise 0.05 with 32 scans of it. */
    public static PhantomOptions defaults(LocalDateTime time) {
        return new PhantomOptions(256, 8, 2, 1, 1, 1, 0.05, USUAL_NOISE_SCANS, OptionalLong.empty(), time);
    }

    private static void check(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " " + value + " is outside " + min + ".." + max);
        }
    }
}
