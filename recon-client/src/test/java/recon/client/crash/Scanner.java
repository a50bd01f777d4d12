package recon.client.crash;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import recon.common.job.Sha256;

/**
 * Writes files as scanners do: slowly, in bursts, under another name first, over older ones. Each ends with the digest of
 * what is before it, so that one that is not complete shows.
 *
 * <p>Thread-safe, but for one file one thread.
 */
final class Scanner {
    private static final int MAX_BYTES = 300_000;
    private static final int DIGEST_BYTES = 32;
    private static final int PIECES = 4;

    private final Path directory;
    private final Set<String> due = ConcurrentHashMap.newKeySet();
    private final Set<String> perhaps = ConcurrentHashMap.newKeySet();

    Scanner(Path directory) {
        this.directory = directory;
    }

    /** The digests of the contents that must arrive. */
    Set<String> due() {
        return Set.copyOf(due);
    }

    /** Whether a content was ever whole on the disk. */
    boolean hasWritten(String digest) {
        return due.contains(digest) || perhaps.contains(digest);
    }

    private static byte[] content(Random random) {
        byte[] content = new byte[DIGEST_BYTES + 1 + random.nextInt(MAX_BYTES)];
        random.nextBytes(content);
        byte[] digest = digest(content, content.length - DIGEST_BYTES);
        System.arraycopy(digest, 0, content, content.length - DIGEST_BYTES, DIGEST_BYTES);
        return content;
    }

    private static byte[] digest(byte[] content, int length) {
        MessageDigest digest = Sha256.begin();
        digest.update(content, 0, length);
        return digest.digest();
    }

    static boolean isComplete(byte[] content) {
        int length = content.length - DIGEST_BYTES;
        return length >= 0
                && Arrays.equals(digest(content, length), Arrays.copyOfRange(content, length, content.length));
    }

    static String digest(byte[] content) {
        return HexFormat.of().formatHex(digest(content, content.length));
    }

    private String due(byte[] content) {
        due.add(digest(content));
        return digest(content);
    }

    /** At once. Returns the content's digest. */
    String write(String name, Random random) throws IOException {
        byte[] content = content(random);
        Files.write(directory.resolve(name), content);
        return due(content);
    }

    /** In pieces, with pauses between them that may be longer than the stability delay. */
    void writeSlowly(String name, Random random, Duration pause) throws Exception {
        byte[] content = content(random);
        try (OutputStream out = Files.newOutputStream(directory.resolve(name))) {
            for (int i = 0; i < PIECES; i++) {
                int from = content.length * i / PIECES;
                out.write(content, from, content.length * (i + 1) / PIECES - from);
                Patience.pause(pause);
            }
        }
        due(content);
    }

    void rename(String name, Random random) throws IOException {
        byte[] content = content(random);
        Path hidden = directory.resolve("." + name + ".part");
        Files.write(hidden, content);
        Files.move(
                hidden, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        due(content);
    }

    /** What is to be written over before anybody can have it. */
    void rewriteLater(String name, Random random) throws IOException {
        byte[] content = content(random);
        perhaps.add(digest(content));
        Files.write(directory.resolve(name), content);
    }

    /** Over itself, of the same length, at a moment at which the first content may be on its way or not. */
    void rewrite(String name, Random random, Duration pause) throws Exception {
        byte[] first = content(random);
        perhaps.add(digest(first));
        Files.write(directory.resolve(name), first);
        Patience.pause(pause);
        byte[] second = content(random);
        Files.write(directory.resolve(name), second);
        due(second);
    }
}
