package recon.server.queue;

import java.io.Closeable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import recon.common.job.JobChange;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.JobSummary;
import recon.common.job.Priority;
import recon.common.job.SubmissionId;

/**
 * The durable record of every job. Thread-safe.
 *
 * <p>Each change is one transaction, on the disk when the call returns, and adds a line to the job's history. A change of
 * state names the state it comes from: of two threads that want to take the same job, one is told that it cannot. After a
 * {@link StoreException} nothing has changed for this run of the server. (Where the disk failed in the very moment of the
 * commit, a crash right after it may bring the change back: then a row without its files fails at the next start.)
 */
public interface JobStore extends Closeable {
    /** When this store was made. A directory older than that is none that a job of this store left behind. */
    Instant createdAt();

    /** When any job last came to its state; when the store was made if it has none. */
    Instant lastChange() throws StoreException;

    /**
     * Records a job in state {@code RECEIVING}.
     *
     * @throws IllegalStateException if the job or its submission is recorded already
     */
    void add(NewJob job) throws StoreException;

    /** Forgets a job that was {@code RECEIVING} and will never be whole. No other job is touched. */
    void discard(JobId job) throws StoreException;

    /**
     * {@code RECEIVING} to {@code QUEUED}: the job is accepted.
     *
     * @param inputs its files, all whole and on the disk
     * @return its place, behind all others of its priority
     * @throws IllegalStateException if the job is not receiving
     */
    QueuePlace queue(JobId job, List<StoredFile> inputs) throws StoreException;

    /**
     * {@code QUEUED} to {@code RUNNING}, and one attempt more.
     *
     * @return empty if the job is not queued any more
     */
    Optional<JobRecord> start(JobId job) throws StoreException;

    /**
     * {@code RUNNING} to {@code DELIVERING}.
     *
     * @param results all on the disk, in the order in which they will be sent
     * @param until how long they stay if nobody fetches them
     * @return false if the job is not running any more
     */
    boolean finish(JobId job, List<StoredFile> results, String reason, Instant until) throws StoreException;

    /**
     * Back to {@code QUEUED}, at its old place, from {@code RUNNING}: its script was interrupted and will run again.
     *
     * @param counts whether the attempt counts
     * @return empty if the job is not running any more
     */
    Optional<QueuePlace> requeue(JobId job, String reason, boolean counts) throws StoreException;

    /**
     * Back to {@code QUEUED}, behind all others of its priority and as if it had never run, from {@code FAILED} or
     * {@code CANCELLED}, if its inputs are kept.
     *
     * @return empty if it is in another state, or its inputs are gone
     */
    Optional<QueuePlace> rerun(JobId job, String reason, String by) throws StoreException;

    /**
     * Any other change of state: to one in which the job has ended.
     *
     * @param reason for people; may hold several lines, of which the history keeps the first
     * @param by who did it, as in {@link JobChange}
     * @param kept which of its files stay
     * @return false if the job is not in state {@code from} any more
     * @throws IllegalArgumentException if a job in state {@code to} has not ended
     */
    boolean move(JobId job, JobState from, JobState to, String reason, String by, Kept kept) throws StoreException;

    /**
     * Adds a line to the history of a job that stays in its state; its files stay as {@code kept} says.
     *
     * @return false if the job is not in that state any more
     */
    boolean note(JobId job, JobState state, String reason, String by, Kept kept) throws StoreException;

    Optional<JobRecord> find(JobId job) throws StoreException;

    Optional<JobRecord> find(SubmissionId submission) throws StoreException;

    /** The input files, the primary one first; none while they come in. */
    List<StoredFile> inputs(JobId job) throws StoreException;

    /** The results, in the order in which they are sent; none before the script has ended. */
    List<StoredFile> results(JobId job) throws StoreException;

    /** Oldest first. */
    List<JobChange> history(JobId job) throws StoreException;

    /**
     * Jobs that have not ended: those that run, then those that wait in the order in which they will run, then those that
     * come in, then those whose results wait for a client.
     */
    List<JobSummary> active(int limit) throws StoreException;

    /** As {@link #active(int)}, of one owner. */
    List<JobSummary> active(String owner, int limit) throws StoreException;

    /** Ended jobs, the newest end first. */
    List<JobSummary> ended(int limit) throws StoreException;

    /** As {@link #ended(int)}, of one owner. */
    List<JobSummary> ended(String owner, int limit) throws StoreException;

    /** How many jobs are in each state; states without any are left out. */
    Map<JobState, Integer> counts() throws StoreException;

    /** As {@link #counts()}, of one owner. */
    Map<JobState, Integer> counts(String owner) throws StoreException;

    /** The jobs that wait, in order. */
    List<QueuePlace> queued() throws StoreException;

    List<JobRecord> inState(JobState state) throws StoreException;

    /** Ended jobs whose inputs were to be kept until then. */
    List<JobRecord> inputsDue(Instant now) throws StoreException;

    /** Jobs whose results were to be kept until then. */
    List<JobRecord> resultsDue(Instant now) throws StoreException;

    /** The jobs whose input directory is needed: receiving, queued, running, or ended with inputs kept. */
    Set<JobId> holdingInputs() throws StoreException;

    /** The jobs whose output directory is, or may soon be needed: queued, running, delivering, or ended with results kept. */
    Set<JobId> holdingResults() throws StoreException;

    /**
     * Another priority for a job that is {@code QUEUED}: its place is where it would be had it been submitted so.
     *
     * @param reason for the history
     * @return empty if it is in another state
     */
    Optional<QueuePlace> prioritize(JobId job, Priority priority, String reason, String by) throws StoreException;

    /** Jobs that came to their state since then, the newest change first. */
    List<JobSummary> changedSince(JobState state, Instant since, int limit) throws StoreException;

    /** Since when the job waits that has waited longest; empty if none waits. */
    Optional<Instant> oldestQueued() throws StoreException;

    /**
     * Forgets jobs that ended before that, with their histories, and of which no files are kept.
     *
     * @return those that are forgotten now; empty if none are left
     */
    List<JobId> forgetEnded(Instant before, int limit) throws StoreException;

    /** Adds to the record of what was done to the server as a whole. */
    void recordAction(String action, String by) throws StoreException;

    AdminSettings adminSettings() throws StoreException;

    /** Sets whether no new jobs are taken, and records it as {@link #recordAction} does. */
    void setDraining(boolean draining, String action, String by) throws StoreException;

    /** Sets how many jobs may run at once, as in {@link AdminSettings}, and records it as {@link #recordAction} does. */
    void setMaxJobs(int maxJobs, int insteadOf, String action, String by) throws StoreException;

    /** What was done to the server as a whole, the newest first. */
    List<AdminAction> actions(int limit) throws StoreException;
}
