package recon.mrd.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same as {@link DamagedFileTest}, for longer. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DamagedFileIT {
    @TempDir
    Path directory;

    @Test
    void anyFlippedBitIsReadOrRefused() throws Exception {
        assertThat(damage().refusedOfFlipped(damage().smallFile(), 1500, 13)).isBetween(50, 1450);
    }

    @Test
    void randomBytesInTheStructureOfTheOtherLibrarysFileAreReadOrRefused() throws Exception {
        assertThat(damage().refusedOfRandom(Damage.resource("shepp64_py_clean.h5"), 12_000, 100, 14))
                .isBetween(5, 99);
    }

    @Test
    void imagesAndWaveformsWithAFlippedBitAreReadOrRefused() throws Exception {
        assertThat(damage().refusedOfFlipped(damage().smallFileOfImages(), 3000, 15))
                .isBetween(50, 2950);
    }

    @Test
    void imagesOfThePythonLibraryWithRandomBytesAreReadOrRefused() throws Exception {
        byte[] whole = Damage.resource("img_multiseries.h5");
        assertThat(damage().refusedOfRandom(whole, whole.length, 2000, 16)).isBetween(50, 1950);
    }

    private Damage damage() {
        return new Damage(directory);
    }
}
