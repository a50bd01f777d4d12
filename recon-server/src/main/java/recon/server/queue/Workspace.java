package recon.server.queue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.ResultPath;
import recon.common.lifecycle.CrashPoint;
import recon.common.state.OwnDirectories;

/**
 * Makes and removes the directories of jobs. What it makes is open to the server's user only (mode 0700).
 *
 * <p>Thread-safe: no two jobs share a path, apart from the base directories.
 */
public final class Workspace {
    private static final Logger log = LoggerFactory.getLogger(Workspace.class);

    /** Names the store whose jobs' files are in a directory. */
    private static final String MARKER = ".recon-server.store";

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
        this.inputBase = OwnDirectories.make(inputBase, "RECON_SERVER_BASE_PFILE_DIR");
        this.outputBase = OwnDirectories.make(outputBase, "RECON_SERVER_DICOM_OUTPUT_DIR");
        this.sharedOutput = sharedOutput;
        this.state = OwnDirectories.make(state, "STATE_DIR");
        this.logs = OwnDirectories.make(state.resolve("logs"), "STATE_DIR");
        this.resultBase = sharedOutput ? OwnDirectories.make(state.resolve("results"), "STATE_DIR") : this.outputBase;
    }

    /** The directories to lock: no other server may use any of them. */
    public List<Path> lockable() {
        return sharedOutput ? List.of(state, inputBase) : List.of(state, inputBase, outputBase);
    }

    public Path state() {
        return state;
    }

    /**
     * Makes sure that the directories are those in which the accepted jobs' files were put. A disk that is not mounted, or
     * an item that was changed, must not cost these jobs.
     *
     * @param made when the store was made, which tells it from others
     * @param jobs how many there are in each state
     * @throws IOException if they are not; says what to do
     */
    public void claim(Instant made, Map<JobState, Integer> jobs) throws IOException {
        int waiting = jobs.getOrDefault(JobState.QUEUED, 0) + jobs.getOrDefault(JobState.RUNNING, 0);
        claim(inputBase, "RECON_SERVER_BASE_PFILE_DIR", "inputs", waiting, made.toString());
        String item =
                sharedOutput ? "RECON_OUTPUT_MODE, STATE_DIR" : "RECON_OUTPUT_MODE, RECON_SERVER_DICOM_OUTPUT_DIR";
        claim(resultBase, item, "results", jobs.getOrDefault(JobState.DELIVERING, 0), made.toString());
    }

    private static void claim(Path base, String items, String files, int jobs, String owner) throws IOException {
        Path marker = base.resolve(MARKER);
        if (Files.exists(marker) && Files.readString(marker).strip().equals(owner)) {
            return;
        }
        if (jobs > 0) {
            throw new IOException("the " + files + " of " + jobs + " accepted " + (jobs == 1 ? "job" : "jobs")
                    + " were put into another directory than " + base + ": is its disk mounted, and are the options ("
                    + items
                    + ") what they were? To start without these files, which makes the jobs fail, run: echo " + owner
                    + " > " + marker);
        }
        Files.writeString(marker, owner + System.lineSeparator());
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

    /** Makes the directory for the inputs of a new job, unless an upload that broke off has left it. */
    public JobDirectories createInputs(JobId job) throws IOException {
        JobDirectories directories = directories(job);
        CrashPoint.BEFORE_INPUT_DIRECTORY.reach();
        if (!Files.isDirectory(directories.inputs())) {
            Files.createDirectory(directories.inputs(), OwnDirectories.attributesFor(inputBase));
        }
        CrashPoint.AFTER_INPUT_DIRECTORY.reach();
        return directories;
    }

    /** How much has come in so far, of whole files and others. */
    public long inputBytes(JobId job) throws IOException {
        return DiskFiles.bytesIn(directories(job).inputs());
    }

    /** When something last came in; the beginning of time if nothing has. */
    public Instant lastInput(JobId job) throws IOException {
        return DiskFiles.lastWrite(directories(job).inputs());
    }

    /** Puts the names of the inputs on the disk; the files themselves are there already. */
    public void syncInputs(JobDirectories job) throws IOException {
        CrashPoint.BEFORE_DIRECTORY_SYNC.reach();
        DiskFiles.syncDirectory(job.inputs());
        DiskFiles.syncDirectory(inputBase);
        CrashPoint.AFTER_DIRECTORY_SYNC.reach();
    }

    /**
     * Looks whether the inputs are as they came.
     *
     * @param thoroughly read them all: they have been on the disk since an earlier run of the server, perhaps
     * @throws IOException if one is missing or has other contents; in words for client and operator
     */
    public void requireInputs(JobDirectories job, List<StoredFile> inputs, boolean thoroughly) throws IOException {
        for (StoredFile input : inputs) {
            Path file = input.path().resolveAgainst(job.inputs());
            if (!Files.isRegularFile(file)) {
                throw new IOException("the input " + input.path() + " is gone from the server's disk");
            }
            if (Files.size(file) != input.size()) {
                throw new IOException("the input " + input.path() + " has " + Files.size(file)
                        + " bytes on the server's disk, and had " + input.size());
            }
            if (thoroughly && !DiskFiles.isAsStored(input, file)) {
                throw new IOException("the input " + input.path()
                        + " has changed on the server's disk: its SHA-256 was " + input.sha256());
            }
        }
    }

    /** Makes an empty directory for the results, whatever an earlier attempt left there. */
    public void createOutputs(JobDirectories job) throws IOException {
        DiskFiles.deleteTree(job.outputs());
        Files.createDirectory(job.outputs(), OwnDirectories.attributesFor(resultBase));
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
                Files.createDirectories(file.getParent(), OwnDirectories.attributesFor(resultBase));
                Files.copy(result.resolveAgainst(job.scriptOutputs()), file);
            }
            kept.add(DiskFiles.measure(result, file));
            for (Path parent = file.getParent(); parents.add(parent) && !parent.equals(job.outputs()); ) {
                parent = parent.getParent();
            }
        }
        parents.add(job.outputs());
        for (Path parent : parents) {
            DiskFiles.syncDirectory(parent);
        }
        DiskFiles.syncDirectory(resultBase);
        CrashPoint.AFTER_RESULT_SYNC.reach();
        return kept;
    }

    /** Deletes the inputs. A failure is logged, not thrown: it must not change how the job ended. */
    public void removeInputs(JobDirectories job) {
        DiskFiles.removeTree(job.inputs());
    }

    /** Deletes the results. A failure is logged; {@link Sweep} tries again. */
    public void removeOutputs(JobDirectories job) {
        DiskFiles.removeTree(job.outputs());
    }

    /** Deletes the log of a job that will run once more. A failure is logged. */
    public void removeLog(JobDirectories job) {
        DiskFiles.removeTree(job.log());
    }

    /** The input directories that are there, of whatever job. The map is the caller's. */
    public Map<JobId, Path> inputDirectories() throws IOException {
        return directoriesIn(inputBase, JobId::inputDirectoryName);
    }

    /** The output directories that are there, of whatever job. The map is the caller's. */
    public Map<JobId, Path> outputDirectories() throws IOException {
        return directoriesIn(resultBase, JobId::outputDirectoryName);
    }

    /** Removes the logs of scripts and of modules for MRD that were last written to before that. */
    public void sweepLogs(Instant before) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(logs, "{job,mrd}_*")) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    DiskFiles.removeTree(file);
                }
            }
        }
    }

    private static Map<JobId, Path> directoriesIn(Path base, Function<JobId, String> nameOf) throws IOException {
        Map<JobId, Path> found = new LinkedHashMap<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(base, "job_*")) {
            for (Path directory : directories) {
                String name = directory.getFileName().toString();
                try {
                    JobId job = JobId.parse(name.substring(4, Math.min(name.length(), 4 + JobId.CHARS)));
                    if (name.equals(nameOf.apply(job))) {
                        found.put(job, directory);
                    }
                } catch (IllegalArgumentException noJobId) {
                    log.debug("{} is no directory of a job", directory);
                }
            }
        }
        return found;
    }
}
