package recon.mrd.recon;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.MrdException;

/**
 * The readouts of one image, each prewhitened, transformed along x and freed of its oversampling, summed by line. {@link
 * #magnitude()} does the rest. The coils are worked on side by side, a few readouts at a time. Not for use by several
 * threads.
 */
final class KSpace {
    /** Readouts that wait to be transformed together. */
    static final int WAITING = 32;

    private final Geometry geometry;
    private final int coils;
    private final int width;
    private final Optional<Whitening> whitening;
    private final float[][] lines;
    private final int[] averages;
    private final CenteredFft[] alongX;
    private final List<Placed> waiting = new ArrayList<>(WAITING);

    /**
     * A readout and where it belongs.
     *
     * @param row of the grid
     * @param first sample that is kept
     * @param end of the samples that are kept
     * @param shift from the index of a sample to its index in the encoded matrix
     */
    private record Placed(Acquisition acquisition, int row, int first, int end, int shift) {}

    KSpace(Geometry geometry, int coils, Optional<Whitening> whitening) {
        this.geometry = geometry;
        this.coils = coils;
        this.width = geometry.x().output();
        this.whitening = whitening;
        this.lines = new float[coils][(int) geometry.coilFloats()];
        this.averages = new int[geometry.y().grid() * geometry.z().grid()];
        this.alongX = new CenteredFft[coils];
        CenteredFft one = new CenteredFft(geometry.x().grid());
        Arrays.setAll(alongX, coil -> one.forAnotherThread());
    }

    /**
     * The same readouts as the partition 0 of a volume.
     *
     * @param volume whose x and y are those of this image
     */
    KSpace asVolume(Geometry volume) {
        transform();
        KSpace grown = new KSpace(volume, coils, whitening);
        int partition = volume.z().gridIndex(volume.z().encodedIndex(0));
        if (partition >= 0 && partition < volume.z().grid()) {
            System.arraycopy(averages, 0, grown.averages, partition * averages.length, averages.length);
            for (int coil = 0; coil < coils; coil++) {
                int floats = lines[coil].length;
                System.arraycopy(lines[coil], 0, grown.lines[coil], partition * floats, floats);
            }
        }
        return grown;
    }

    /**
     * Adds a readout to its line.
     *
     * @param number of the readout in its file or session, for messages
     * @throws MrdException if it does not fit into the encoded matrix, or has another number of coils
     */
    void add(long number, Acquisition acquisition) throws MrdException {
        AcquisitionHeader head = acquisition.head();
        if (head.activeChannels() != coils) {
            throw new MrdException("acquisition " + number + " has " + head.activeChannels()
                    + " channels where the image began with " + coils);
        }
        int y = line(number, "kspace_encode_step_1", head.idx().kspaceEncodeStep1(), geometry.y());
        int z = geometry.z().encoded() == 1
                ? 0
                : line(number, "kspace_encode_step_2", head.idx().kspaceEncodeStep2(), geometry.z());
        if (y < 0 || y >= geometry.y().grid() || z < 0 || z >= geometry.z().grid()) {
            return; // beyond the resolution that the header asks for
        }
        int row = z * geometry.y().grid() + y;
        averages[row]++;
        waiting.add(placed(number, acquisition, row));
        if (waiting.size() == WAITING) {
            transform();
        }
    }

    /** How many lines there are readouts of. */
    int lines() {
        return (int) Arrays.stream(averages).filter(count -> count > 0).count();
    }

    private static int line(long number, String counter, int value, Axis axis) throws MrdException {
        int index = axis.encodedIndex(value);
        if (index < 0 || index >= axis.encoded()) {
            throw new MrdException("acquisition " + number + ": " + counter + " " + value + ", with " + axis.center()
                    + " at the centre, lies outside the encoded matrix of " + axis.encoded() + " lines");
        }
        return axis.gridIndex(index);
    }

    /**
     * Finds the sample at the centre of k-space, which goes to the centre of the grid. A reversed readout is turned round
     * first; {@code center_sample} counts in the turned order, as the converters of the vendors' data write it.
     */
    private Placed placed(long number, Acquisition acquisition, int row) throws MrdException {
        AcquisitionHeader head = acquisition.head();
        Axis axis = geometry.x();
        boolean reverse = head.has(AcquisitionFlag.REVERSE);
        int samples = head.numberOfSamples();
        int first = reverse ? head.discardPost() : head.discardPre();
        int end = samples - (reverse ? head.discardPre() : head.discardPost());
        // 0 says that the writer did not know, for a Cartesian readout does not begin at the centre.
        int center = head.centerSample() == 0 ? samples / 2 : head.centerSample();
        int shift = axis.encoded() / 2 - center;
        if (end - first == axis.encoded()) {
            shift = -first; // a full line
        }
        if (end <= first || first + shift < 0 || end + shift > axis.encoded()) {
            throw new MrdException("acquisition " + number + ": samples " + first + " to " + (end - 1)
                    + " around sample " + center + " do not fit into the encoded matrix of " + axis.encoded());
        }
        return new Placed(acquisition, row, first, end, shift);
    }

