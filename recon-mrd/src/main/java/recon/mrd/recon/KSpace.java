package recon.mrd.recon;

import java.util.Arrays;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.MrdException;

/**
 * The readouts of one image, each transformed along x and freed of its oversampling as it comes, summed by line. {@link
 * #magnitude()} does the rest. Not for use by several threads.
 */
final class KSpace {
    private final Geometry geometry;
    private final int coils;
    private final int width;
    private final float[][] lines;
    private final int[] averages;
    private final CenteredFft alongX;
    private final double[] readout;

    KSpace(Geometry geometry, int coils) {
        this.geometry = geometry;
        this.coils = coils;
        this.width = geometry.x().output();
        this.lines = new float[coils][(int) geometry.coilFloats()];
        this.averages = new int[geometry.y().grid() * geometry.z().grid()];
        this.alongX = new CenteredFft(geometry.x().grid());
        this.readout = new double[2 * geometry.x().grid()];
    }

    /**
     * Adds a readout to its line.
     *
     * @param number of the readout in its file, for messages
     * @throws MrdException if it does not fit into the encoded matrix, or has another number of coils
     */
    void add(int number, Acquisition acquisition) throws MrdException {
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
        for (int coil = 0; coil < coils; coil++) {
            place(number, acquisition, coil);
            alongX.inverse(readout, 0, 1);
            float[] target = lines[coil];
            int from = 2 * geometry.x().outputStart();
            for (int i = 0, to = 2 * width * row; i < 2 * width; i++, to++) {
                target[to] += (float) readout[from + i];
            }
        }
    }

    private static int line(int number, String counter, int value, Axis axis) throws MrdException {
        int index = axis.encodedIndex(value);
        if (index < 0 || index >= axis.encoded()) {
            throw new MrdException("acquisition " + number + ": " + counter + " " + value + ", with " + axis.center()
                    + " at the centre, lies outside the encoded matrix of " + axis.encoded() + " lines");
        }
        return axis.gridIndex(index);
    }

    /**
     * Puts one coil's samples on the grid, the sample at the centre of k-space on its centre. A reversed readout is turned
     * round first; {@code center_sample} counts in the turned order, as the converters of the vendors' data write it.
     */
    private void place(int number, Acquisition acquisition, int coil) throws MrdException {
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
        Arrays.fill(readout, 0);
        float[] data = acquisition.data();
        for (int i = first; i < end; i++) {
            int to = axis.gridIndex(i + shift);
            if (to >= 0 && to < axis.grid()) {
                int from = 2 * (coil * samples + (reverse ? samples - 1 - i : i));
                readout[2 * to] = data[from];
                readout[2 * to + 1] = data[from + 1];
            }
        }
    }

    /** The root of the sum of squares over the coils: x fastest, then y, then z, in the size of the output. */
    float[] magnitude() {
        Axis y = geometry.y();
        Axis z = geometry.z();
        CenteredFft alongY = new CenteredFft(y.grid());
        CenteredFft alongZ = new CenteredFft(z.grid());
        double[] power = new double[width * y.output() * z.output()];
        double[] volume = new double[(int) geometry.coilFloats()];
        for (float[] coil : lines) {
            load(coil, volume);
            for (int plane = 0; plane < z.grid(); plane++) {
                for (int x = 0; x < width; x++) {
                    alongY.inverse(volume, plane * y.grid() * width + x, width);
                }
            }
            if (z.grid() > 1) {
                for (int at = 0; at < y.grid() * width; at++) {
                    alongZ.inverse(volume, at, y.grid() * width);
                }
            }
            addPower(volume, power);
        }
        float[] magnitude = new float[power.length];
        for (int i = 0; i < power.length; i++) {
            magnitude[i] = (float) Math.sqrt(power[i]);
        }
        return magnitude;
    }

    private void load(float[] coil, double[] volume) {
        for (int row = 0; row < averages.length; row++) {
            double weight = averages[row] == 0 ? 0 : 1.0 / averages[row];
            for (int i = 2 * width * row; i < 2 * width * (row + 1); i++) {
                volume[i] = coil[i] * weight;
            }
        }
    }

    private void addPower(double[] volume, double[] power) {
        Axis y = geometry.y();
        Axis z = geometry.z();
        int to = 0;
        for (int k = z.outputStart(); k < z.outputStart() + z.output(); k++) {
            for (int j = y.outputStart(); j < y.outputStart() + y.output(); j++) {
                int from = 2 * width * (k * y.grid() + j);
                for (int i = 0; i < width; i++, to++, from += 2) {
                    power[to] += volume[from] * volume[from] + volume[from + 1] * volume[from + 1];
                }
            }
        }
    }
}
