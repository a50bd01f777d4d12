package recon.client.crash;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import recon.client.ClientException;
import recon.client.ReconClient;
import recon.client.retry.Timing;
import recon.client.submit.InputFiles;
import recon.client.submit.JobListener;
import recon.client.submit.JobOutcome;
import recon.common.job.JobId;
import recon.common.job.Priority;
import recon.common.options.OptionsException;
import recon.common.wire.ReconOptionsJson;

/** The client's own code within this process; it starts no JVM for each job, and is less patient between attempts. */
final class InProcessClient implements LoadClient {
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(400);

    private final CrashSite site;
    private final int port;

    InProcessClient(CrashSite site, int port) {
        this.site = site;
        this.port = port;
    }

    private ReconClient newClient() throws IOException {
        Timing timing = new Timing(
                new SplittableRandom(),
                (over, time) -> over.await(Math.min(time.toNanos(), LONGEST_PAUSE.toNanos()), TimeUnit.NANOSECONDS));
        try {
            return new ReconClient(site.clientSettings(port), timing, line -> {});
        } catch (OptionsException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void carryOut(Workload.Job job) throws Exception {
        Told told = new Told();
        try (ReconClient client = newClient()) {
            JobOutcome outcome = client.run(
                    InputFiles.request(job.files.inputs(), ReconOptionsJson.parse(job.options)),
                    Priority.NORMAL,
                    job.downloads(),
                    Optional.empty(),
                    told);
            if (outcome instanceof JobOutcome.Completed completed) {
                job.complete(completed.job().toString());
            } else {
                throw new IOException(job.label + " failed: " + outcome);
            }
        } catch (ClientException e) {
            if (told.job.isPresent() || !mayBeTriedAgain(e)) {
                throw new IOException(job.label + " " + told.job + ": " + e.kind() + " " + e.getMessage(), e);
            }
            job.notAccepted();
            Patience.pause(Duration.ofMillis(50));
        }
    }

    /** A client does not wait for a server that it has never heard of, and takes one that hangs up for one with another key. */
    private static boolean mayBeTriedAgain(ClientException e) {
        return switch (e.kind()) {
            case CANNOT_CONNECT, LOST -> true;
            case REFUSED -> e.getMessage().contains(ClientRun.HUNG_UP);
            case JOB_FAILED, TIMED_OUT -> false;
        };
    }

    /** As {@code --fetch}, into the job's folder of results. */
    void fetch(String id, Workload.Job job) throws Exception {
        try (ReconClient client = newClient()) {
            JobOutcome outcome = client.fetch(JobId.parse(id), job.downloads(), Optional.empty(), new JobListener() {});
            if (!(outcome instanceof JobOutcome.Completed)) {
                throw new IOException(job.label + " cannot be fetched: " + outcome);
            }
        }
        job.complete(id);
    }

    /** Remembers which job it became. */
    private static final class Told implements JobListener {
        private Optional<JobId> job = Optional.empty();

        @Override
        public void queued(JobId id) {
            job = Optional.of(id);
        }
    }
}
