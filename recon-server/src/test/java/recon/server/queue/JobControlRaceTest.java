package recon.server.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.server.queue.JobControl.NotPossibleException;

/** Jobs that change between the look at them and what is done to them. */
@Timeout(20)
class JobControlRaceTest {
    private static final String BY = "192.0.2.9";

    @TempDir
    Path directory;

    private QueueFixture jobs;

    @BeforeEach
    void open() throws IOException {
        jobs = new QueueFixture(directory);
    }

    @AfterEach
    void close() {
        jobs.close();
    }

    /** What happens to a job in the wrong moment. */
    private interface Surprise {
        void happen() throws IOException;
    }

    /** The store, with something that happens right after the first look at a job. */
    private JobControl control(Surprise surprise, BiConsumer<JobId, String> cancel) {
        return control("find", surprise, cancel);
    }

    /** The store, with something that happens right after the first call of a method. */
    private JobControl control(String call, Surprise surprise, BiConsumer<JobId, String> cancel) {
        boolean[] happened = new boolean[1];
        JobStore store = (JobStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {JobStore.class}, (proxy, method, arguments) -> {
                    try {
                        Object answer = method.invoke(jobs.store, arguments);
                        if (method.getName().equals(call) && !happened[0]) {
                            happened[0] = true;
                            surprise.happen();
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return new JobControl(
                store,
                jobs.queue,
                jobs.watches,
                new FakeWorkers(cancel),
                jobs.workspace,
                QueueFixture.RETENTION,
                jobs.clock);
    }

    @Test
    void aQueuedJobThatAWorkerTakesInThisMomentIsCancelledAsARunningOne() throws Exception {
        JobId job = jobs.queued();
        JobControl control = control(() -> jobs.store.start(job), (id, by) -> end(id, by));
        control.cancel(job, BY);
        assertThat(jobs.record(job).state()).isEqualTo(JobState.CANCELLED);
        assertThat(jobs.record(job).attempts()).isEqualTo(1);
    }

    private void end(JobId job, String by) {
        try {
            jobs.store.move(job, JobState.RUNNING, JobState.CANCELLED, "cancelled by " + by, by, Kept.NOTHING);
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
        jobs.watches.changed(job);
    }

    @Test
    void resultsThatAreDeliveredInThisMomentStay() throws Exception {
        JobId job = jobs.delivering();
        JobControl control = control(
                () -> jobs.store.move(
                        job,
                        JobState.DELIVERING,
                        JobState.DELIVERED,
                        "delivered",
                        StoreSamples.CLIENT,
                        QueueFixture.RETENTION.ofDelivered(jobs.clock.instant())),
                (id, by) -> {});
        assertThatThrownBy(() -> control.cancel(job, BY))
                .isInstanceOf(NotPossibleException.class)
                .hasMessage("job " + job + " has ended already: it is delivered");
        assertThat(jobs.directories(job).outputs().resolve("1.dcm")).exists();
    }

    @Test
    void ofTwoThatRunAJobAgainTheSecondIsTold() throws Exception {
        JobId job =
                jobs.failed(Kept.inputsUntil(Optional.of(jobs.clock.instant().plusSeconds(60))));
        JobControl control = control(() -> jobs.store.rerun(job, "to run again", "192.0.2.10"), (id, by) -> {});
        assertThatThrownBy(() -> control.rerun(job, BY))
                .isInstanceOf(NotPossibleException.class)
                .hasMessage("job " + job + " has changed in this moment; look at it again");
        assertThat(jobs.queue.poll()).isEmpty(); // the first has put it there, or is about to
    }

    @Test
    void aJobThatRunsAgainRightAfterItsCancelKeepsItsNewPlace() throws Exception {
        JobId job = jobs.queued();
        JobControl second = control(() -> {}, (id, by) -> {});
        JobControl first = control(
                "move",
                () -> {
                    try {
                        second.rerun(job, "192.0.2.10");
                    } catch (NotPossibleException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                },
                (id, by) -> {});
        first.cancel(job, BY);
        assertThat(jobs.record(job).state()).isEqualTo(JobState.QUEUED);
        assertThat(jobs.queue.poll()).contains(jobs.store.queued().get(0));
        assertThat(jobs.directories(job).inputs().resolve("P1.7")).exists();
    }
}
