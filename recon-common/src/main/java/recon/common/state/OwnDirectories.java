package recon.common.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import recon.common.job.Failures;

/** Directories that only the program's user may enter: scans and images name patients. */
public final class OwnDirectories {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private OwnDirectories() {}

    /**
     * Makes the directory where it is missing.
     *
     * @param item of the options that names it, for errors
     * @throws IOException if it cannot be made, belongs to somebody else, or others may write to it
     */
    public static Path make(Path directory, String item) throws IOException {
        try {
            Files.createDirectories(directory, attributesFor(directory));
        } catch (IOException e) {
            throw new IOException(
                    "cannot make the directory " + directory + " (" + item + "): " + Failures.words(e), e);
        }
        if (hasModes(directory)) {
            requireMode(directory, item);
            requireOwner(directory, item);
        }
        return directory;
    }

    /**
     * Checks a directory or a program that is there, and that another user, such as root, may have put there for this one.
     *
     * @param item of the options that names it, for errors
     * @throws IOException if there is none, or a user other than this one and root can write to it
     */
    public static void requireOnlyWriter(Path path, String item) throws IOException {
        if (!Files.exists(path)) {
            throw new IOException(path + " (" + item + ") does not exist");
        }
        if (!hasModes(path)) {
            return;
        }
        requireMode(path, item);
        Path probe = Files.createTempFile(".owner-", ".tmp");
        try {
            UserPrincipal owner = Files.getOwner(path);
            if (!owner.equals(Files.getOwner(probe))
                    && !Integer.valueOf(0).equals(Files.getAttribute(path, "unix:uid"))) {
                throw new IOException(path + " (" + item + ") belongs to " + owner.getName()
                        + ", who is neither this program's user nor root; run: chown root " + path);
            }
        } finally {
            Files.delete(probe);
        }
    }

    private static void requireMode(Path path, String item) throws IOException {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
        if (mode.contains(PosixFilePermission.GROUP_WRITE) || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException(path + " (" + item + ") can be written to by other users ("
                    + PosixFilePermissions.toString(mode) + "); set " + item
                    + " to a directory of this program's own, or run: chmod go-w " + path);
        }
    }

    /** The owner can write to a directory whatever its mode says. A file of ours shows who we are, whatever our name. */
    private static void requireOwner(Path directory, String item) throws IOException {
        Path probe = Files.createTempFile(directory, ".owner-", ".tmp");
        try {
            UserPrincipal owner = Files.getOwner(directory);
            UserPrincipal ourselves = Files.getOwner(probe);
            if (!owner.equals(ourselves)) {
                throw new IOException(
                        directory + " (" + item + ") belongs to " + owner.getName() + ", and this program runs as "
                                + ourselves.getName() + "; run: chown " + ourselves.getName() + " " + directory);
            }
        } finally {
            Files.delete(probe);
        }
    }

    /** The mode of a new directory below this one, where there are modes. */
    public static FileAttribute<?>[] attributesFor(Path directory) {
        return hasModes(directory) ? new FileAttribute<?>[] {OWNER_ONLY} : new FileAttribute<?>[0];
    }

    private static boolean hasModes(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
