package recon.mrd.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
        assertThat(new Damage(directory).refusedOfFlipped(400, 3)).isBetween(10, 390);
    }

    @Test
    void randomBytesInTheStructureOfTheOtherLibrarysFileAreReadOrRefused() throws Exception {
        assertThat(new Damage(directory).refusedOfOtherLibrarys(25, 4)).isBetween(1, 24);
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
