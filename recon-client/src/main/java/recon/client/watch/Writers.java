package recon.client.watch;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Who writes to a file, as Linux tells in {@code /proc}: of the processes of this user, or of all for root. Elsewhere
 * nobody seems to. What a process of another machine does on a network mount nobody can see.
 */
final class Writers {
    private static final Path PROCESSES = Path.of("/proc");
    private static final int ACCESS_MODE = 3;

    private Writers() {}

    /** A snapshot, made when it is asked for the first time: whether somebody writes to a file of this directory. */
    static Predicate<String> of(Path directory) {
        return of(directory, PROCESSES);
    }

    /** @param processes as {@code /proc} is */
    static Predicate<String> of(Path directory, Path processes) {
        Map<String, List<Path>> written = new HashMap<>();
        boolean[] looked = {false};
        return name -> {
            if (!looked[0]) {
                looked[0] = true;
                collectAll(processes, written);
            }
            return written.getOrDefault(name, List.of()).stream()
                    .anyMatch(descriptor -> isSame(descriptor, directory.resolve(name)));
        };
    }

    private static void collectAll(Path processes, Map<String, List<Path>> written) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(processes, "[0-9]*")) {
            for (Path process : all) {
                collect(process, written);
            }
        } catch (IOException | DirectoryIteratorException noSuchSystem) {
            // Nobody can tell.
        }
    }

    private static void collect(Path process, Map<String, List<Path>> written) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                collect(process, descriptor, written);
            }
        } catch (IOException | DirectoryIteratorException notOursOrGone) {
            // The other processes can still be looked at.
        }
    }

    private static void collect(Path process, Path descriptor, Map<String, List<Path>> written) {
        try {
            Path file = Files.readSymbolicLink(descriptor);
            if (file.isAbsolute() && file.getFileName() != null && isForWriting(process, descriptor)) {
                written.computeIfAbsent(file.getFileName().toString(), name -> new ArrayList<>())
                        .add(descriptor);
            }
        } catch (IOException closedMeanwhile) {
            // The process may have others.
        }
    }

    private static boolean isForWriting(Path process, Path descriptor) throws IOException {
        Path info = process.resolve("fdinfo").resolve(descriptor.getFileName());
        for (String line : Files.readAllLines(info)) {
            if (line.startsWith("flags:")) {
                return (Integer.parseInt(line.substring("flags:".length()).strip(), 8) & ACCESS_MODE) != 0;
            }
        }
        return false;
    }

    private static boolean isSame(Path descriptor, Path file) {
        try {
            return Files.isSameFile(descriptor, file);
        } catch (IOException gone) {
            return false;
        }
    }
}
