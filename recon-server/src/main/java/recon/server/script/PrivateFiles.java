package recon.server.script;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that only the server's user may read: what a script prints and is told can name patients. */
final class PrivateFiles {
    private PrivateFiles() {}

    /** Creates the file with mode 0600, in place of one that is there. A link is replaced, never followed. */
    static FileChannel create(Path file) throws IOException {
        Files.deleteIfExists(file);
        FileAttribute<?>[] mode =
                file.getFileSystem().supportedFileAttributeViews().contains("posix")
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0];
        return FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode);
    }
}
