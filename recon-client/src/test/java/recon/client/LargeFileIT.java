package recon.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file much larger than both programs' memory goes there and comes back the same. */
@Timeout(600)
class LargeFileIT {
    private static final long GIB = Long.getLong("large.gib", 2);
    private static final long BYTES = GIB << 30;
    private static final long NEEDED_BYTES = BYTES * 5 / 2; // at the server and in the downloads; the others have holes
    private static final int RANDOM_BLOCKS = 64;

    @TempDir
    private Path directory;

    @Test
    void manyGibibytesThereAndBackInNinetySixMebibytesOfMemory() throws Exception {
        assumeTrue(
                Files.getFileStore(directory).getUsableSpace() > NEEDED_BYTES,
                "skipped: needs " + NEEDED_BYTES + " bytes of free space in " + directory.getParent());
        Path input = directory.resolve("large.7");
        try (RandomAccessFile file = new RandomAccessFile(input.toFile(), "rw")) {
            Random random = new Random(7);
            byte[] block = new byte[100_000];
            for (int i = 0; i < RANDOM_BLOCKS; i++) {
                random.nextBytes(block);
                file.seek((long) (random.nextDouble() * (BYTES - block.length)));
                file.write(block);
            }
            file.setLength(BYTES);
        }
        try (Site site = new Site(directory)) {
            site.options(
                    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
                    site.script("copy.sh", "cp --sparse=always \"$1/large.7\" \"$3/copy.7\"\n"));
            Site.Server server = site.server(Site.smallJava(Site.SERVER_JAR));
            long begin = System.nanoTime();
            Site.Run run = site.run(
                    Site.smallJava(Site.CLIENT_JAR, "--files", "large.7", "--set", "SERVER_PORT=" + server.port()));
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
            assertThat(List.of(sha256(site.downloads().resolve("copy.7")))).containsExactly(sha256(input));
            System.out.printf(
                    "%d GiB there and back with -Xmx96m: %.1f s, %.0f MB/s in sum%n",
                    GIB, took.toMillis() / 1e3, 2 * BYTES / 1e6 / (took.toMillis() / 1e3));
        }
    }

    @Test
    void manyResultsNeedNoMoreMemoryThanOne() throws Exception {
        try (Site site = new Site(directory)) {
            Files.writeString(directory.resolve("a.7"), "raw");
            site.options(
                    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
                    site.script("many.sh", "for i in $(seq 500); do head -c 600000 /dev/zero >\"$3/$i.dcm\"; done\n"));
            Site.Server server = site.server(Site.smallJava(Site.SERVER_JAR));
            Site.Run run = site.run(
                    Site.smallJava(Site.CLIENT_JAR, "--files", "a.7", "--set", "SERVER_PORT=" + server.port()));
            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
            try (Stream<Path> results = Files.list(site.downloads())) {
                assertThat(results)
                        .hasSize(500)
                        .allSatisfy(file -> assertThat(file).hasSize(600_000));
            }
        }
    }

    private static String sha256(Path file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            byte[] piece = new byte[1 << 16];
            while (in.read(piece) >= 0) {
                // The stream digests.
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
