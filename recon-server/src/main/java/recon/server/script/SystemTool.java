package recon.server.script;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds a program as the system would: a name with a separator is a path, any other is searched on {@code PATH}. */
final class SystemTool {
    private SystemTool() {}

    static Optional<Path> find(String name) {
        if (name.contains(File.separator)) {
            return executable(name, "");
        }
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        for (String directory : path.split(File.pathSeparator, -1)) {
            Optional<Path> found = executable(name, directory);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<Path> executable(String name, String directory) {
        try {
            Path file = Path.of(directory).resolve(name);
            return Files.isRegularFile(file) && Files.isExecutable(file) ? Optional.of(file) : Optional.empty();
        } catch (InvalidPathException notAName) {
            return Optional.empty();
        }
    }
}
