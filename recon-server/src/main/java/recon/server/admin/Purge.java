package recon.server.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.job.JobId;
import recon.common.wire.AdminReport;
import recon.server.queue.JobControl.NotPossibleException;
import recon.server.queue.JobDirectories;
import recon.server.queue.StoreException;

/** Forgets jobs that ended long ago. The rows go first: what is left behind by a crash in between is swept later. */
record Purge(Controls controls) {
    private static final Logger log = LoggerFactory.getLogger(Purge.class);

    /** A client that has lost its connection may still ask how its job ended. */
    private static final Duration SHORTEST = Duration.ofHours(1);

    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** At a time, so that workers and uploads need not wait long for their turn to record something. */
    private static final int BATCH = 200;

    AdminReport.Done run(Duration olderThan, String by) throws StoreException, NotPossibleException {
        if (olderThan.compareTo(SHORTEST) < 0 || olderThan.compareTo(LONGEST) > 0) {
            throw new NotPossibleException("only jobs that ended 1 hour to 36,500 days ago can be purged; a client may"
                    + " still ask for younger ones");
        }
        Instant before = controls.clock().instant().minus(olderThan);
        controls.store().recordAction("purge of jobs that ended before " + before, by);
        long jobs = 0;
        List<JobId> forgotten = controls.store().forgetEnded(before, BATCH);
        for (; !forgotten.isEmpty(); forgotten = controls.store().forgetEnded(before, BATCH)) {
            for (JobId job : forgotten) {
                JobDirectories directories = controls.workspace().directories(job);
                controls.workspace().removeInputs(directories);
                controls.workspace().removeOutputs(directories);
                controls.workspace().removeLog(directories);
            }
            jobs += forgotten.size();
        }
        controls.store().recordAction("purged " + jobs + " jobs that ended before " + before, by);
        log.info("purged {} jobs that ended before {}", jobs, before);
        return new AdminReport.Done(
                "forgot " + jobs + (jobs == 1 ? " job" : " jobs")
                        + "; jobs whose files are still kept stay (RESULT_RETENTION_HOURS and the others)",
                Map.of("jobs", jobs));
    }
}
