package recon.mrd.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.format.MrdException;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DamagedFileTest {
    @TempDir
    Path directory;

    @Test
    void fileThatIsNoHdf5IsNamedAsSuch() throws Exception {
        Path text = Files.writeString(directory.resolve("a.h5"), "<html>not found</html>".repeat(100));
        assertThatThrownBy(() -> MrdReader.open(text))
                .isInstanceOf(MrdException.class)
                .hasMessage(text + " is not an HDF5 file");
        Path empty = Files.createFile(directory.resolve("empty.h5"));
        assertThatThrownBy(() -> MrdReader.open(empty)).hasMessageEndingWith("is not an HDF5 file");
    }

    @Test
    void everyTruncationOfASmallFileIsRefused() throws Exception {
        Damage damage = new Damage(directory);
        byte[] whole = damage.smallFile();
        for (int length = 0; length < whole.length; length += 97) {
            assertThat(damage.refuses(Arrays.copyOf(whole, length)))
                    .as("cut at %d", length)
                    .isTrue();
        }
        assertThat(damage.refuses(whole)).isFalse();
    }

    @Test
    void anyFlippedBitIsReadOrRefused() throws Exception {
        assertThat(damage().refusedOfFlipped(damage().smallFile(), 400, 3)).isBetween(10, 390);
    }

    @Test
    void randomBytesInTheStructureOfTheOtherLibrarysFileAreReadOrRefused() throws Exception {
        assertThat(damage().refusedOfRandom(Damage.resource("shepp64_py_clean.h5"), 12_000, 25, 4))
                .isBetween(1, 24);
    }

    @Test
    void everyTruncationOfAFileOfImagesIsRefused() throws Exception {
        byte[] whole = damage().smallFileOfImages();
        for (int length = 0; length < whole.length; length += 197) {
            assertThat(damage().refuses(Arrays.copyOf(whole, length)))
                    .as("cut at %d", length)
                    .isTrue();
            assertThat(damage().refusesMore(Arrays.copyOf(whole, length)))
                    .as("cut at %d", length)
                    .isTrue();
        }
        assertThat(damage().refuses(whole)).isFalse();
        assertThat(damage().refusesMore(whole)).isFalse();
    }

    @Test
    void imagesAndWaveformsWithAFlippedBitAreReadOrRefused() throws Exception {
        assertThat(damage().refusedOfFlipped(damage().smallFileOfImages(), 400, 5))
                .isBetween(10, 390);
    }

    @Test
    void imagesOfThePythonLibraryWithRandomBytesAreReadOrRefused() throws Exception {
        byte[] whole = Damage.resource("img_multiseries.h5");
        assertThat(damage().refusedOfRandom(whole, whole.length, 200, 6)).isBetween(10, 190);
    }

    @Test
    void damagedFileIsAddedToOrStays() throws Exception {
        byte[] whole = damage().smallFileOfImages();
        Random random = new Random(8);
        int refused = 0;
        for (int i = 0; i < 100; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            refused += damage().refusesMore(damaged) ? 1 : 0;
        }
        assertThat(refused).isBetween(1, 99);
    }

    @Test
    void sizesThatTheFileCannotHoldTakeNoMemory() throws Exception {
        byte[] whole = damage().smallFileOfImages();
        ByteBuffer bytes = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + 8 <= whole.length; at += 8) {
            if (bytes.getLong(at) == 3 || bytes.getLong(at) == 4) {
                byte[] damaged = whole.clone();
                ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN).putLong(at, 1L << 30);
                damage().refuses(damaged);
            }
        }
    }

    private Damage damage() {
        return new Damage(directory);
    }

    @Test
    void objectHeaderThatContinuesInItselfIsRefused() throws Exception {
        Damage damage = new Damage(directory);
        byte[] whole = damage.smallFile();
        ByteBuffer bytes = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
        int rootMessages = (int) bytes.getLong(64) + 16;
        bytes.putShort(rootMessages, (short) 0x10); // in place of the link info: a continuation
        bytes.putLong(rootMessages + 8, rootMessages).putLong(rootMessages + 16, 32);
        assertThat(damage.refuses(whole)).isTrue();
    }

    @Test
    void chunkTreeThatIsItsOwnChildIsRefused() throws Exception {
        Damage damage = new Damage(directory);
        byte[] whole = damage.smallFile();
        int root = new String(whole, StandardCharsets.ISO_8859_1).indexOf("TREE");
        ByteBuffer bytes = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(root + 5, (byte) 1); // a level above the leaves
        for (int i = 0; i < 10; i++) {
            bytes.putLong(root + 24 + 24 + 32 * i, root);
        }
        assertThat(damage.refuses(whole)).isTrue();
    }
}
