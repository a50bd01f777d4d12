package recon.server.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import recon.common.job.FileName;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.JobSummary;
import recon.common.job.Priority;

class MemoryJobStoreTest {
    private final MemoryJobStore store = new MemoryJobStore();

    private JobSummary add(String name) {
        JobSummary job = new JobSummary(
                JobId.random(),
                JobState.RECEIVING,
                Priority.NORMAL,
                new FileName(name),
                2,
                Instant.EPOCH,
                Instant.EPOCH,
                "");
        store.add(job);
        return job;
    }

    private void walk(JobSummary job, JobState... states) {
        JobState from = JobState.RECEIVING;
        for (JobState to : states) {
            store.move(job.id(), from, to, "");
            from = to;
        }
    }

    @Test
    void countsJobsByTheirStateAndForgetsThoseThatEnded() {
        JobSummary delivered = add("a");
        JobSummary failed = add("b");
        add("c");
        walk(delivered, JobState.QUEUED, JobState.RUNNING);
        assertThat(store.count(JobState.RUNNING)).isEqualTo(1);
        assertThat(store.count(JobState.RECEIVING)).isEqualTo(2);

        store.move(delivered.id(), JobState.RUNNING, JobState.DELIVERING, "");
        store.move(delivered.id(), JobState.DELIVERING, JobState.DELIVERED, "");
        walk(failed, JobState.FAILED);
        assertThat(store.active()).extracting(job -> job.primaryFile().value()).containsExactly("c");
        assertThat(store.count(JobState.DELIVERED)).isZero();
        assertThat(store.count(JobState.FAILED)).isZero();
    }

    @Test
    void aMoveKeepsEverythingButTheState() {
        JobSummary job = add("a");
        walk(job, JobState.QUEUED);
        assertThat(store.active())
                .containsExactly(new JobSummary(
                        job.id(),
                        JobState.QUEUED,
                        Priority.NORMAL,
                        job.primaryFile(),
                        2,
                        job.submittedAt(),
                        job.submittedAt(),
                        ""));
    }

    @Test
    void listsRunningJobsFirstThenTheOthersInTheOrderTheyWillRun() {
        JobSummary slowUpload = add("slow upload");
        JobSummary quickUpload = add("quick upload");
        JobSummary running = add("running");
        JobSummary delivering = add("delivering");
        add("receiving");
        walk(running, JobState.QUEUED, JobState.RUNNING);
        walk(delivering, JobState.QUEUED, JobState.RUNNING, JobState.DELIVERING);
        walk(quickUpload, JobState.QUEUED);
        walk(slowUpload, JobState.QUEUED);
        assertThat(store.active())
                .extracting(job -> job.primaryFile().value())
                .containsExactly("delivering", "running", "quick upload", "slow upload", "receiving");
    }

    @Test
    void ofTwoThatTakeTheSameJobOneFails() {
        JobSummary job = add("a");
        walk(job, JobState.QUEUED, JobState.RUNNING);
        assertThatThrownBy(() -> store.move(job.id(), JobState.QUEUED, JobState.RUNNING, ""))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("job %s cannot go from queued to running: it is running", job.id());
    }

    @Test
    void anUnknownJobCannotMoveAndAKnownOneCannotComeTwice() {
        JobId unknown = JobId.random();
        assertThatThrownBy(() -> store.move(unknown, JobState.QUEUED, JobState.FAILED, ""))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("job %s cannot go from queued to failed: there is no such job", unknown);
        JobSummary job = add("a");
        assertThatThrownBy(() -> store.add(job))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("recorded already");
    }
}
