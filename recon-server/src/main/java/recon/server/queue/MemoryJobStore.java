package recon.server.queue;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.JobSummary;

/** Keeps the jobs of one run of the server, until they end. */
@ThreadSafe
public final class MemoryJobStore implements JobStore {
    private static final Set<JobState> ENDED = EnumSet.of(JobState.DELIVERED, JobState.FAILED);
    private static final Comparator<JobSummary> FURTHEST_FIRST =
            Comparator.comparing(JobSummary::state).reversed();

    /** In the order in which they came to the state that they are in. */
    @GuardedBy("this")
    private final Map<JobId, JobSummary> jobs = new LinkedHashMap<>();

    @Override
    public synchronized void add(JobSummary job) {
        if (jobs.putIfAbsent(job.id(), job) != null) {
            throw new IllegalStateException("job " + job.id() + " is recorded already");
        }
    }

    @Override
    public synchronized void move(JobId id, JobState from, JobState to, String reason) {
        JobSummary job = jobs.get(id);
        if (job == null || job.state() != from) {
            throw new IllegalStateException("job " + id + " cannot go from " + from.word() + " to " + to.word() + ": "
                    + (job == null
                            ? "there is no such job"
                            : "it is " + job.state().word()));
        }
        jobs.remove(id); // to be put last: jobs run in the order in which their uploads end
        if (!ENDED.contains(to)) {
            jobs.put(
                    id,
                    new JobSummary(
                            id,
                            to,
                            job.priority(),
                            job.primaryFile(),
                            job.fileCount(),
                            job.submittedAt(),
                            job.submittedAt(),
                            reason));
        }
    }

    @Override
    public synchronized List<JobSummary> active() {
        return jobs.values().stream().sorted(FURTHEST_FIRST).toList(); // a stable sort: else as they came
    }

    @Override
    public synchronized int count(JobState state) {
        return (int) jobs.values().stream().filter(job -> job.state() == state).count();
    }
}
