package recon.mrd.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jhdf.HdfFile;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.OptionalLong;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.ExternalTool;
import recon.mrd.TestImages;
import recon.mrd.file.MrdReader;
import recon.mrd.recon.ReconImage;

/** Our files in the hands of other programs. */
class PhantomPeersIT {
    private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 12, 0);

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void generate() throws Exception {
        file = directory.resolve("phantom.h5");
        PhantomGenerator.generate(new PhantomOptions(64, 4, 2, 2, 1, 1, 0.05, 32, OptionalLong.of(7), TIME), file);
    }

    @Test
    void h5dumpReadsEveryValue() throws Exception {
        ExternalTool h5dump = ExternalTool.find("h5dump", "hdf5-tools");
        String printed = h5dump.run(directory, file.toString());
        assertThat(printed).contains("DATASET \"data\"", "DATASET \"xml\"", "SIMPLE { ( 160 ) / ( H5S_UNLIMITED ) }");
        assertThat(printed).contains("(159): {").doesNotContain("error");
    }

    @Test
    void h5pyReadsTheSameValuesAndAppends() throws Exception {
        ExternalTool python = ExternalTool.pythonWithH5py();
        String printed = python.run(directory, "-c", """
                import h5py, sys
                with h5py.File(sys.argv[1], 'r+') as f:
                    d = f['dataset/data']
                    x = d[159]
                    print(x['head']['idx']['kspace_encode_step_1'], x['head']['idx']['repetition'], '%.9g' % x['data'][-1])
                    d.resize((260,))
                    for i in range(160, 260):
                        d[i] = x
                    f['dataset'].create_dataset('note', data=[1, 2, 3])
                """, file.toString());
        try (MrdReader in = MrdReader.open(file)) {
            float[] data = in.acquisition(159).data();
            assertThat(printed.strip()).isEqualTo(String.format("63 1 %.9g", data[data.length - 1]));
            assertThat(in.count()).isEqualTo(260);
            assertThat(in.acquisition(259)).isEqualTo(in.acquisition(159));
            assertThat(in.acquisition(64).head().idx().kspaceEncodeStep1()).isEqualTo(32);
        }
    }

    @Test
    void referenceReconstructionAcceptsTheFileAndAppendsItsImages() throws Exception {
        ExternalTool reference = ExternalTool.find("ismrmrd_recon_cartesian_2d", "ismrmrd-tools");
        List<ReconImage> images = TestImages.reconstruct(file);
        reference.run(directory, file.toString());
        try (HdfFile hdf = new HdfFile(file)) {
            float[][][][][] theirs =
                    (float[][][][][]) hdf.getDatasetByPath("/dataset/cpp/data").getData();
            float[] flat = new float[64 * 64];
            for (int y = 0; y < 64; y++) {
                System.arraycopy(theirs[0][0][0][y], 0, flat, 64 * y, 64);
            }
            assertThat(TestImages.normalizedRmsError(images.get(1).magnitude(), flat))
                    .isLessThan(1e-3);
        }
        try (MrdReader in = MrdReader.open(file)) {
            assertThat(in.count()).isEqualTo(160);
        }
    }

    @Test
    void xmlHeaderFollowsTheSchemaOfIsmrmrd() throws Exception {
        Path schema = Path.of("/usr/share/ismrmrd/schema/ismrmrd.xsd");
        assumeTrue(Files.exists(schema), "skipped: needs ismrmrd.xsd, Debian package ismrmrd-schema");
        try (MrdReader in = MrdReader.open(file)) {
            SchemaFactory.newDefaultInstance()
                    .newSchema(schema.toFile())
                    .newValidator()
                    .validate(new StreamSource(new StringReader(in.xml())));
        }
    }
}
