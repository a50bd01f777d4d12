package recon.server.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import recon.common.job.JobId;
import recon.common.job.ReconOptions;
import recon.server.script.ScriptOutcome;
import recon.server.script.ScriptRun;
import recon.server.testing.FakeScript;

@Timeout(20)
class CancellableScriptTest {
    private static final String BY = "192.0.2.9";

    private final JobId job = JobId.random();

    private ScriptRun run(JobId id) {
        Path none = Path.of("none");
        return new ScriptRun(id, none, none, none, ReconOptions.NONE);
    }

    private CompletableFuture<ScriptOutcome> runInThread(CancellableScript script, JobId id) {
        CompletableFuture<ScriptOutcome> outcome = new CompletableFuture<>();
        new Thread(
                        () -> {
                            try {
                                outcome.complete(script.run(run(id)));
                            } catch (Exception e) {
                                outcome.completeExceptionally(e);
                            }
                        },
                        "worker")
                .start();
        return outcome;
    }

    private static void requireInterrupted(CompletableFuture<ScriptOutcome> outcome) {
        assertThatThrownBy(() -> outcome.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void aCancelEndsTheRunOfThatJobOnly() throws Exception {
        CountDownLatch letGo = new CountDownLatch(1);
        FakeScript fake = new FakeScript(run -> {
            letGo.await();
            return FakeScript.GOOD;
        });
        CancellableScript script = new CancellableScript(fake);
        JobId other = JobId.random();
        script.take(job);
        script.take(other);
        CompletableFuture<ScriptOutcome> cancelled = runInThread(script, job);
        CompletableFuture<ScriptOutcome> goesOn = runInThread(script, other);
        fake.awaitStart();
        fake.awaitStart();
        script.cancel(job, BY);
        requireInterrupted(cancelled);
        assertThat(script.cancelledBy(job)).contains(BY);
        assertThat(script.cancelledBy(other)).isEmpty();
        letGo.countDown();
        assertThat(goesOn.get(10, TimeUnit.SECONDS)).isEqualTo(FakeScript.GOOD);
    }

    @Test
    void aCancelThatComesBeforeTheScriptKeepsItFromStarting() {
        CancellableScript script = new CancellableScript(FakeScript.hasABug());
        script.take(job);
        script.cancel(job, BY);
        assertThatThrownBy(() -> script.run(run(job))).isInstanceOf(InterruptedException.class);
    }

    @Test
    void whoCancelledFirstIsRemembered() {
        CancellableScript script = new CancellableScript(FakeScript.hasABug());
        script.take(job);
        script.cancel(job, BY);
        script.cancel(job, "192.0.2.10");
        assertThat(script.cancelledBy(job)).contains(BY);
    }

    @Test
    void aJobThatNoWorkerHasIsNotCancelledAndMayRunAgainLater() throws Exception {
        CancellableScript script = new CancellableScript(FakeScript.ends(FakeScript.GOOD));
        script.cancel(job, BY);
        assertThat(script.cancelledBy(job)).isEmpty();
        script.take(job);
        script.cancel(job, BY);
        script.release(job);
        script.take(job);
        assertThat(script.cancelledBy(job)).isEmpty();
        assertThat(script.run(run(job))).isEqualTo(FakeScript.GOOD);
    }

    @Test
    void aCancelAfterTheRunDoesNotMeetWhatItsThreadDoesNext() throws Exception {
        CancellableScript script = new CancellableScript(FakeScript.ends(FakeScript.GOOD));
        script.take(job);
        script.run(run(job));
        script.cancel(job, BY);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(script.cancelledBy(job)).contains(BY);
    }

    @Test
    void aCancelInTheLastMomentOfTheRunDoesNotEither() throws Exception {
        CancellableScript[] itself = new CancellableScript[1];
        itself[0] = new CancellableScript(new FakeScript(run -> {
            itself[0].cancel(run.job(), BY);
            return FakeScript.GOOD;
        }));
        itself[0].take(job);
        assertThat(itself[0].run(run(job))).isEqualTo(FakeScript.GOOD);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aServerThatStopsEndsAllAndStartsNone() throws Exception {
        FakeScript fake = FakeScript.waitsFor(new CountDownLatch(1));
        CancellableScript script = new CancellableScript(fake);
        CompletableFuture<ScriptOutcome> outcome = runInThread(script, job);
        fake.awaitStart();
        script.cancelAll();
        requireInterrupted(outcome);
        assertThatThrownBy(() -> script.run(run(job))).isInstanceOf(InterruptedException.class);
        assertThat(script.cancelledBy(job)).isEmpty();
    }
}
