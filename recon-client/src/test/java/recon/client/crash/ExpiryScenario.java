package recon.client.crash;

import recon.common.lifecycle.CrashPoint;

/** The server dies as it removes results that were kept for long enough. */
final class ExpiryScenario implements PointScenario {
    private final boolean delivered;

    /** @param delivered whether somebody has the results; otherwise they waited in vain */
    ExpiryScenario(boolean delivered) {
        this.delivered = delivered;
    }

    @Override
    public String options() {
        return delivered ? "RESULT_RETENTION_HOURS = 1" : OPTIONS;
    }

    @Override
    public void play(CrashSite site, CrashPoint point, Violations violations) throws Exception {
        ServerRun before = site.start().ready();
        ClientWaits.Submission submission = ClientWaits.Submission.of(site, 0);
        ClientRun client = delivered ? submission.start("downloads") : submission.leave();
        String job = client.awaitJob();
        violations.check(client.end() == 0, "the client failed: %s", client.said());
        String state = delivered ? "delivered" : "delivering";
        Patience.until(Patience.LONG, () -> site.rows().isIn(job, state));
        before.kill();
        site.start().ready().kill(); // its record is in order again
        site.rows().letResultsExpire();

        ServerRun armed = PointScenario.startArmed(site, point); // which does it as soon as it is up
        ServerRun server = PointScenario.restart(site, point, armed, violations);
        String end = delivered ? "delivered" : "expired";
        violations.check(
                Patience.until(Patience.SHORT, () -> site.rows().isIn(job, end)),
                "not %s: %s",
                end,
                site.rows().all());
        SiteCheck check = new SiteCheck(site, violations);
        check.everyJobEnded(1);
        check.nothingIsLeft(server);
        ClientRun fetch = site.client("--fetch", job, "--output", "fetched");
        violations.check(fetch.end() != 0, "results that have expired were fetched: %s", fetch.said());
        if (delivered) {
            submission.files().check(site.path("downloads"), "the client", violations);
        }
    }
}
