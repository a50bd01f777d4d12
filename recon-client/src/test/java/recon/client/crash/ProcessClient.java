package recon.client.crash;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The real client, a process for each job, which may be killed at a random moment. */
final class ProcessClient implements LoadClient {
    private static final int LONGEST_LIFE_MILLIS = 3000;
    private static final int LONGEST_LIFE_WITH_JOB_MILLIS = 400;

    private final CrashSite site;
    private final int port;
    private final int killPercent;
    private final SplittableRandom random;

    /** @param killPercent how many of its processes are killed */
    ProcessClient(CrashSite site, int port, int killPercent, long seed) {
        this.site = site;
        this.port = port;
        this.killPercent = killPercent;
        this.random = new SplittableRandom(seed);
    }

    @Override
    public void carryOut(Workload.Job job) throws Exception {
        List<String> words = new ArrayList<>(List.of("--files"));
        job.files.inputs().forEach(file -> words.add(file.toString()));
        words.addAll(List.of(
                "--recon-options", job.options, "--output", job.downloads().toString()));
        ClientRun run = site.client(port, words.toArray(String[]::new));
        boolean doomed = random.nextInt(100) < killPercent;
        if (doomed && diesEarly(run)) {
            run.kill();
            job.abandoned(run.job().orElse(""));
            return;
        }
        int exit = run.end(LIMIT);
        if (exit == 0) {
            job.complete(run.job().orElseThrow());
        } else if (run.gaveUpUnheard()) {
            job.notAccepted();
        } else {
            throw new IOException(job.label + ": the client ended with code " + exit + ": " + run.said());
        }
        run.forget();
    }

    /** Half of those that are killed know by then that their job is accepted. Returns whether it still runs at its end. */
    private boolean diesEarly(ClientRun run) throws Exception {
        if (random.nextBoolean()) {
            return !run.endsWithin(random.nextInt(LONGEST_LIFE_MILLIS));
        }
        Patience.until(LIMIT, () -> run.job().isPresent() || run.endsWithin(0));
        return !run.endsWithin(random.nextInt(LONGEST_LIFE_WITH_JOB_MILLIS));
    }
}
