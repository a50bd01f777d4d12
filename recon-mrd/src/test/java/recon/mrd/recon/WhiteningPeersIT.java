package recon.mrd.recon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.ExternalTool;
import recon.mrd.TestImages;
import recon.mrd.phantom.PhantomGenerator;
import recon.mrd.phantom.PhantomOptions;

/** Prewhitening against NumPy's linear algebra and Fourier transform, without any scaling between the two. */
class WhiteningPeersIT {
    /** Mixes the coils of a file, then makes the image of its k-space as ismrmrd-python-tools defines prewhitening. */
    private static final String SCRIPT = """
            import h5py, numpy as np, sys
            random = np.random.default_rng(3)
            noise, lines = [], {}
            with h5py.File(sys.argv[1], 'r+') as f:
                d = f['dataset/data']
                for i in range(len(d)):
                    x = d[i]
                    coils = int(x['head']['active_channels'])
                    if i == 0:
                        mix = random.normal(size=(coils, coils)) + 1j * random.normal(size=(coils, coils))
                        mix[0] *= 10
                    a = mix @ x['data'].view(np.complex64).reshape(coils, -1).astype(complex)
                    x['data'] = a.astype(np.complex64).view(np.float32).ravel()
                    a = x['data'].view(np.complex64).reshape(coils, -1).astype(complex)
                    if int(x['head']['flags']) & 1 << 18:
                        x['head']['sample_time_us'] = 2
                        noise.append(a)
                    else:
                        lines[int(x['head']['idx']['kspace_encode_step_1'])] = a
                    d[i] = x
            n = np.concatenate(noise, axis=1)
            psi = n @ n.conj().T / (n.shape[1] - 1)
            white = np.linalg.inv(np.linalg.cholesky(psi)) * np.sqrt(2 * 5 / 2)
            k = np.stack([white @ lines[y] for y in range(len(lines))], axis=1)
            image = np.fft.fftshift(np.fft.ifft2(np.fft.ifftshift(k, axes=(1, 2)), norm='ortho'), axes=(1, 2))
            rss = np.sqrt((abs(image) ** 2).sum(axis=0))
            size = rss.shape[1] // 2
            rss[:, size // 2:size // 2 + size].astype('<f4').tofile(sys.argv[2])
            """;

    @Test
    void whitenedImageIsThatOfNumpy(@TempDir Path directory) throws Exception {
        ExternalTool python = ExternalTool.pythonWithH5py();
        Path file = directory.resolve("phantom.h5");
        Path image = directory.resolve("image.f32");
        PhantomGenerator.generate(
                new PhantomOptions(
                        64, 4, 2, 1, 1, 1, 0.05, 32, OptionalLong.of(7), LocalDateTime.of(2026, 1, 1, 12, 0)),
                file);
        python.run(directory, "-c", SCRIPT, file.toString(), image.toString());
        FloatBuffer expected = ByteBuffer.wrap(Files.readAllBytes(image))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        List<ReconImage> images = TestImages.reconstruct(file, true);
        assertThat(images).hasSize(1);
        float[] ours = images.get(0).magnitude();
        assertThat(expected.remaining()).isEqualTo(ours.length);
        for (float value : ours) {
            float theirs = expected.get();
            assertThat(value).isCloseTo(theirs, within(1e-5f * images.get(0).maximum()));
        }
    }
}
