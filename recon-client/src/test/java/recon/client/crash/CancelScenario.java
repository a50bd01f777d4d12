package recon.client.crash;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import recon.common.lifecycle.CrashPoint;

/** A job is cancelled as the server dies, and once more after its restart if that has not become known. */
final class CancelScenario implements PointScenario {
    private final When when;

    CancelScenario(When when) {
        this.when = when;
    }

    /** What the job is doing. */
    enum When {
        QUEUED,
        RUNNING,
        /** Its script has ended, and nobody has come for the results. */
        UNDELIVERED
    }

    @Override
    public void play(CrashSite site, CrashPoint point, Violations violations) throws Exception {
        ServerRun armed = PointScenario.startArmed(site, point).ready();
        Path hold = Files.createFile(site.path("hold"));
        Jobs jobs = submit(site, hold);
        ClientRun cancel = site.client("--cancel", jobs.doomed());
        ServerRun server = PointScenario.restart(site, point, armed, violations);
        if (cancel.end() != 0) {
            cancel = site.client("--cancel", jobs.doomed());
            violations.check(cancel.end() == 0, "cancelling again failed: %s", cancel.said());
        }

        ClientRun waiting = when == When.UNDELIVERED
                ? site.client("--fetch", jobs.doomed(), "--output", "downloads")
                : jobs.waiting().orElseThrow();
        int exit = waiting.end();
        violations.check(
                exit == 1 && waiting.said().contains("\"status\":\"cancelled\""),
                "the client was not told that its job is cancelled: %s",
                waiting.said());
        Files.delete(hold);
        SiteCheck check = new SiteCheck(site, violations);
        if (when == When.QUEUED) {
            ClientRun fetch = site.client("--fetch", jobs.other(), "--output", "fetched");
            violations.check(fetch.end() == 0, "the other job was not delivered: %s", fetch.said());
            List<String> runs = site.script().runs();
            violations.check(!runs.contains(jobs.doomed()), "the cancelled job ran: %s", runs);
            check.everyJobEnded(2);
        } else {
            check.everyJobEnded(1);
        }
        violations.check(
                site.rows().isIn(jobs.doomed(), "cancelled"),
                "not cancelled: %s",
                site.rows().all());
        check.nothingIsLeft(server);
    }

    /**
     * @param other the one ahead of it; empty if there is none
     * @param waiting waits for the job to end, if anybody does
     */
    private record Jobs(String doomed, String other, Optional<ClientRun> waiting) {}

    private Jobs submit(CrashSite site, Path hold) throws Exception {
        if (when == When.UNDELIVERED) {
            String job = ClientWaits.Submission.of(site, 0).leave().awaitJob();
            Patience.until(Patience.LONG, () -> site.rows().isIn(job, "delivering"));
            return new Jobs(job, "", Optional.empty());
        }
        ClientWaits.Submission held = ClientWaits.Submission.held(site, hold);
        if (when == When.RUNNING) {
            ClientRun client = held.start("downloads");
            String job = client.awaitJob();
            awaitRun(site, job);
            return new Jobs(job, "", Optional.of(client));
        }
        String other = held.leave().awaitJob();
        awaitRun(site, other);
        ClientRun client = ClientWaits.Submission.of(site, 0).start("downloads");
        return new Jobs(client.awaitJob(), other, Optional.of(client));
    }

    private static void awaitRun(CrashSite site, String job) throws Exception {
        Patience.until(Patience.LONG, () -> site.script().runs().contains(job));
    }
}
