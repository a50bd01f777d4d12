package recon.client.crash;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import recon.common.lifecycle.CrashPoint;

/** The server dies at each point of a job's life in turn, on a fresh site each time. */
final class PointsMode {
    private final Path directory;
    private final Report report;

    PointsMode(Path directory, Report report) {
        this.directory = directory;
        this.report = report;
    }

    /** One death. */
    record Case(String name, PointScenario scenario, CrashPoint point) {}

    static List<Case> all() {
        Set<CrashPoint> success = EnumSet.range(CrashPoint.BEFORE_RECEIVING_COMMIT, CrashPoint.AFTER_COMPLETE_REPLY);
        Set<CrashPoint> failure = EnumSet.range(CrashPoint.BEFORE_FAILED_COMMIT, CrashPoint.AFTER_FAILED_REPLY);
        Set<CrashPoint> cancel = EnumSet.range(CrashPoint.BEFORE_CANCELLED_COMMIT, CrashPoint.AFTER_CANCELLED_COMMIT);
        Set<CrashPoint> expiry = EnumSet.range(CrashPoint.BEFORE_EXPIRY_COMMIT, CrashPoint.AFTER_RESULTS_REMOVED);
        List<Case> cases = new ArrayList<>();
        add(cases, "client waits", new ClientWaits(0), success);
        add(cases, "client is gone", new ClientGone(0), success);
        add(cases, "script fails, client waits", new ClientWaits(1), failure);
        add(cases, "script fails, client is gone", new ClientGone(1), failure);
        add(cases, "cancelled while queued", new CancelScenario(CancelScenario.When.QUEUED), cancel);
        add(cases, "cancelled while running", new CancelScenario(CancelScenario.When.RUNNING), cancel);
        add(cases, "cancelled undelivered", new CancelScenario(CancelScenario.When.UNDELIVERED), cancel);
        add(cases, "expires undelivered", new ExpiryScenario(false), expiry);
        add(cases, "expires after delivery", new ExpiryScenario(true), expiry);
        return cases;
    }

    private static void add(List<Case> cases, String name, PointScenario scenario, Set<CrashPoint> points) {
        points.forEach(point -> cases.add(new Case(name, scenario, point)));
    }

    /** Dies in each of these cases. */
    void run(List<Case> cases) throws Exception {
        for (Case one : cases) {
            long start = System.nanoTime();
            Violations violations = new Violations();
            String name = one.name() + ", " + one.point();
            Path place = directory.resolve(name.replaceAll("[^A-Za-z_]+", "-"));
            try (CrashSite site = new CrashSite(place, one.scenario().options())) {
                one.scenario().play(site, one.point(), violations);
            } catch (IllegalStateException e) {
                violations.add("%s", e.getMessage());
            }
            report.ended(name, (System.nanoTime() - start) / 1_000_000, violations, place);
        }
    }

    /** The points at which no case lets the server die. */
    static Set<CrashPoint> forgotten(List<Case> cases) {
        Set<CrashPoint> points = EnumSet.allOf(CrashPoint.class);
        cases.forEach(one -> points.remove(one.point()));
        return points;
    }
}
