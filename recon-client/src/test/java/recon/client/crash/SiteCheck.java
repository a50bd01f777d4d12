package recon.client.crash;

import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What must hold at a site whose clients have all they wanted. */
final class SiteCheck {
    /** For the server to note that a client has had the last word. */
    private static final Duration A_MOMENT = Duration.ofSeconds(2);

    private static final Duration LONG_AGO = Duration.ofDays(30);

    private final CrashSite site;
    private final Violations violations;

    SiteCheck(CrashSite site, Violations violations) {
        this.site = site;
        this.violations = violations;
    }

    /**
     * Uploads that broke off and whose clients do not come back are forgotten when their time is over.
     *
     * @param server stopped and started again if need be
     * @return the server that runs now
     */
    ServerRun brokenUploadsExpire(ServerRun server) throws Exception {
        boolean none = Patience.until(A_MOMENT, () -> receiving().isEmpty());
        if (none) {
            return server;
        }
        server.stop();
        for (JobRows.Row row : receiving()) {
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(site.path("inputs").resolve("job_" + row.id() + "_input"))) {
                for (Path file : files) {
                    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(LONG_AGO)));
                }
            } catch (NoSuchFileException itHadNotBegun) {
                // There is nothing to keep.
            }
        }
        ServerRun running = site.start().ready();
        violations.check(
                Patience.until(Patience.LONG, () -> receiving().isEmpty()),
                "an upload that broke off is not forgotten: %s",
                receiving());
        return running;
    }

    private List<JobRows.Row> receiving() throws Exception {
        return site.rows().all().stream()
                .filter(row -> row.state().equals("receiving"))
                .toList();
    }

    /** So many jobs there are, each with a submission of its own and an end, and the script ran for these only. */
    void everyJobEnded(int jobs) throws Exception {
        Patience.until(Patience.LONG, () -> site.rows().all().stream().allMatch(JobRows.Row::hasEnded));
        List<JobRows.Row> rows = site.rows().all();
        violations.check(rows.size() == jobs, "there are %d jobs, not %d: %s", rows.size(), jobs, rows);
        Set<String> submissions = rows.stream().map(JobRows.Row::submission).collect(Collectors.toSet());
        violations.check(submissions.size() == rows.size(), "a submission is two jobs: %s", rows);
        for (JobRows.Row row : rows) {
            violations.check(row.hasEnded(), "accepted and lost: %s", row);
        }
        Set<String> strangers = new HashSet<>(site.script().runs());
        rows.forEach(row -> strangers.remove(row.id()));
        violations.check(strangers.isEmpty(), "the script ran for jobs that are none: %s", strangers);
    }

    /** That job has come to that end, its script ran, and its results were delivered once if they were at all. */
    void ended(String job, String state) throws Exception {
        Optional<JobRows.Row> row = site.rows().find(job);
        violations.check(
                row.filter(found -> found.state().equals(state)).isPresent(), "job %s is not %s: %s", job, state, row);
        violations.check(site.script().runs().contains(job), "the script never ran for %s", job);
        int deliveries = state.equals("delivered") ? 1 : 0;
        violations.check(
                row.filter(found -> found.deliveries() == deliveries).isPresent(),
                "not delivered %d times: %s",
                deliveries,
                row);
    }

    /**
     * No directory of a job, no part of a file, no process of a script; the time is over for results that were kept because
     * nobody told the server that their client had the last word.
     *
     * @param server stopped and started again if need be
     * @return the server that runs now
     */
    ServerRun nothingIsLeft(ServerRun server) throws Exception {
        ServerRun running = server;
        boolean told = Patience.until(A_MOMENT, () -> site.rows().all().stream().noneMatch(JobRows.Row::kept));
        if (!told) {
            server.stop();
            site.rows().letResultsExpire();
            running = site.start().ready();
        }
        LeftOvers leftOvers = LeftOvers.of(site);
        boolean clean = Patience.until(Patience.SHORT, () -> leftOvers.list().isEmpty());
        violations.check(clean, "left over: %s", leftOvers.list());
        return running;
    }
}
