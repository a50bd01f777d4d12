package recon.mrd.recon;

import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.MrdHeader.Encoding;

/**
 * Cartesian k-space to magnitude images, whether it comes from a file or as it is measured: noise of the coils whitened
 * where there are noise scans, lines placed by their counters, averages averaged, 2D or 3D Fourier transform, readout
 * oversampling removed, root of the sum of squares over the coils. Lines that were not sampled are 0; nothing is done
 * about parallel imaging. One object serves one file or session, and sees that its images and what other
 * sessions keep take at most half of the memory. Not for use by several threads.
 */
final class CartesianImages implements AutoCloseable {
    private final MrdHeader header;
    private final boolean prewhiten;
    private final MemoryShare memory;
    private final Warnings warnings;
    private final Set<String> said = new HashSet<>();
    private final NoiseCovariance noise = new NoiseCovariance();
    private Optional<Whitening> whitening = Optional.empty();
    private boolean whiteningIsOld;
    private boolean linesWereMissing;

    /** Is told, once each, what the images lack. */
    @FunctionalInterface
    interface Warnings {
        void accept(String warning) throws IOException;
    }

    CartesianImages(MrdHeader header, boolean prewhiten, MemoryShare memory, Warnings warnings) {
        this.header = header;
        this.prewhiten = prewhiten;
        this.memory = memory;
        this.warnings = warnings;
    }

    static MemoryShare halfOfTheMemory() {
        return MemoryShare.ofMemory(2);
    }

    /** Takes a noise scan, which counts for the images that begin after it. */
    void addNoise(Acquisition scan) {
        if (prewhiten) {
            noise.add(scan);
            whiteningIsOld = true;
        }
    }

    /**
     * Begins an image.
     *
     * @param first of its readouts
     * @param maxStep2 largest kspace_encode_step_2 of its readouts as far as it is known
     * @throws MrdException if it is not Cartesian, or there is no memory for it
     */
    CartesianImage begin(ImageKey key, AcquisitionHeader first, int maxStep2) throws IOException {
        Encoding encoding = encoding(key.encoding());
        Geometry geometry = Geometry.of(encoding, maxStep2);
        reserve(geometry, first.activeChannels());
        if (isUndersampled(encoding)) {
            warn("the data are undersampled (acceleration factor " + encoding.accelerationFactor1() + " x "
                    + encoding.accelerationFactor2() + "): the lines that were not sampled are taken for 0");
        }
        return new CartesianImage(this, key, encoding, first, geometry, whitening(first.activeChannels()));
    }

    private static boolean isUndersampled(Encoding encoding) {
        return (long) encoding.accelerationFactor1() * encoding.accelerationFactor2() > 1;
    }

    /**
     * Warns of the first image that lacks lines although all were measured, as when a scan was cut off.
     *
     * @param measured lines that the header tells of; 0 if it tells of none
     * @param came different lines of which there are readouts
     */
    void expectLines(ImageKey key, int measured, int came) throws IOException {
        if (came < measured && !linesWereMissing && !isUndersampled(encoding(key.encoding()))) {
            linesWereMissing = true;
            warn(key + ": " + came + " of " + measured + " lines came; the others are 0");
        }
    }

    private Encoding encoding(int ref) throws MrdException {
        if (ref >= header.encodings().size()) {
            throw new MrdException("an acquisition refers to encoding " + ref + " but the XML header has "
                    + header.encodings().size());
        }
        Encoding encoding = header.encodings().get(ref);
        if (!encoding.trajectory().equals("cartesian") && !encoding.trajectory().equals("epi")) {
            throw new MrdException("the trajectory is \"" + encoding.trajectory()
                    + "\"; only Cartesian data can be reconstructed here");
        }
        return encoding;
    }

    private Optional<Whitening> whitening(int coils) throws IOException {
        if (noise.coils().isEmpty()) {
            return Optional.empty();
        }
        if (noise.coils().getAsInt() != coils) {
            warn("the noise scans have " + noise.coils().getAsInt() + " channels, the data " + coils
                    + ": the images are made without prewhitening");
            return Optional.empty();
        }
        if (whiteningIsOld) {
            double bandwidth = header.system().relativeReceiverNoiseBandwidth().orElse(1);
            whitening = noise.whitening(bandwidth > 0 && Double.isFinite(bandwidth) ? bandwidth : 1);
            whiteningIsOld = false;
        }
        if (whitening.isEmpty()) {
            warn("the covariance of the noise scans is not positive definite (too few of them, or a channel without"
                    + " noise of its own): the images are made without prewhitening");
        }
        return whitening;
    }

    void warn(String warning) throws IOException {
        if (said.add(warning)) {
            warnings.accept(warning);
        }
    }

    /** Sets memory aside for an image, before it is taken. */
    void reserve(Geometry geometry, int coils) throws MrdException {
        long needed = geometry.memoryBytes(coils);
        if (geometry.coilFloats() > Integer.MAX_VALUE - 8 || !memory.take(needed)) {
            throw new MrdException(String.format(
                    Locale.ROOT,
                    "an image of %d x %d x %d with %d coils needs %d MB, but of the %d MB that are half of Java's memory"
                            + " this session keeps %d MB and others %d MB; give Java more memory (-Xmx)",
                    geometry.x().grid(),
                    geometry.y().grid(),
                    geometry.z().grid(),
                    coils,
                    needed >> 20,
                    memory.mostBytes() >> 20,
                    memory.bytes() >> 20,
                    memory.bytesOfOthers() >> 20));
        }
    }

    void release(long bytes) {
        memory.giveBack(bytes);
    }

    @Override
    public void close() {
        memory.close();
    }
}
