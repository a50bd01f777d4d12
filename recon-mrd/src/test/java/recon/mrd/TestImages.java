package recon.mrd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import recon.mrd.file.MrdReader;
import recon.mrd.recon.CartesianReconstruction;
import recon.mrd.recon.ReconImage;

/** What several tests need: images of a file, reference arrays, and how far two images differ. */
public final class TestImages {
    private TestImages() {}

    /** Without prewhitening, as the reference reconstructions do. */
    public static List<ReconImage> reconstruct(Path file) throws IOException {
        return reconstruct(file, false);
    }

    public static List<ReconImage> reconstruct(Path file, boolean prewhiten) throws IOException {
        List<ReconImage> images = new ArrayList<>();
        try (MrdReader in = MrdReader.open(file)) {
            CartesianReconstruction.reconstruct(in, prewhiten, images::add);
        }
        return images;
    }

    /** Root mean square of the difference after the best scaling of {@code a}, relative to that of {@code b}. */
    public static double normalizedRmsError(float[] a, float[] b) {
        if (a.length != b.length) {
            throw new AssertionError(a.length + " pixels are not " + b.length);
        }
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (double) a[i] * b[i];
            aa += (double) a[i] * a[i];
            bb += (double) b[i] * b[i];
        }
        double scale = ab / aa;
        double error = 0;
        for (int i = 0; i < a.length; i++) {
            error += Math.pow(scale * a[i] - b[i], 2);
        }
        return Math.sqrt(error / bb);
    }

    /** The values of a .npy file of 32-bit floats in C order (NumPy's format, version 1). */
    public static float[] npy(Path file) throws IOException {
        ByteBuffer in = npy(file, "'<f4'");
        float[] values = new float[in.remaining() / Float.BYTES];
        in.asFloatBuffer().get(values);
        return values;
    }

    /** The bytes of a .npy file of this type in C order, without its header. */
    public static ByteBuffer npy(Path file, String type) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int headerBytes = Short.toUnsignedInt(in.getShort(8));
        String header = new String(in.array(), 10, headerBytes, StandardCharsets.US_ASCII);
        if (!header.contains(type) || header.contains("'fortran_order': True")) {
            throw new AssertionError("not read by this test: " + header);
        }
        return in.position(10 + headerBytes);
    }
}
