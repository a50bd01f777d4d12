package recon.mrd.session;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import recon.mrd.file.MrdWriter;

/** Where clients' data are kept, which name patients: what is made there is for the server's user alone. */
final class SaveDirectory {
    /** Of the names of files. */
    static final String ENDING = ".h5";

    private static final String INCOMPLETE = ".incomplete";

    private SaveDirectory() {}

    /** Makes the directory and those above it where they are missing, mode 0700. One that is there stays as it is. */
    static void make(Path directory) throws IOException {
        Files.createDirectories(directory, mode(directory, "rwx------"));
    }

    /** The mode of a file in it, 0600, where there are modes. */
    static FileAttribute<?>[] fileMode(Path directory) {
        return mode(directory, "rw-------");
    }

    /** Gives a file of the directory a name, or with {@code _2}, {@code _3}, ... behind it where there is such a file already. */
    static Path giveName(Path file, String name) throws IOException {
        for (int i = 1; true; i++) {
            Path named = file.resolveSibling(i == 1 ? name + ENDING : name + "_" + i + ENDING);
            try {
                Files.createFile(named, fileMode(file)); // of two sessions only one can
            } catch (FileAlreadyExistsException e) {
                continue;
            }
            try {
                return Files.move(file, named, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException | RuntimeException e) {
                Files.deleteIfExists(named);
                throw e;
            }
        }
    }

    /** Gives a file that was not completed the name that it was to get, but for an {@code .incomplete} before the ending. */
    static Path keepIncomplete(Path temporary) throws IOException {
        String name = MrdWriter.targetOf(temporary)
                .orElseThrow(() -> new IllegalArgumentException("not a temporary name: " + temporary))
                .replaceFirst("^[.]+", "");
        String base = name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
        return giveName(temporary, base + INCOMPLETE);
    }

    private static FileAttribute<?>[] mode(Path directory, String mode) {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }
}
