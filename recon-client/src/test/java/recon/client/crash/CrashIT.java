package recon.client.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.lifecycle.CrashPoint;

/** A small part of what {@code scripts/crash-test} does. */
@Timeout(300)
class CrashIT {
    private static final Set<CrashPoint> POINTS = EnumSet.of(
            CrashPoint.AFTER_FILE_WRITE,
            CrashPoint.AFTER_QUEUED_COMMIT,
            CrashPoint.BEFORE_SCRIPT,
            CrashPoint.AFTER_RESULT_CONFIRMED,
            CrashPoint.AFTER_DELIVERED_COMMIT);
    private static final int ROUNDS = 8;
    private static final long SEED = 3;

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Report report = new Report(new PrintStream(said, true, StandardCharsets.UTF_8));

    @Test
    void everyPointOfAJobsLifeIsReachedBySomeScenario() {
        assertThat(PointsMode.forgotten(PointsMode.all())).isEmpty();
    }

    @Test
    void aJobOutlivesTheServersDeathAtSomePointsOfItsLife() throws Exception {
        List<PointsMode.Case> cases = PointsMode.all().stream()
                .filter(one -> one.name().equals("client waits") && POINTS.contains(one.point()))
                .toList();
        assertThat(cases).hasSameSizeAs(POINTS);
        new PointsMode(directory, report).run(cases);
        assertThat(report.allHeld()).as(said.toString(StandardCharsets.UTF_8)).isTrue();
    }

    @Test
    void jobsOutliveTheServersDeathAtRandomMoments() throws Exception {
        new RandomMode(directory, report, SEED).run(ROUNDS);
        assertThat(report.allHeld()).as(said.toString(StandardCharsets.UTF_8)).isTrue();
    }
}
