package recon.client.crash;

import recon.common.lifecycle.CrashPoint;

/** What clients do while the server kills itself at a point of a job's life, and is started again. */
@FunctionalInterface
interface PointScenario {
    /** The same for every site, unless a scenario says otherwise: nothing is kept, so nothing may be left. */
    String OPTIONS = "RESULT_RETENTION_HOURS = 0\nMAX_CONCURRENT_JOBS = 1";

    void play(CrashSite site, CrashPoint point, Violations violations) throws Exception;

    default String options() {
        return OPTIONS;
    }

    /** Starts a server that kills itself at that point. */
    static ServerRun startArmed(CrashSite site, CrashPoint point) throws Exception {
        return site.start("-D" + CrashPoint.PROPERTY + "=" + point);
    }

    /** Waits for the armed server's death, and starts one that is not. */
    static ServerRun restart(CrashSite site, CrashPoint point, ServerRun armed, Violations violations)
            throws Exception {
        requireDeath(point, armed, violations);
        return site.start().ready();
    }

    static void requireDeath(CrashPoint point, ServerRun armed, Violations violations) throws Exception {
        if (!armed.diesByItself(Patience.SHORT)) {
            violations.add("%s was never reached", point);
            armed.kill();
        }
    }
}
