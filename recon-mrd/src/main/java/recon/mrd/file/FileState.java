package recon.mrd.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/**
 * By what a file is known that nobody has written to or exchanged.
 *
 * @param key the file's own number, where there is one
 * @param bytes -1 if there is no file
 */
record FileState(Optional<Object> key, long bytes, FileTime modified) {
    /** Of the file that a link points to. */
    static FileState of(Path path) throws IOException {
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            return new FileState(Optional.ofNullable(now.fileKey()), now.size(), now.lastModifiedTime());
        } catch (NoSuchFileException e) {
            return new FileState(Optional.empty(), -1, FileTime.fromMillis(0));
        }
    }
}
