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
        assertThat(new Damage(directory).refusedOfFlipped(1500, 13)).isBetween(50, 1450);
    }

    @Test
    void randomBytesInTheStructureOfTheOtherLibrarysFileAreReadOrRefused() throws Exception {
        assertThat(new Damage(directory).refusedOfOtherLibrarys(100, 14)).isBetween(5, 99);
    }
}
