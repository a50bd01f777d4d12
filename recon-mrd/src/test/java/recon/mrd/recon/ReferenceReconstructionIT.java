package recon.mrd.recon;

import static org.assertj.core.api.Assertions.assertThat;

import io.jhdf.HdfFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import recon.mrd.ExternalTool;
import recon.mrd.TestImages;

/** Against {@code ismrmrd_recon_cartesian_2d}, which keeps the last repetition and takes noise scans for line 0. */
class ReferenceReconstructionIT {
    @TempDir
    Path directory;

    private ExternalTool generator;
    private ExternalTool reference;

    @BeforeEach
    void findTools() {
        generator = ExternalTool.find("ismrmrd_generate_cartesian_shepp_logan", "ismrmrd-tools");
        reference = ExternalTool.find("ismrmrd_recon_cartesian_2d", "ismrmrd-tools");
    }

    /** The generator's header always halves the readout, whatever the oversampling. */
    @ParameterizedTest(name = "{0} makes {3} images of {2} rows and {1} columns")
    @CsvSource({
        "-m 64 -c 4, 64, 64, 1",
        "-m 64 -c 4 -C, 64, 64, 1",
        "-m 64 -c 4 -r 3, 64, 64, 3",
        "-m 64 -c 3 -r 3 -C -k, 64, 64, 3",
        "-m 65 -c 4, 65, 65, 1",
        "-m 65 -c 4 -O 1, 32, 65, 1",
        "-m 127 -c 2 -O 3, 190, 127, 1",
        "-m 48 -c 1 -O 1 -n 0, 24, 48, 1",
    })
    void imagesAgreeWithTheReference(String options, int columns, int rows, int count) throws Exception {
        Path file = directory.resolve("raw.h5");
        List<String> arguments = new ArrayList<>(List.of("-o", file.toString()));
        arguments.addAll(List.of(options.split(" ")));
        generator.run(directory, arguments.toArray(String[]::new));
        List<ReconImage> images = TestImages.reconstruct(file);
        assertThat(images).hasSize(count);
        assertThat(images).allMatch(image -> image.rows() == rows && image.columns() == columns);

        reference.run(directory, file.toString());
        float[] last = lastImageOfReference(file);
        assertThat(TestImages.normalizedRmsError(images.get(count - 1).magnitude(), last))
                .isLessThan(1e-3);
    }

    static float[] lastImageOfReference(Path file) {
        try (HdfFile hdf = new HdfFile(file)) {
            float[][][][][] data =
                    (float[][][][][]) hdf.getDatasetByPath("/dataset/cpp/data").getData();
            float[][] rows = data[data.length - 1][0][0];
            float[] flat = new float[rows.length * rows[0].length];
            for (int y = 0; y < rows.length; y++) {
                System.arraycopy(rows[y], 0, flat, y * rows[0].length, rows[0].length);
            }
            return flat;
        }
    }
}
