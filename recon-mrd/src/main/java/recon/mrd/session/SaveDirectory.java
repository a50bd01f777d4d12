package recon.mrd.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Where clients' data are kept, which name patients: what is made there is for the server's user alone. */
final class SaveDirectory {
    private SaveDirectory() {}

    /** Makes the directory and those above it where they are missing, mode 0700. One that is there stays as it is. */
    static void make(Path directory) throws IOException {
        Files.createDirectories(directory, mode(directory, "rwx------"));
    }

    /** The mode of a file in it, 0600, where there are modes. */
    static FileAttribute<?>[] fileMode(Path directory) {
        return mode(directory, "rw-------");
    }

    private static FileAttribute<?>[] mode(Path directory, String mode) {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }
}
