package recon.client.submit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What shows without reading it that a file is another one or has changed.
 *
 * @param size bytes
 * @param modified nanoseconds since 1970
 * @param identity what else the system tells: on Unix the inode and the time of the last change of any kind, which
 *     nobody can set; else nothing
 */
public record FileMark(long size, long modified, String identity) {
    private static final String UNIX = "unix:size,lastModifiedTime,ino,ctime,isRegularFile";

    /** @throws IOException if there is no regular file of that name; a link is none, whatever it leads to */
    public static FileMark of(Path file) throws IOException {
        try {
            Map<String, Object> unix = Files.readAttributes(file, UNIX, LinkOption.NOFOLLOW_LINKS);
            requireRegular(file, (Boolean) unix.get("isRegularFile"));
            return new FileMark(
                    (Long) unix.get("size"),
                    nanos((FileTime) unix.get("lastModifiedTime")),
                    unix.get("ino") + "-" + nanos((FileTime) unix.get("ctime")));
        } catch (UnsupportedOperationException | IllegalArgumentException noUnix) {
            BasicFileAttributes basic =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            requireRegular(file, basic.isRegularFile());
            return new FileMark(basic.size(), nanos(basic.lastModifiedTime()), "");
        }
    }

    private static void requireRegular(Path file, boolean isRegular) throws IOException {
        if (!isRegular) {
            throw new NoSuchFileException(file.toString(), null, "is no regular file");
        }
    }

    private static long nanos(FileTime time) {
        return time.to(TimeUnit.NANOSECONDS);
    }

    /** Whether the file is there, and as it was. */
    public boolean isStillOf(Path file) {
        try {
            return equals(of(file));
        } catch (IOException e) {
            return false;
        }
    }
}
