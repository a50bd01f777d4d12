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
        assertThat(new Damage(directory).refusedOfFlipped(3000, 13)).isBetween(100, 2900);
    }

    @Test
    void randomBytesInTheStructureOfTheOtherLibrarysFileAreReadOrRefused() throws Exception {
        assertThat(new Damage(directory).refusedOfOtherLibrarys(200, 14)).isBetween(10, 199);
    }
}
