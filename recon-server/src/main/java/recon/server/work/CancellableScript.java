package recon.server.work;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import recon.server.script.ReconScript;
import recon.server.script.ScriptOutcome;
import recon.server.script.ScriptRun;

/**
 * A script whose runs can be ended from outside. Only threads that are inside a run are interrupted: one that delivers
 * results would lose the file that it reads, and one that waits needs no interrupt.
 */
@ThreadSafe
final class CancellableScript implements ReconScript {
    @SuppressWarnings("Immutable") // any number of threads may run it, as its contract says
    private final ReconScript script;

    @GuardedBy("this")
    private final Set<Thread> inside = new HashSet<>();

    @GuardedBy("this")
    private boolean cancelled;

    CancellableScript(ReconScript script) {
        this.script = script;
    }

    @Override
    public ScriptOutcome run(ScriptRun run) throws IOException, InterruptedException {
        enter();
        try {
            return script.run(run);
        } finally {
            leave();
        }
    }

    /** Ends all runs, and lets none begin any more. A second call cuts the grace short that scripts have. */
    synchronized void cancel() {
        cancelled = true;
        inside.forEach(Thread::interrupt);
    }

    private synchronized void enter() throws InterruptedException {
        if (cancelled) {
            throw new InterruptedException("no more scripts are run");
        }
        inside.add(Thread.currentThread());
    }

    /** An interrupt that comes as the run ends is too late to matter, and must not meet what the thread does next. */
    private synchronized void leave() {
        inside.remove(Thread.currentThread());
        Thread.interrupted();
    }
}
