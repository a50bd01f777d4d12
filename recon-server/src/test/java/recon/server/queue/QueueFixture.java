package recon.server.queue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.Priority;

/** A store, a queue and a disk with jobs in every state, at a time that the test sets. */
final class QueueFixture implements AutoCloseable {
    static final Retention RETENTION = new Retention(Duration.ofHours(1), Duration.ofHours(2), Duration.ofHours(3));

    final SettableClock clock = new SettableClock();
    final Workspace workspace;
    final SqliteJobStore store;
    final JobQueue queue = new JobQueue(100);
    final JobWatches watches = new JobWatches();

    /** Stands still until it is told to go on. */
    static final class SettableClock extends Clock {
        private Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

        void advance(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    QueueFixture(Path directory) throws IOException {
        workspace = new Workspace(directory.resolve("in"), directory.resolve("out"), false, directory.resolve("state"));
        store = SqliteJobStore.open(workspace.state(), clock);
    }

    JobDirectories directories(JobId job) {
        return workspace.directories(job);
    }

    JobRecord record(JobId job) throws IOException {
        return store.find(job).orElseThrow();
    }

    JobId receiving() throws IOException {
        NewJob job = StoreSamples.newJob(Priority.NORMAL, "P1.7");
        store.add(job);
        JobDirectories directories = workspace.createInputs(job.id());
        Files.writeString(directories.inputs().resolve("P1.7"), "raw");
        return job.id();
    }

    JobId queued() throws IOException {
        JobId job = receiving();
        queue.add(store.queue(job, List.of(StoreSamples.file("P1.7", 3))));
        return job;
    }

    JobId running() throws IOException {
        JobId job = queued();
        queue.remove(job);
        store.start(job);
        workspace.createOutputs(directories(job));
        Files.writeString(directories(job).outputs().resolve("1.dcm"), "image");
        Files.writeString(directories(job).log(), "what the script said");
        return job;
    }

    JobId delivering() throws IOException {
        JobId job = running();
        store.finish(job, List.of(StoreSamples.file("1.dcm", 5)), "done", RETENTION.endOfUndelivered(clock.instant()));
        workspace.removeInputs(directories(job));
        return job;
    }

    JobId delivered() throws IOException {
        JobId job = delivering();
        store.move(
                job,
                JobState.DELIVERING,
                JobState.DELIVERED,
                "delivered",
                StoreSamples.CLIENT,
                RETENTION.ofDelivered(clock.instant()));
        return job;
    }

    /** @param kept what the record says; its inputs lie on the disk either way */
    JobId failed(Kept kept) throws IOException {
        JobId job = running();
        store.move(job, JobState.RUNNING, JobState.FAILED, "exit code 3", "server", kept);
        workspace.removeOutputs(directories(job));
        return job;
    }

    @Override
    public void close() {
        store.close();
    }
}
