package recon.client.crash;

import java.util.List;
import java.util.Optional;
import recon.common.lifecycle.CrashPoint;

/**
 * The client is killed when the server is, and does not come back. What was queued runs and waits for somebody to fetch it;
 * what was not leaves no trace once its client could not go on with it any more.
 */
final class ClientGone implements PointScenario {
    private final int scriptExit;

    ClientGone(int scriptExit) {
        this.scriptExit = scriptExit;
    }

    @Override
    public void play(CrashSite site, CrashPoint point, Violations violations) throws Exception {
        ServerRun armed = PointScenario.startArmed(site, point).ready();
        ClientWaits.Submission submission = ClientWaits.Submission.of(site, scriptExit);
        ClientRun client = submission.start("downloads");
        PointScenario.requireDeath(point, armed, violations);
        client.kill();
        ServerRun server = site.start().ready();

        SiteCheck check = new SiteCheck(site, violations);
        if (point.compareTo(CrashPoint.BEFORE_QUEUED_COMMIT) <= 0) {
            violations.check(client.job().isEmpty(), "the client was told of a job that is not queued");
            server = check.brokenUploadsExpire(server);
            check.everyJobEnded(0);
        } else {
            takeResults(site, submission, client, violations);
            check.everyJobEnded(1);
        }
        check.nothingIsLeft(server);
    }

    private void takeResults(CrashSite site, ClientWaits.Submission submission, ClientRun client, Violations violations)
            throws Exception {
        List<JobRows.Row> rows = site.rows().all();
        if (rows.size() != 1) {
            violations.add("the queued job is gone: %s", rows);
            return;
        }
        String job = rows.get(0).id();
        Optional<String> told = client.job();
        violations.check(
                told.isEmpty() || told.get().equals(job), "the client was told of %s, and there is %s", told, job);
        String end = scriptExit == 0 ? "delivering" : "failed";
        boolean delivered = rows.get(0).state().equals("delivered");
        if (delivered) {
            submission.files().check(site.path("downloads"), "the client that was killed", violations);
            return;
        }
        violations.check(
                Patience.until(Patience.LONG, () -> site.rows().isIn(job, end)),
                "the job does not come to %s: %s",
                end,
                site.rows().all());
        ClientRun fetch = site.client("--fetch", job, "--output", "fetched");
        int exit = fetch.end();
        violations.check(exit == (scriptExit == 0 ? 0 : 1), "--fetch ended with code %d: %s", exit, fetch.said());
        if (scriptExit == 0) {
            submission.files().check(site.path("fetched"), "the client that fetched", violations);
        }
        CrashSite.delete(site.path("downloads")); // a killed client may leave a part of a file
    }
}
