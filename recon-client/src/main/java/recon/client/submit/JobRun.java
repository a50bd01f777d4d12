package recon.client.submit;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import recon.client.download.ResultFolder;
import recon.client.retry.Exchange;
import recon.common.job.JobId;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;

/**
 * One job from here or from elsewhere, until its results are on this machine. Until the server has it whole, a new
 * connection submits it again; after that it asks for the job by its id.
 *
 * <p>Not thread-safe: used by one thread.
 */
public final class JobRun implements Exchange<JobOutcome> {
    private final Optional<JobSubmission> submission;
    private final Optional<JobId> submittedBefore;
    private final JobListener listener;
    private final JobResults results;
    private boolean announced;

    private JobRun(
            Optional<JobSubmission> submission,
            Optional<JobId> submittedBefore,
            ResultFolder downloads,
            JobListener listener,
            Consumer<String> trace) {
        this.submission = submission;
        this.submittedBefore = submittedBefore;
        this.listener = listener;
        this.results = new JobResults(downloads, listener, trace);
    }

    public static JobRun of(
            JobSubmission submission, ResultFolder downloads, JobListener listener, Consumer<String> trace) {
        return new JobRun(Optional.of(submission), Optional.empty(), downloads, listener, trace);
    }

    /** A job that the server has already. */
    public static JobRun of(JobId job, ResultFolder downloads, JobListener listener, Consumer<String> trace) {
        return new JobRun(Optional.empty(), Optional.of(job), downloads, listener, trace);
    }

    @Override
    public Optional<JobId> job() {
        return submittedBefore.or(() -> submission.flatMap(JobSubmission::job));
    }

    @Override
    public int stepsDone() {
        return submission.map(JobSubmission::stepsDone).orElse(0) + results.count();
    }

    @Override
    public boolean waitsWhileDraining() {
        return true;
    }

    @Override
    public Request request() throws IOException {
        Optional<JobId> job = job();
        if (submittedBefore.isPresent() && !announced) {
            announced = true;
            listener.waiting(submittedBefore.get());
        }
        return job.isPresent()
                ? new Request.OfJob(Request.OfJob.Verb.FETCH, job.get())
                : submission.orElseThrow().request();
    }

    @Override
    public JobOutcome goOn(SecureChannel channel) throws IOException {
        Optional<JobId> job = job();
        return results.await(
                channel, job.isPresent() ? job.get() : submission.orElseThrow().goOn(channel));
    }
}
