package recon.mrd.recon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import recon.mrd.TestImages;

class CartesianReconstructionTest {
    @Test
    void imageOfAFileOfThePythonLibraryAgreesWithTheReferenceReconstruction() throws Exception {
        List<ReconImage> images = TestImages.reconstruct(resource("shepp64_py_clean.h5"));
        assertThat(images).hasSize(1);
        float[] reference = TestImages.npy(resource("shepp64_py_clean_cpprecon_cpp.npy"));
        assertThat(images.get(0).columns()).isEqualTo(64);
        assertThat(images.get(0).rows()).isEqualTo(64);
        assertThat(TestImages.normalizedRmsError(images.get(0).magnitude(), reference))
                .isLessThan(1e-3);
    }

    private static Path resource(String name) throws Exception {
        return Path.of(TestImages.class.getResource(name).toURI());
    }
}
