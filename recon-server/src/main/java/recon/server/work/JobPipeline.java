package recon.server.work;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import recon.common.job.Failures;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.ResultPath;
import recon.server.delivery.ResultSender;
import recon.server.queue.JobDirectories;
import recon.server.queue.JobStore;
import recon.server.queue.QueuedJob;
import recon.server.script.ReconScript;
import recon.server.script.ResultFiles;
import recon.server.script.ScriptOutcome;
import recon.server.script.ScriptRun;
import recon.server.script.SharedOutput;

/**
 * The whole life of a job after the queue, top to bottom. Each step takes what the one above returned, and none calls
 * back up. Used by one worker thread at a time for each job; the instance is shared.
 */
final class JobPipeline {
    static final String STOPPING = "the server is stopping; submit the job again later";

    private static final Logger log = LoggerFactory.getLogger(JobPipeline.class);

    private final JobStore store;
    private final ReconScript script;

    JobPipeline(JobStore store, ReconScript script) {
        this.store = store;
        this.script = script;
    }

    /** What a script run came to: results, or the reason why there are none. */
    private record Run(List<ResultPath> results, Optional<String> failure, boolean outputsAreWanted) {
        static Run failed(String reason) {
            return new Run(List.of(), Optional.of(reason), false);
        }
    }

    /** @throws InterruptedException if the worker was told to stop; the client has been told too by then */
    void run(QueuedJob job) throws InterruptedException {
        try (job;
                MDC.MDCCloseable id = MDC.putCloseable("job", job.id().toString());
                MDC.MDCCloseable client = MDC.putCloseable(
                        "client", job.channel().peer().getAddress().getHostAddress())) {
            store.move(job.id(), JobState.QUEUED, JobState.RUNNING, "");
            ResultSender sender =
                    new ResultSender(job.channel(), job.id(), job.request().primaryFile());
            Run run;
            try {
                run = runScript(job);
            } catch (InterruptedException e) {
                job.workspace().removeInputs(job.directories());
                job.workspace().removeOutputs(job.directories());
                fail(job, JobState.RUNNING, STOPPING, sender);
                throw e;
            }
            // The client may take long to listen, and the inputs are of no more use.
            job.workspace().removeInputs(job.directories());
            if (run.failure().isPresent()) {
                if (!run.outputsAreWanted()) {
                    job.workspace().removeOutputs(job.directories());
                }
                fail(job, JobState.RUNNING, run.failure().get(), sender);
            } else {
                deliver(job, run.results(), sender);
            }
        } catch (IOException e) {
            log.debug("closing the connection failed: {}", e.toString());
        }
    }

    private Run runScript(QueuedJob job) throws InterruptedException {
        JobDirectories directories = job.directories();
        try {
            Optional<SharedOutput> before = directories.outputsAreOwn()
                    ? Optional.empty()
                    : Optional.of(SharedOutput.before(directories.outputs()));
            log.info("running the script");
            ScriptOutcome outcome = script.run(new ScriptRun(
                    job.id(),
                    directories.inputs(),
                    directories.outputs(),
                    directories.log(),
                    job.request().options()));
            log.info("{}", outcome.reason());
            if (!(outcome instanceof ScriptOutcome.Succeeded)) {
                String lastOutput = outcome.lastOutput().strip();
                return Run.failed(outcome.reason() + (lastOutput.isEmpty() ? "" : "\n" + lastOutput));
            }
            return results(directories, before);
        } catch (IOException e) {
            log.error("the job's files cannot be handled", e);
            return Run.failed("on the server: " + Failures.words(e));
        } catch (RuntimeException e) {
            log.error("the job met a bug of the server", e);
            return Run.failed("on the server: " + e);
        }
    }

    /** What the script left. Should it be of no use as it is, it stays: it may have taken hours. */
    private static Run results(JobDirectories directories, Optional<SharedOutput> before) {
        try {
            List<ResultPath> results =
                    before.isPresent() ? before.get().changed() : ResultFiles.list(directories.outputs());
            return new Run(results, Optional.empty(), true);
        } catch (IOException e) {
            String reason = "the script succeeded, but its results cannot be sent: " + Failures.words(e)
                    + "; they are kept on the server in " + directories.outputs();
            return new Run(List.of(), Optional.of(reason), true);
        }
    }

    private void deliver(QueuedJob job, List<ResultPath> results, ResultSender sender) {
        store.move(job.id(), JobState.RUNNING, JobState.DELIVERING, "");
        try {
            sender.sendResults(job.directories().outputs(), results, job.resultPaths());
        } catch (IOException | RuntimeException e) {
            store.move(job.id(), JobState.DELIVERING, JobState.FAILED, e.toString());
            log.error(
                    "the client did not get all {} results, they are kept in {}: {}",
                    results.size(),
                    job.directories().outputs(),
                    e.toString());
            return;
        }
        store.move(job.id(), JobState.DELIVERING, JobState.DELIVERED, "");
        log.info("delivered {} files", results.size());
        job.workspace().removeOutputs(job.directories());
    }

    private void fail(QueuedJob job, JobState from, String reason, ResultSender sender) {
        store.move(job.id(), from, JobState.FAILED, reason);
        log.warn("failed: {}", firstLine(reason));
        tell(job.id(), reason, sender);
    }

    /** Tells the client of a job that will not run. The job is still the caller's to close. */
    void refuse(QueuedJob job, String reason) {
        try (MDC.MDCCloseable id = MDC.putCloseable("job", job.id().toString());
                MDC.MDCCloseable client = MDC.putCloseable(
                        "client", job.channel().peer().getAddress().getHostAddress())) {
            ResultSender sender =
                    new ResultSender(job.channel(), job.id(), job.request().primaryFile());
            job.workspace().removeInputs(job.directories());
            job.workspace().removeOutputs(job.directories());
            fail(job, JobState.QUEUED, reason, sender);
        }
    }

    private static void tell(JobId job, String reason, ResultSender sender) {
        try {
            sender.sendFailure(reason);
        } catch (IOException e) {
            log.info("the client was not there to hear that job {} failed: {}", job, e.toString());
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
