package recon.client.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The inputs of one job, with random content.
 *
 * @param inputs the primary one first
 * @param results what the script makes of them: digests by paths below the folder of the results
 */
record JobFiles(List<Path> inputs, Map<String, String> results) {
    JobFiles {
        inputs = List.copyOf(inputs);
        results = Map.copyOf(results);
    }

    static String name(int number) {
        return "file" + number + ".dat";
    }

    static JobFiles create(Path directory, RandomGenerator random, int... sizes) throws IOException {
        Files.createDirectories(directory);
        List<Path> inputs = new ArrayList<>();
        Map<String, String> results = new TreeMap<>();
        for (int i = 1; i <= sizes.length; i++) {
            byte[] content = new byte[sizes[i - 1]];
            random.nextBytes(content);
            inputs.add(Files.write(directory.resolve(name(i)), content));
            results.put(SiteScript.result(i), digest(content));
        }
        return new JobFiles(inputs, results);
    }

    /** Looks whether the folder holds the results, and nothing else. */
    void check(Path folder, String whose, Violations violations) throws IOException {
        Map<String, String> there = contents(folder);
        violations.check(there.equals(results), "%s: the folder %s holds %s, not %s", whose, folder, there, results);
    }

    private static Map<String, String> contents(Path folder) throws IOException {
        Map<String, String> found = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return found;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                found.put(folder.relativize(file).toString(), digest(Files.readAllBytes(file)));
            }
        }
        return found;
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
