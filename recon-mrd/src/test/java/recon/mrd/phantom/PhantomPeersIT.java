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
    void otherLayoutsOfTheSameDataAreReadTheSame() throws Exception {
        ExternalTool python = ExternalTool.pythonWithH5py();
        python.run(directory, "-c", """
                import h5py, sys
                source = h5py.File(sys.argv[1], 'r')['dataset']
                data = source['data']
                def write(name, chunks, compression, **kw):
                    with h5py.File(name, 'w', **kw) as f:
                        d = f.create_dataset('raw/data', shape=(len(data),), maxshape=(None,), dtype=data.dtype,
                                             chunks=chunks, compression=compression)
                        for i in range(len(data)):
                            d[i] = data[i]
                        f.create_dataset('raw/xml', shape=(1,), dtype=h5py.string_dtype())[0] = source['xml'][0]
                write('userblock.h5', (1,), None, userblock_size=2048)
                write('latest.h5', (7,), None, libver='latest')
                write('gzip.h5', (7,), 'gzip')
                """, file.toString());
        for (String name : List.of("userblock.h5", "latest.h5", "gzip.h5")) {
            try (MrdReader ours = MrdReader.open(file);
                    MrdReader theirs = MrdReader.open(directory.resolve(name))) {
                assertThat(theirs.xml()).isEqualTo(ours.xml());
                assertThat(theirs.count()).isEqualTo(160);
                for (int i = 0; i < 160; i++) {
                    assertThat(theirs.acquisition(i)).as("%s, %d", name, i).isEqualTo(ours.acquisition(i));
                }
            }
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
