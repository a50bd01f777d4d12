package recon.mrd.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.OptionalLong;
import java.util.Random;
import recon.mrd.TestImages;
import recon.mrd.format.MrdException;
import recon.mrd.phantom.PhantomGenerator;
import recon.mrd.phantom.PhantomOptions;
import recon.mrd.recon.CartesianReconstruction;

/** Damages files and sees what reading makes of them. */
final class Damage {
    /** The structure of the Python library's file ends here and its readouts begin. */
    private static final int STRUCTURE_BYTES = 12_000;

    private final Path directory;

    Damage(Path directory) {
        this.directory = directory;
    }

    byte[] smallFile() throws IOException {
        Path file = directory.resolve("whole.h5");
        LocalDateTime time = LocalDateTime.of(2026, 1, 1, 12, 0);
        PhantomGenerator.generate(new PhantomOptions(8, 1, 1, 1, 1, 1, 0.01, 2, OptionalLong.of(1), time), file);
        return Files.readAllBytes(file);
    }

    /** How many of so many files, each with another bit flipped, are refused. */
    int refusedOfFlipped(int count, long seed) throws Exception {
        byte[] whole = smallFile();
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < count; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            refused += refuses(damaged) ? 1 : 0;
        }
        return refused;
    }

    /** How many of so many files of the Python library, each with three bytes of its structure random, are refused. */
    int refusedOfOtherLibrarys(int count, long seed) throws Exception {
        byte[] whole = Files.readAllBytes(
                Path.of(TestImages.class.getResource("shepp64_py_clean.h5").toURI()));
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < count; i++) {
            byte[] damaged = whole.clone();
            for (int n = 0; n < 3; n++) {
                damaged[random.nextInt(STRUCTURE_BYTES)] = (byte) random.nextInt();
            }
            refused += refuses(damaged) ? 1 : 0;
        }
        return refused;
    }

    /** Whether reading the bytes ends with the one exception meant for it; any other makes the test fail. */
    boolean refuses(byte[] bytes) throws IOException {
        Path file = Files.write(directory.resolve("damaged.h5"), bytes);
        try (MrdReader in = MrdReader.open(file)) {
            for (int i = 0; i < in.count(); i++) {
                in.acquisition(i);
            }
            CartesianReconstruction.reconstruct(in, image -> {});
            return false;
        } catch (MrdException e) {
            assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
            return true;
        }
    }
}
