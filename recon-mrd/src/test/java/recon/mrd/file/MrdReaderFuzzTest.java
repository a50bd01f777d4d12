package recon.mrd.file;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import recon.mrd.format.MrdException;

/** Whatever a file holds, reading it gives its items or the one refusal, and takes no more memory than the file could fill. */
class MrdReaderFuzzTest {
    private static final int PATCH_BYTES = 4;

    private byte[] whole;

    @FuzzTest(maxDuration = "30s")
    void anyFile(byte[] data) throws IOException {
        read(data);
    }

    /** Each four bytes say where to damage a whole file, and how. */
    @FuzzTest(maxDuration = "30s")
    void damagedFile(byte[] data) throws IOException {
        byte[] damaged = wholeFile().clone();
        ByteBuffer patches = ByteBuffer.wrap(data);
        while (patches.remaining() >= PATCH_BYTES) {
            int patch = patches.getInt();
            damaged[(patch >>> 8) % damaged.length] ^= (byte) patch;
        }
        read(damaged);
    }

    private byte[] wholeFile() throws IOException {
        if (whole == null) {
            Path folder = Files.createTempDirectory("mrd");
            Damage damage = new Damage(folder);
            whole = damage.smallFileOfImages();
            Files.delete(folder.resolve("images.h5"));
            Files.delete(folder);
        }
        return whole;
    }

    private static void read(byte[] bytes) throws IOException {
        MrdItemsFileTest.inTemporaryFile(file -> {
            Files.write(file, bytes);
            try (MrdReader in = MrdReader.open(file)) {
                for (int i = 0; i < in.count(); i++) {
                    in.acquisition(i);
                }
                MrdItemsFileTest.waveforms(in);
                for (ImageGroup images : in.images()) {
                    for (int i = 0; i < images.count(); i++) {
                        images.image(i);
                    }
                }
            } catch (MrdException e) {
                if (e.getMessage().contains("\n")) {
                    throw new AssertionError("a refusal of several lines", e);
                }
            }
        });
    }
}
