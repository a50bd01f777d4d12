package recon.mrd.recon;

import java.util.Optional;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader.Counter;
import recon.mrd.format.MrdHeader.Encoding;
import recon.mrd.format.MrdHeader.Limit;
import recon.mrd.format.MrdHeader.Space;

/** The three directions of an image: x along the readout, y and z along the phase encodings. */
record Geometry(Axis x, Axis y, Axis z) {
    /** Columns that are transformed together: their samples of a line fill a cache line. */
    private static final int COLUMNS = 8;

    /** Columns are transformed on so many threads. */
    static int workers() {
        return Runtime.getRuntime().availableProcessors();
    }

    /**
     * Plans an image.
     *
     * @param maxStep2 largest kspace_encode_step_2 of its readouts
     */
    static Geometry of(Encoding encoding, int maxStep2) throws MrdException {
        Space from = encoding.encodedSpace();
        Space to = encoding.reconSpace();
        Optional<Limit> step2 = encoding.limit(Counter.KSPACE_ENCODING_STEP_2);
        // Some writers give the number of 2D slices as z of the matrix: only what is encoded in z is a volume.
        boolean volume =
                from.z() > 1 && (maxStep2 > 0 || step2.map(Limit::maximum).orElse(0) > 0);
        return new Geometry(
                Axis.of("x", from.x(), from.fieldOfViewXMm(), to.x(), to.fieldOfViewXMm(), Optional.empty()),
                Axis.of(
                        "y",
                        from.y(),
                        from.fieldOfViewYMm(),
                        to.y(),
                        to.fieldOfViewYMm(),
                        encoding.limit(Counter.KSPACE_ENCODING_STEP_1)),
                volume
                        ? Axis.of("z", from.z(), from.fieldOfViewZMm(), to.z(), to.fieldOfViewZMm(), step2)
                        : Axis.single(to.fieldOfViewZMm() / Math.max(1, to.z())));
    }

    /** How many neighbouring columns are transformed together. */
    int columnsAtOnce() {
        return Math.min(COLUMNS, x.output());
    }

    /** Whether more than one partition is encoded. */
    boolean isVolume() {
        return z.encoded() > 1;
    }

    /** How many lines of k-space are measured of what the image is made of; 0 if the limits do not tell. */
    int measuredLines(Encoding encoding) {
        int lines = encoding.limit(Counter.KSPACE_ENCODING_STEP_1).map(y::lines).orElse(0);
        return isVolume()
                ? lines
                        * encoding.limit(Counter.KSPACE_ENCODING_STEP_2)
                                .map(z::lines)
                                .orElse(0)
                : lines;
    }

    /** Bytes that making the image takes with this many coils. */
    long memoryBytes(int coils) {
        double rows = (double) y.grid() * z.grid();
        double waiting = (double) KSpace.WAITING * x.encoded() * 2 * Float.BYTES * coils;
        double hybrid = rows * x.output() * 2 * Float.BYTES * coils;
        double columns = (double) workers() * columnsAtOnce() * rows * 3 * Double.BYTES;
        return (long) Math.min(Long.MAX_VALUE, waiting + hybrid + columns + resultBytes());
    }

    /** Of these, those that the finished image takes until it has left: magnitudes, and what is sent of them. */
    long resultBytes() {
        return (long) ((double) x.output() * y.output() * z.output() * 2 * Float.BYTES);
    }

    /** Floats of one coil's data, which must fit into one array. */
    double coilFloats() {
        return 2.0 * x.output() * y.grid() * z.grid();
    }
}
