package recon.client.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import recon.common.lifecycle.CrashPoint;

/** The client submits a job, waits for it, and comes back by itself whenever it loses the connection. */
final class ClientWaits implements PointScenario {
    /**
     * Up to here the server has said nothing. A client takes one that hangs up without a word for one with another key, and
     * ends; the person submits again.
     */
    private static final CrashPoint LAST_WITHOUT_ANSWER = CrashPoint.BEFORE_FILE_REQUEST;

    private final int scriptExit;

    /** @param scriptExit what the script ends with; a job that fails is an end too */
    ClientWaits(int scriptExit) {
        this.scriptExit = scriptExit;
    }

    @Override
    public void play(CrashSite site, CrashPoint point, Violations violations) throws Exception {
        ServerRun armed = PointScenario.startArmed(site, point).ready();
        Submission submission = Submission.of(site, scriptExit);
        ClientRun client = submission.start("downloads");
        ServerRun server = PointScenario.restart(site, point, armed, violations);

        int exit = client.end();
        if (point.compareTo(LAST_WITHOUT_ANSWER) <= 0 && client.gaveUpUnheard()) {
            client = submission.start("downloads");
            exit = client.end();
        }
        int expected = scriptExit == 0 ? 0 : 1;
        violations.check(exit == expected, "the client ended with code %d, not %d: %s", exit, expected, client.said());
        Optional<String> job = client.job();
        violations.check(job.isPresent(), "the client was never told of its job");
        Path downloads = site.path("downloads");
        if (scriptExit == 0) {
            submission.files().check(downloads, "the waiting client", violations);
        }
        SiteCheck check = new SiteCheck(site, violations);
        check.everyJobEnded(1);
        if (job.isPresent()) {
            check.ended(job.get(), scriptExit == 0 ? "delivered" : "failed");
        }
        check.nothingIsLeft(server);
    }

    /** Three files: some bytes, several messages' worth, and none. */
    record Submission(CrashSite site, JobFiles files, String options) {
        private static final int[] SIZES = {10, 300_000, 0};

        static Submission of(CrashSite site, int scriptExit) throws Exception {
            return new Submission(
                    site,
                    JobFiles.create(site.path("scan"), new SplittableRandom(), SIZES),
                    "{\"exit\":" + scriptExit + "}");
        }

        /** Waits while that file exists. */
        static Submission held(CrashSite site, Path hold) throws Exception {
            return new Submission(
                    site,
                    JobFiles.create(site.path("held-scan"), new SplittableRandom(), SIZES),
                    "{\"hold\":\"" + hold + "\"}");
        }

        /** A client that waits, and puts the results there. */
        ClientRun start(String downloads) throws IOException {
            return submit("--output", downloads);
        }

        /** A client that leaves the job as soon as it is accepted. */
        ClientRun leave() throws IOException {
            return submit("--no-wait");
        }

        private ClientRun submit(String... more) throws IOException {
            List<String> words = new ArrayList<>(List.of("--files"));
            files.inputs().forEach(file -> words.add(file.toString()));
            words.addAll(List.of("--recon-options", options));
            words.addAll(List.of(more));
            return site.client(words.toArray(String[]::new));
        }
    }
}
