package recon.server.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
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
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.job.Failures;
import recon.common.job.JobId;
import recon.common.job.ResultPath;
import recon.common.job.Sha256;
import recon.common.lifecycle.CrashPoint;

/**
 * Makes and removes the directories of jobs. What it makes is open to the server's user only (mode 0700).
 *
 * <p>Thread-safe: no two jobs share a path, apart from the base directories.
 */
public final class Workspace {
    private static final Logger log = LoggerFactory.getLogger(Workspace.class);
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final Pattern INPUT_DIRECTORY = Pattern.compile("job_([0-9a-f-]{36})_input");
    private static final Pattern OUTPUT_DIRECTORY = Pattern.compile("job_([0-9a-f-]{36})_output");
    private static final int READ_BYTES = 64 * 1024;

    private final Path inputBase;
    private final Path outputBase;
    private final boolean sharedOutput;
    private final Path state;
    private final Path logs;
    /** Holds the jobs' own output directories. */
    private final Path resultBase;

    /**
     * Makes the base directories where they are missing.
     *
     * @param sharedOutput all scripts write to {@code outputBase} itself, and the results are copied from there
     * @param state the server's records; the logs lie below it, and so do copied results
     * @throws IOException if one cannot be made, or others may write to it
     */
    public Workspace(Path inputBase, Path outputBase, boolean sharedOutput, Path state) throws IOException {
        this.inputBase = ownDirectory(inputBase, "RECON_SERVER_BASE_PFILE_DIR");
        this.outputBase = ownDirectory(outputBase, "RECON_SERVER_DICOM_OUTPUT_DIR");
        this.sharedOutput = sharedOutput;
        this.state = ownDirectory(state, "STATE_DIR");
        this.logs = ownDirectory(state.resolve("logs"), "STATE_DIR");
        this.resultBase = sharedOutput ? ownDirectory(state.resolve("results"), "STATE_DIR") : this.outputBase;
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

    /** The directories to lock: no other server may use any of them. */
    public List<Path> lockable() {
        return sharedOutput ? List.of(state, inputBase) : List.of(state, inputBase, outputBase);
    }

    public Path state() {
        return state;
    }

    /** Space for jobs on the disks of these directories. */
    public DiskSpace diskSpace(long minFreeBytes) throws IOException {
        return new DiskSpace(inputBase, List.of(resultBase, state), minFreeBytes);
    }

    /** Where the files of a job lie, whether or not they are there. */
    public JobDirectories directories(JobId job) {
        Path outputs = resultBase.resolve(job.outputDirectoryName());
        return new JobDirectories(
                inputBase.resolve(job.inputDirectoryName()),
                outputs,
                sharedOutput ? outputBase : outputs,
                logs.resolve(logName(job)));
    }

    private static String logName(JobId job) {
        return "job_" + job + ".log";
    }

    /** Makes the directory for the inputs of a new job. */
    public JobDirectories createInputs(JobId job) throws IOException {
        JobDirectories directories = directories(job);
        CrashPoint.BEFORE_INPUT_DIRECTORY.reach();
        Files.createDirectory(directories.inputs(), attributesFor(inputBase));
        CrashPoint.AFTER_INPUT_DIRECTORY.reach();
        return directories;
    }

    /** Puts the names of the inputs on the disk; the files themselves are there already. */
    public void syncInputs(JobDirectories job) throws IOException {
        CrashPoint.BEFORE_DIRECTORY_SYNC.reach();
        syncDirectory(job.inputs());
        syncDirectory(inputBase);
        CrashPoint.AFTER_DIRECTORY_SYNC.reach();
    }

    /**
     * Looks whether the inputs are as they came.
     *
     * @throws IOException if one is missing or has another size; in words for client and operator
     */
    public void requireInputs(JobDirectories job, List<StoredFile> inputs) throws IOException {
        for (StoredFile input : inputs) {
            Path file = input.path().resolveAgainst(job.inputs());
            if (!Files.isRegularFile(file)) {
                throw new IOException("the input " + input.path() + " is gone from the server's disk");
            }
            if (Files.size(file) != input.size()) {
                throw new IOException("the input " + input.path() + " has " + Files.size(file)
                        + " bytes on the server's disk, and had " + input.size());
            }
        }
    }

    /** Makes an empty directory for the results, whatever an earlier attempt left there. */
    public void createOutputs(JobDirectories job) throws IOException {
        deleteTree(job.outputs());
        Files.createDirectory(job.outputs(), attributesFor(resultBase));
    }

    /**
     * Takes stock of what a script has left, and puts it on the disk to stay.
     *
     * @param results below the directory the script wrote to; copied from there if it is not the job's own
     */
    public List<StoredFile> keepResults(JobDirectories job, List<ResultPath> results) throws IOException {
        List<StoredFile> kept = new ArrayList<>();
        Set<Path> parents = new LinkedHashSet<>();
        CrashPoint.BEFORE_RESULT_SYNC.reach();
        for (ResultPath result : results) {
            Path file = result.resolveAgainst(job.outputs());
            if (job.scriptOutputsAreShared()) {
                Files.createDirectories(file.getParent(), attributesFor(resultBase));
                Files.copy(result.resolveAgainst(job.scriptOutputs()), file);
            }
            kept.add(measure(result, file));
            for (Path parent = file.getParent(); parents.add(parent) && !parent.equals(job.outputs()); ) {
                parent = parent.getParent();
            }
        }
        parents.add(job.outputs());
        for (Path parent : parents) {
            syncDirectory(parent);
        }
        syncDirectory(resultBase);
        CrashPoint.AFTER_RESULT_SYNC.reach();
        return kept;
    }

    /** Reads the file once, for its digest, and syncs it. */
    private static StoredFile measure(ResultPath path, Path file) throws IOException {
        // Opened for writing where that is allowed: some systems sync nothing else.
        boolean writable = Files.isWritable(file);
        try (FileChannel channel = writable
                ? FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)
                : FileChannel.open(file, StandardOpenOption.READ)) {
            MessageDigest digest = Sha256.begin();
            ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
            long size = 0;
            for (int n = channel.read(buffer); n >= 0; n = channel.read(buffer)) {
                size += n;
                digest.update(buffer.flip());
                buffer.clear();
            }
            channel.force(true);
            return new StoredFile(path, size, Sha256.of(digest));
        }
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

    /** Deletes the results. A failure is logged; {@link #sweep} tries again. */
    public void removeOutputs(JobDirectories job) {
        removeTree(job.outputs());
    }

    /** Deletes the log of a job that will run once more. A failure is logged. */
    public void removeLog(JobDirectories job) {
        removeTree(job.log());
    }

    /** The jobs that have an input directory here. */
    public Set<JobId> withInputs() throws IOException {
        return jobsIn(inputBase, INPUT_DIRECTORY).keySet();
    }

    /** The jobs that have an output directory here. */
    public Set<JobId> withOutputs() throws IOException {
        return jobsIn(resultBase, OUTPUT_DIRECTORY).keySet();
    }

    /** Which jobs' files are needed. */
    public interface Needed {
        Set<JobId> inputs() throws IOException;

        Set<JobId> outputs() throws IOException;
    }

    /**
     * Removes the directories that no job needs.
     *
     * @param needed asked after the directories were listed, so that those of a job that is new are never among them
     * @param since older directories stay: they are none of this store's jobs
     * @return how many were removed
     */
    public int sweep(Needed needed, Instant since) throws IOException {
        Map<JobId, Path> inputs = jobsIn(inputBase, INPUT_DIRECTORY);
        Map<JobId, Path> outputs = jobsIn(resultBase, OUTPUT_DIRECTORY);
        inputs.keySet().removeAll(needed.inputs());
        outputs.keySet().removeAll(needed.outputs());
        List<Path> left = new ArrayList<>(inputs.values());
        left.addAll(outputs.values());
        int removed = 0;
        for (Path directory : left) {
            if (Files.getLastModifiedTime(directory).toInstant().isBefore(since)) {
                log.warn(
                        "{} belongs to no job of this server's records; remove it by hand if nobody needs it",
                        directory);
            } else {
                log.info("removing {}, which no job needs", directory);
                removeTree(directory);
                removed++;
            }
        }
        return removed;
    }

    /** Removes the logs of scripts that were last written to before that. */
    public void sweepLogs(Instant before) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(logs, "job_*")) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    removeTree(file);
                }
            }
        }
    }

    private static Map<JobId, Path> jobsIn(Path base, Pattern name) throws IOException {
        Map<JobId, Path> found = new LinkedHashMap<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(base, "job_*")) {
            for (Path directory : directories) {
                Matcher matcher = name.matcher(directory.getFileName().toString());
                if (matcher.matches()) {
                    found.put(JobId.parse(matcher.group(1)), directory);
                }
            }
        }
        return found;
    }

    private static void removeTree(Path root) {
        try {
            deleteTree(root);
        } catch (IOException e) {
            log.error("{} cannot be removed yet: {}", root, Failures.words(e));
        }
    }

    private static void deleteTree(Path root) throws IOException {
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
        }
    }

    private static FileAttribute<?>[] attributesFor(Path directory) {
        return hasModes(directory) ? new FileAttribute<?>[] {OWNER_ONLY} : new FileAttribute<?>[0];
    }

    private static boolean hasModes(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
