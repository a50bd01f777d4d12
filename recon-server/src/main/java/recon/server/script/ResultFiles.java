package recon.server.script;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import recon.common.job.ResultPath;

/** What a script left in its output directory. */
public final class ResultFiles {
    private static final int MAX_NAMED = 3;

    private ResultFiles() {}

    /**
     * The regular files under a directory, subdirectories included, sorted by path. Links are not followed, and are no
     * results, nor are pipes, sockets and devices.
     *
     * @throws UnsendableResultException if a file's path is no {@link ResultPath}
     * @throws IOException if a directory cannot be read
     */
    public static List<ResultPath> list(Path outputs) throws IOException {
        return resultPaths(outputs, List.copyOf(regularFiles(outputs).keySet()));
    }

    /** Every regular file under the directory with its attributes. A file that vanishes meanwhile is left out. */
    static Map<Path, BasicFileAttributes> regularFiles(Path directory) throws IOException {
        Map<Path, BasicFileAttributes> files = new TreeMap<>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    files.put(file, attributes);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException && !file.equals(directory)) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
        return files;
    }

    static List<ResultPath> resultPaths(Path directory, List<Path> files) throws UnsendableResultException {
        List<ResultPath> results = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Path file : files) {
            try {
                ResultPath result = ResultPath.of(directory, file);
                if (!result.resolveAgainst(directory).equals(file)) {
                    // Bytes that are no text in this locale do not survive the way through a String.
                    throw new IllegalArgumentException("not a file name in valid UTF-8: \"" + result + "\"");
                }
                results.add(result);
            } catch (IllegalArgumentException e) {
                problems.add(Optional.ofNullable(e.getMessage()).orElse(e.toString()));
            }
        }
        if (!problems.isEmpty()) {
            throw new UnsendableResultException("the script wrote " + problems.size()
                    + " files that cannot be sent, change their names: "
                    + String.join("; ", problems.subList(0, Math.min(MAX_NAMED, problems.size())))
                    + (problems.size() > MAX_NAMED ? "; ..." : ""));
        }
        results.sort(null);
        return results;
    }
}
