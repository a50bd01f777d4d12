package recon.server.queue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the store needs in the state directory before SQLite is asked for anything. */
final class SqliteFiles {
    private static final Logger log = LoggerFactory.getLogger(SqliteFiles.class);

    static final String DATABASE = "recon.db";
    static final String LIBRARY_DIRECTORY = "sqlite-library";

    private SqliteFiles() {}

    /** Makes the file if it is missing, for the server's user only; SQLite gives its other files the same mode. */
    static Path database(Path stateDirectory) throws IOException {
        Path file = stateDirectory.resolve(DATABASE);
        try {
            Files.createFile(file, mode(stateDirectory, "rw-------"));
        } catch (FileAlreadyExistsException e) {
            log.debug("{} is there", file);
        }
        return file.toAbsolutePath();
    }

    /**
     * Gives the driver a directory for SQLite's machine code. It writes a copy at each start, and deletes it only when the
     * program ends by itself; in the system's directory the copies of killed servers would add up. Only one server uses a
     * state directory, so that every copy found here is a dead one's.
     */
    static void prepareLibrary(Path stateDirectory) throws IOException {
        Path directory = stateDirectory.resolve(LIBRARY_DIRECTORY);
        Files.createDirectories(directory, mode(stateDirectory, "rwx------"));
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory)) {
            for (Path leftover : leftovers) {
                remove(leftover);
            }
        }
        System.setProperty("org.sqlite.tmpdir", directory.toAbsolutePath().toString());
    }

    private static void remove(Path leftover) {
        try {
            Files.delete(leftover);
        } catch (IOException e) { // it only takes space; on Windows this program's own copy cannot be deleted
            log.warn("{} cannot be removed: {}", leftover, e.toString());
        }
    }

    private static FileAttribute<?>[] mode(Path directory, String mode) {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }
}
