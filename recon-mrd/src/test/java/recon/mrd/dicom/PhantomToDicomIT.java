package recon.mrd.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.file.MrdReader;
import recon.mrd.phantom.PhantomGenerator;
import recon.mrd.phantom.PhantomOptions;
import recon.mrd.preview.ContactSheet;
import recon.mrd.recon.CartesianReconstruction;
import recon.mrd.recon.ReconImage;

/** The whole way of the data: phantom, reconstruction, DICOM, contact sheet. */
class PhantomToDicomIT {
    @Test
    void phantomBecomesDicomWithoutErrors(@TempDir Path folder) throws Exception {
        ExternalTools.assumeProgram("dciodvfy", "dicom3tools");
        Path raw = folder.resolve("phantom.h5");
        PhantomGenerator.generate(
                new PhantomOptions(64, 4, 2, 2, 1, 3, 0.05, 4, OptionalLong.of(1), MrFixtures.CREATED), raw);
        Path output = Files.createDirectory(folder.resolve("out"));
        List<Path> files;
        try (MrdReader in = MrdReader.open(raw)) {
            List<ReconImage> images = new ArrayList<>();
            CartesianReconstruction.reconstruct(in, true, images::add);
            files = MrFixtures.series(in.header(), images, SeriesOptions.DEFAULT)
                    .write(output);
        }
        assertThat(files).hasSize(2 * 3);
        for (Path file : files) {
            assertThat(ExternalTools.run(List.of("dciodvfy", file.toString())).output())
                    .contains("MRImage")
                    .doesNotContain("Error");
        }
        assertThat(ContactSheet.write(output, folder.resolve("sheet.png"), unreadable -> {})
                        .drawn())
                .isEqualTo(files.size());
    }
}
