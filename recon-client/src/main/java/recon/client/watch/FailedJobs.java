package recon.client.watch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.client.submit.FileMark;
import recon.client.submit.KnownFile;
import recon.client.submit.KnownSubmission;
import recon.common.job.JobId;

/** Tells of jobs that have failed: in the log, in the ledger, and beside their files. Thread-safe. */
final class FailedJobs {
    private static final Logger log = LoggerFactory.getLogger(FailedJobs.class);

    private final Ledger ledger;
    private final FailedFiles failed;
    private final Retries retries;
    private final AtomicInteger count = new AtomicInteger();

    FailedJobs(Ledger ledger, FailedFiles failed, Retries retries) {
        this.ledger = ledger;
        this.failed = failed;
        this.retries = retries;
    }

    /** Since the start. */
    int count() {
        return count.get();
    }

    /** The files did not become a job, and are not tried again as they are. */
    void refuse(String names, Map<String, FileMark> files, Optional<KnownFile> optionsFile, String reason) {
        count.incrementAndGet();
        log.error("failed {}, not sent: {}", names, reason);
        if (retries.note(() -> ledger.refused(files))) { // not released: as they are, they would be refused again
            Map<String, FileMark> unmarked = failed.show(files, optionsFile, reason);
            if (!unmarked.isEmpty()) {
                retries.note(() -> ledger.refusedForGood(unmarked));
            }
        }
    }

    /** The job has failed after it was sent. */
    void fail(KnownSubmission submission, JobId job, String reason) {
        count.incrementAndGet();
        log.error("failed {}, job {}: {}", names(submission), job, reason.strip());
        failed.show(marks(submission), ledger.optionsFile(submission.id()), "job " + job + " " + reason);
    }

    static String names(KnownSubmission submission) {
        return String.join(", ", marks(submission).keySet());
    }

    static Map<String, FileMark> marks(KnownSubmission submission) {
        Map<String, FileMark> marks = new LinkedHashMap<>();
        submission.files().forEach(file -> marks.put(file.path().getFileName().toString(), file.mark()));
        return marks;
    }
}
