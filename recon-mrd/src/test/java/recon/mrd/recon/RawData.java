package recon.mrd.recon;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import recon.mrd.TestImages;
import recon.mrd.file.MrdWriter;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.AcquisitionHeaderBuilder;
import recon.mrd.format.EncodingCounters;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.MrdHeader.Counter;
import recon.mrd.format.MrdHeader.Encoding;
import recon.mrd.format.MrdHeader.Limit;
import recon.mrd.format.MrdHeader.Space;

/** Raw data of one coil made line by line for a test, and the image that a transform by definition makes of them. */
final class RawData {
    final int nx;
    final int ny;
    final int nz;
    /** k-space, re/im, x fastest; the centre at half of each size. */
    final double[] kspace;

    private final List<Acquisition> acquisitions = new ArrayList<>();

    RawData(int nx, int ny, int nz) {
        this.nx = nx;
        this.ny = ny;
        this.nz = nz;
        this.kspace = new Random(1).doubles(2L * nx * ny * nz, -1, 1).toArray();
    }

    static MrdHeader header(Space encoded, Space recon, Map<Counter, Limit> limits, String trajectory) {
        return new MrdHeader(
                MrdHeader.Subject.EMPTY,
                MrdHeader.Study.EMPTY,
                MrdHeader.Measurement.EMPTY,
                MrdHeader.AcquisitionSystem.EMPTY,
                OptionalLong.empty(),
                List.of(new Encoding(encoded, recon, limits, trajectory, 1, 1, OptionalInt.empty())),
                MrdHeader.SequenceParameters.EMPTY,
                MrdHeader.UserParameters.EMPTY);
    }

    MrdHeader header(Map<Counter, Limit> limits) {
        Space space = new Space(nx, ny, nz, nx, ny, nz);
        return header(space, space, limits, "cartesian");
    }

    AcquisitionHeaderBuilder head(EncodingCounters idx, AcquisitionFlag... flags) {
        return AcquisitionHeader.builder()
                .numberOfSamples(nx)
                .channels(1)
                .centerSample(nx / 2)
                .flags(flags)
                .idx(idx);
    }

    /** Samples {@code from} to {@code to - 1} of a line, times {@code scale}. */
    float[] line(int y, int z, int from, int to, double scale) {
        float[] line = new float[2 * (to - from)];
        for (int i = 0; i < line.length; i++) {
            line[i] = (float) (scale * kspace[2 * ((z * ny + y) * nx + from) + i]);
        }
        return line;
    }

    void add(AcquisitionHeader head, float[] data) {
        acquisitions.add(new Acquisition(head, new float[head.trajectoryLength()], data));
    }

    void addAllLines() {
        for (int z = 0; z < nz; z++) {
            for (int y = 0; y < ny; y++) {
                add(head(new EncodingCounters(y, z, 0, 0, 0, 0, 0, 0, 0)).build(), line(y, z, 0, nx, 1));
            }
        }
    }

    void clear(int y) {
        Arrays.fill(kspace, 2 * y * nx, 2 * (y + 1) * nx, 0);
    }

    List<ReconImage> reconstruct(Path directory, MrdHeader header) throws IOException {
        return TestImages.reconstruct(write(directory, header));
    }

    Path write(Path directory, MrdHeader header) throws IOException {
        Path file = directory.resolve("raw.h5");
        try (MrdWriter out = MrdWriter.create(file, header)) {
            for (Acquisition acquisition : acquisitions) {
                out.write(acquisition);
            }
            out.commit();
        }
        return file;
    }

    /** Magnitude of the inverse transform of the whole k-space, all partitions one behind the other. */
    float[] expected() {
        double[] volume = kspace.clone();
        transform(volume, nx, 1, ny * nz, nx);
        for (int z = 0; z < nz; z++) {
            transform(volume, ny, nx, nx, 1, z * nx * ny);
        }
        transform(volume, nz, nx * ny, nx * ny, 1);
        float[] magnitude = new float[nx * ny * nz];
        for (int i = 0; i < magnitude.length; i++) {
            magnitude[i] = (float) Math.hypot(volume[2 * i], volume[2 * i + 1]);
        }
        return magnitude;
    }

    private static void transform(double[] volume, int n, int stride, int count, int step) {
        transform(volume, n, stride, count, step, 0);
    }

    private static void transform(double[] volume, int n, int stride, int count, int step, int start) {
        for (int line = 0; line < count; line++) {
            double[] out = new double[2 * n];
            for (int x = 0; x < n; x++) {
                for (int k = 0; k < n; k++) {
                    double angle = 2 * Math.PI * (k - n / 2) * (x - n / 2) / n;
                    int at = 2 * (start + line * step + k * stride);
                    out[2 * x] += volume[at] * Math.cos(angle) - volume[at + 1] * Math.sin(angle);
                    out[2 * x + 1] += volume[at] * Math.sin(angle) + volume[at + 1] * Math.cos(angle);
                }
            }
            for (int x = 0; x < n; x++) {
                int at = 2 * (start + line * step + x * stride);
                volume[at] = out[2 * x] / Math.sqrt(n);
                volume[at + 1] = out[2 * x + 1] / Math.sqrt(n);
            }
        }
    }
}