    private void transform() {
        IntStream.range(0, coils).parallel().forEach(this::transform);
        waiting.clear();
    }

    private void transform(int coil) {
        double[] readout = new double[2 * geometry.x().grid()];
        for (Placed line : waiting) {
            Arrays.fill(readout, 0);
            if (whitening.isPresent()) {
                double[] weights = whitening.get().row(coil);
                double factor = whitening.get().factor(line.acquisition().head());
                for (int other = 0; other <= coil; other++) {
                    load(line, other, factor * weights[2 * other], factor * weights[2 * other + 1], readout);
                }
            } else {
                load(line, coil, 1, 0, readout);
            }
            alongX[coil].inverse(readout, 0, 1);
            float[] target = lines[coil];
            int from = 2 * geometry.x().outputStart();
            for (int i = 0, to = 2 * width * line.row(); i < 2 * width; i++, to++) {
                target[to] += (float) readout[from + i];
            }
        }
    }

    /** Adds one coil's samples, times a complex weight, to a line of the grid. */
    private void load(Placed line, int coil, double real, double imaginary, double[] readout) {
        AcquisitionHeader head = line.acquisition().head();
        float[] data = line.acquisition().data();
        int samples = head.numberOfSamples();
        boolean reverse = head.has(AcquisitionFlag.REVERSE);
        int offset = geometry.x().gridIndex(line.shift());
        int first = Math.max(line.first(), -offset);
        int end = Math.min(line.end(), geometry.x().grid() - offset);
        for (int i = first, to = 2 * (first + offset); i < end; i++, to += 2) {
            int from = 2 * (coil * samples + (reverse ? samples - 1 - i : i));
            readout[to] += real * data[from] - imaginary * data[from + 1];
            readout[to + 1] += real * data[from + 1] + imaginary * data[from];
        }
    }

    /** The root of the sum of squares over the coils: x fastest, then y, then z, in the size of the output. */
    float[] magnitude() {
        transform();
        Axis y = geometry.y();
        Axis z = geometry.z();
        CenteredFft alongY = new CenteredFft(y.grid());
        CenteredFft alongZ = new CenteredFft(z.grid());
        float[] magnitude = new float[width * y.output() * z.output()];
        int workers = Geometry.workers();
        IntStream.range(0, workers).parallel().forEach(worker -> {
            Columns columns = new Columns(alongY.forAnotherThread(), alongZ.forAnotherThread());
            int step = geometry.columnsAtOnce();
            for (int first = worker * step; first < width; first += workers * step) {
                columns.magnitude(first, Math.min(step, width - first), magnitude);
            }
        });
        return magnitude;
    }

    /** Some neighbouring columns of all lines of a coil after the other; every column is on its own now. */
    private final class Columns {
        private final CenteredFft alongY;
        private final CenteredFft alongZ;
        private final double[] volume = new double[2 * geometry.columnsAtOnce() * averages.length];
        private final double[] power = new double
                [geometry.columnsAtOnce() * geometry.y().output() * geometry.z().output()];

        Columns(CenteredFft alongY, CenteredFft alongZ) {
            this.alongY = alongY;
            this.alongZ = alongZ;
        }

        void magnitude(int first, int count, float[] magnitude) {
            Arrays.fill(power, 0);
            for (float[] coil : lines) {
                load(coil, first, count);
                transform(count);
                addPower(count);
            }
            int rows = geometry.y().output() * geometry.z().output();
            for (int row = 0; row < rows; row++) {
                for (int x = 0; x < count; x++) {
                    magnitude[row * width + first + x] = (float) Math.sqrt(power[row * count + x]);
                }
            }
        }

        private void load(float[] coil, int first, int count) {
            for (int row = 0, to = 0; row < averages.length; row++) {
                double weight = averages[row] == 0 ? 0 : 1.0 / averages[row];
                int from = 2 * (width * row + first);
                for (int i = from; i < from + 2 * count; i++, to++) {
                    volume[to] = coil[i] * weight;
                }
            }
        }

        private void transform(int count) {
            int lines = geometry.y().grid();
            int planes = geometry.z().grid();
            for (int plane = 0; plane < planes; plane++) {
                for (int x = 0; x < count; x++) {
                    alongY.inverse(volume, plane * lines * count + x, count);
                }
            }
            if (planes > 1) {
                for (int at = 0; at < lines * count; at++) {
                    alongZ.inverse(volume, at, lines * count);
                }
            }
        }

        private void addPower(int count) {
            Axis y = geometry.y();
            Axis z = geometry.z();
            int to = 0;
            for (int k = z.outputStart(); k < z.outputStart() + z.output(); k++) {
                for (int j = y.outputStart(); j < y.outputStart() + y.output(); j++) {
                    int from = 2 * count * (k * y.grid() + j);
                    for (int i = 0; i < count; i++, to++, from += 2) {
                        power[to] += volume[from] * volume[from] + volume[from + 1] * volume[from + 1];
                    }
                }
            }
        }
    }
}
