package recon.server.queue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.job.JobId;

/** Removes the directories of jobs that no job needs, where that could not be done when the job ended. */
public final class Sweep {
    private static final Logger log = LoggerFactory.getLogger(Sweep.class);

    private final JobStore store;
    private final Workspace workspace;

    public Sweep(JobStore store, Workspace workspace) {
        this.store = store;
        this.workspace = workspace;
    }

    /** Asks the store which jobs need a directory of one kind. */
    private interface Needed {
        Set<JobId> jobs() throws StoreException;
    }

    /** Removes what is not needed. */
    public void run() throws IOException {
        run(workspace.inputDirectories(), workspace.outputDirectories());
    }

    /**
     * Removes those that are not needed.
     *
     * @param inputs listed before this is called, so that directories of a job that is new are never among them
     * @param outputs as well
     */
    public void run(Map<JobId, Path> inputs, Map<JobId, Path> outputs) throws IOException {
        sweep(inputs, store::holdingInputs);
        sweep(outputs, store::holdingResults);
    }

    private void sweep(Map<JobId, Path> found, Needed needed) throws IOException {
        if (found.isEmpty()) {
            return;
        }
        Map<JobId, Path> left = new LinkedHashMap<>(found);
        left.keySet().removeAll(needed.jobs());
        for (Map.Entry<JobId, Path> candidate : left.entrySet()) {
            sweep(candidate.getKey(), candidate.getValue(), needed);
        }
    }

    private void sweep(JobId job, Path directory, Needed needed) throws IOException {
        FileTime written;
        try {
            written = Files.getLastModifiedTime(directory);
        } catch (NoSuchFileException e) {
            log.debug("{} was removed meanwhile, by the worker that had the job", directory);
            return;
        }
        if (written.toInstant().isBefore(store.createdAt())) {
            log.warn("{} is older than this server's records; remove it by hand if nobody needs it", directory);
        } else if (!needed.jobs().contains(job)) { // still: the last one may have taken long
            log.info("removing {}, which no job needs", directory);
            DiskFiles.removeTree(directory);
        }
    }

    /**
     * Renames the directories of jobs that the store does not know although they are newer than all it knows: then it is
     * an old copy that was put back, and they belong to jobs which were accepted after the copy was made.
     *
     * @param found takes the renamed ones out of it
     * @param lastChange the newest that the store knows
     */
    public void setAside(Map<JobId, Path> found, Instant lastChange) throws IOException {
        for (Map.Entry<JobId, Path> directory : List.copyOf(found.entrySet())) {
            Path path = directory.getValue();
            if (Files.getLastModifiedTime(path).toInstant().isAfter(lastChange)
                    && store.find(directory.getKey()).isEmpty()) {
                Path aside = path.resolveSibling("unknown_" + path.getFileName());
                Files.move(path, aside);
                found.remove(directory.getKey());
                log.warn(
                        "{} is newer than this server's records, which do not know its job (was an old recon.db put"
                                + " back?); it is kept as {}",
                        path,
                        aside.getFileName());
            }
        }
    }
}
