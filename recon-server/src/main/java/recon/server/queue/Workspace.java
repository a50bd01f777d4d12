package recon.server.queue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.job.Failures;
import recon.common.job.JobId;

/**
 * Makes and removes the directories of jobs. What it makes is open to the server's user only (mode 0700).
 *
 * <p>Thread-safe: no two jobs share a path, apart from the base directories.
 */
public final class Workspace {
    private static final Logger log = LoggerFactory.getLogger(Workspace.class);
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path inputBase;
    private final Path outputBase;
    private final boolean sharedOutput;
    private final Path logs;

    /**
     * Makes the base directories where they are missing.
     *
     * @param sharedOutput all scripts write to {@code outputBase} itself
     * @param state the server's records; the logs lie below it
     * @throws IOException if one cannot be made, or others may write to it
     */
    public Workspace(Path inputBase, Path outputBase, boolean sharedOutput, Path state) throws IOException {
        this.inputBase = ownDirectory(inputBase, "RECON_SERVER_BASE_PFILE_DIR");
        this.outputBase = ownDirectory(outputBase, "RECON_SERVER_DICOM_OUTPUT_DIR");
        this.sharedOutput = sharedOutput;
        ownDirectory(state, "STATE_DIR");
        this.logs = ownDirectory(state.resolve("logs"), "STATE_DIR");
    }

    private static Path ownDirectory(Path directory, String item) throws IOException {
        try {
            Files.createDirectories(directory, attributesFor(directory));
        } catch (IOException e) {
            throw new IOException(
                    "cannot make the directory " + directory + " (" + item + "): " + Failures.words(e), e);
        }
        if (hasModes(directory)) {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(directory);
            if (mode.contains(PosixFilePermission.GROUP_WRITE) || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new IOException(directory + " (" + item + ") can be written to by other users ("
                        + PosixFilePermissions.toString(mode) + "); set " + item
                        + " to a directory of the server's own, or run: chmod go-w " + directory);
            }
            requireOwner(directory, item);
        }
        return directory;
    }

    /** The owner can write to a directory whatever its mode says. A file of ours shows who we are, whatever our name. */
    private static void requireOwner(Path directory, String item) throws IOException {
        Path probe = Files.createTempFile(directory, ".owner-", ".tmp");
        try {
            UserPrincipal owner = Files.getOwner(directory);
            UserPrincipal ourselves = Files.getOwner(probe);
            if (!owner.equals(ourselves)) {
                throw new IOException(
                        directory + " (" + item + ") belongs to " + owner.getName() + ", and this server runs as "
                                + ourselves.getName() + "; run: chown " + ourselves.getName() + " " + directory);
            }
        } finally {
            Files.delete(probe);
        }
    }

    /** Makes the directories of a new job. */
    public JobDirectories create(JobId job) throws IOException {
        Path inputs = inputBase.resolve(job.inputDirectoryName());
        Files.createDirectory(inputs, attributesFor(inputBase));
        Path outputs = outputBase;
        if (!sharedOutput) {
            outputs = outputBase.resolve(job.outputDirectoryName());
            try {
                Files.createDirectory(outputs, attributesFor(outputBase));
            } catch (IOException e) {
                Files.delete(inputs);
                throw e;
            }
        }
        return new JobDirectories(inputs, outputs, !sharedOutput, logs.resolve("job_" + job + ".log"));
    }

    /** Puts the names of the inputs on the disk; the files themselves are there already. */
    public void sync(JobDirectories job) throws IOException {
        syncDirectory(job.inputs());
        syncDirectory(inputBase);
    }

    private static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Deletes the inputs. A failure is logged, not thrown: it must not change how the job ended. */
    public void removeInputs(JobDirectories job) {
        removeTree(job.inputs());
    }

    /** Deletes the results, if they are the job's own. A failure is logged. */
    public void removeOutputs(JobDirectories job) {
        if (job.outputsAreOwn()) {
            removeTree(job.outputs());
        }
    }

    private static void removeTree(Path root) {
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                    Files.delete(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException gone) {
            log.debug("{} was removed already", root);
        } catch (IOException e) {
            log.error("{} cannot be removed; remove it by hand: {}", root, e.toString());
        }
    }

    private static FileAttribute<?>[] attributesFor(Path directory) {
        return hasModes(directory) ? new FileAttribute<?>[] {OWNER_ONLY} : new FileAttribute<?>[0];
    }

    private static boolean hasModes(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
