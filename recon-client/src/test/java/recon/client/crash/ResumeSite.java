package recon.client.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A site for transfers that break off and go on, and what must hold there at the end. */
final class ResumeSite {
    static final String OPTIONS = """
            RESULT_RETENTION_HOURS = 0
            MAX_CONCURRENT_JOBS = 4
            FAILED_HANDSHAKES_PER_MINUTE = 0
            """;

    private static final long MAX_DENSE_BYTES = 1L << 30;

    /** A changed length lets both sides wait. Long enough for what is done with small files. */
    private static final String IMPATIENT = OPTIONS + "IDLE_TIMEOUT_SECONDS = 4\n";

    private ResumeSite() {}

    /** What a test does with a server that runs. */
    @FunctionalInterface
    interface Work {
        /** Returns how many jobs there should be. */
        int with(CrashSite site) throws Exception;
    }

    /** Does the work with small files, then looks whether every job has ended and nothing is left; fails if anything did not hold. */
    static void with(Path directory, Work work, Violations violations) throws Exception {
        try (CrashSite site = new CrashSite(directory.resolve("site"), IMPATIENT)) {
            check(site, site.start().ready(), work, violations);
        }
    }

    /** As {@link #with}, for large files: the server lives long enough to become fast, and the idle limit is the usual one. */
    static void withFast(Path directory, Work work, Violations violations) throws Exception {
        try (CrashSite site = new CrashSite(directory.resolve("site"), OPTIONS)) {
            check(site, site.startAtFullSpeed().ready(), work, violations);
        }
    }

    private static void check(CrashSite site, ServerRun server, Work work, Violations violations) throws Exception {
        int jobs = work.with(site);
        assertThat(violations.found()).isEmpty();
        SiteCheck check = new SiteCheck(site, violations);
        check.everyJobEnded(jobs);
        check.nothingIsLeft(server);
        assertThat(violations.found()).isEmpty();
    }

    /** Writes an input file of a job, its content depends on the size; a very large one has holes. */
    static Path file(Path directory, int number, long bytes) throws IOException {
        Path path = Files.createDirectories(directory).resolve(JobFiles.name(number));
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            Random random = new Random(bytes);
            byte[] piece = new byte[(int) Math.min(bytes, 1 << 20)];
            random.nextBytes(piece);
            int step = piece.length * (bytes > MAX_DENSE_BYTES ? 64 : 1);
            for (long at = 0; at < bytes; at += step) {
                piece[0] = (byte) random.nextInt();
                file.seek(at);
                file.write(piece, 0, (int) Math.min(piece.length, bytes - at));
            }
            file.setLength(bytes);
        }
        return path;
    }
}
