package recon.server.testing;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import recon.server.script.ReconScript;
import recon.server.script.ScriptOutcome;
import recon.server.script.ScriptRun;

/** A reconstruction without a process, good or with a named fault. */
public final class FakeScript implements ReconScript {
    public static final ScriptOutcome GOOD = new ScriptOutcome.Succeeded(Duration.ofSeconds(1));

    /** What a run does. */
    @FunctionalInterface
    public interface Behaviour {
        ScriptOutcome run(ScriptRun run) throws IOException, InterruptedException;
    }

    private final Behaviour behaviour;
    private final BlockingQueue<ScriptRun> started = new LinkedBlockingQueue<>();

    public FakeScript(Behaviour behaviour) {
        this.behaviour = behaviour;
    }

    public static FakeScript copiesInputs() {
        return new FakeScript(FakeScript::copyInputs);
    }

    /** Writes files that hold their own path. */
    public static FakeScript writes(String... paths) {
        return new FakeScript(run -> {
            for (String path : paths) {
                Path file = run.outputs().resolve(path);
                Files.createDirectories(file.getParent());
                Files.writeString(file, path);
            }
            return GOOD;
        });
    }

    public static FakeScript ends(ScriptOutcome outcome) {
        return new FakeScript(run -> outcome);
    }

    public static FakeScript breaksWith(IOException failure) {
        return new FakeScript(run -> {
            throw failure;
        });
    }

    public static FakeScript hasABug() {
        return new FakeScript(run -> {
            throw new IllegalStateException("a bug, made on purpose");
        });
    }

    /** Copies the inputs once it is let go; ends at once when it is interrupted. */
    public static FakeScript waitsFor(CountDownLatch letGo) {
        return new FakeScript(run -> {
            letGo.await();
            return copyInputs(run);
        });
    }

    /** Runs until it is interrupted twice, as a script does that does not care for SIGTERM. */
    public static FakeScript needsTwoInterrupts(CountDownLatch ended) {
        return new FakeScript(run -> {
            CountDownLatch never = new CountDownLatch(1);
            try {
                never.await();
            } catch (InterruptedException first) {
                try {
                    never.await();
                } finally {
                    ended.countDown();
                }
            }
            return GOOD;
        });
    }

    private static ScriptOutcome copyInputs(ScriptRun run) throws IOException {
        try (DirectoryStream<Path> inputs = Files.newDirectoryStream(run.inputs())) {
            for (Path input : inputs) {
                Files.copy(input, run.outputs().resolve(input.getFileName()));
            }
        }
        return GOOD;
    }

    /** Waits until the next run has begun. */
    public ScriptRun awaitStart() throws InterruptedException {
        ScriptRun run = started.poll(20, TimeUnit.SECONDS);
        if (run == null) {
            throw new AssertionError("no job has reached the script in 20 s");
        }
        return run;
    }

    @Override
    public ScriptOutcome run(ScriptRun run) throws IOException, InterruptedException {
        started.add(run);
        return behaviour.run(run);
    }
}
