package recon.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import recon.common.wire.Report;

class StatusLineTest {
    private static Duration seconds(double seconds) {
        return Duration.ofMillis((long) (1000 * seconds));
    }

    private static List<Report.QueueDetails.Row> queue(String... idsAndStates) {
        List<Report.QueueDetails.Row> rows = new ArrayList<>();
        for (String row : idsAndStates) {
            String[] parts = row.split(" ", -1);
            rows.add(new Report.QueueDetails.Row(parts[0], parts[1], "a.7", 1, "", "", "normal", "", "", ""));
        }
        return rows;
    }

    @Test
    void showsABarWhileFilesAreSent() {
        assertThat(StatusLine.sending(2, 10_000_000, 40_000_000, seconds(0.125)))
                .isEqualTo("sending 2 files [######..................]  25 % of 40.0 MB, 80 MB/s, 0:00 left");
        assertThat(StatusLine.sending(1, 40_000_000, 4_000_000_000L, seconds(20)))
                .isEqualTo("sending 1 file [........................]   1 % of 4.00 GB, 2.0 MB/s, 33:00 left");
        assertThat(StatusLine.sending(1, 2000, 2000, seconds(1)))
                .isEqualTo("sending 1 file [########################] 100 % of 2.0 kB, 0.0 MB/s, 0:00 left");
    }

    @Test
    void doesNotKnowHowLongBeforeAnythingIsSent() {
        assertThat(StatusLine.sending(1, 0, 1_000_000, Duration.ZERO))
                .isEqualTo("sending 1 file [........................]   0 % of 1.0 MB, 0.0 MB/s, -:-- left");
    }

    @Test
    void hasNoBarForEmptyFiles() {
        assertThat(StatusLine.sending(1, 0, 0, seconds(1))).isEqualTo("sending 1 file");
    }

    @Test
    void staysInItsBoundsIfMoreIsSentThanWasMeasured() {
        assertThat(StatusLine.sending(1, 30, 20, seconds(1)))
                .isEqualTo("sending 1 file [########################] 100 % of 20 B, 0.0 MB/s, 0:00 left");
    }

    @Property
    void fitsOnATerminal(
            @ForAll @IntRange(min = 1, max = 999) int files,
            @ForAll @LongRange(min = 0, max = 500_000_000_000L) long bytes,
            @ForAll @LongRange(min = 0, max = 500_000_000_000L) long total,
            @ForAll @LongRange(min = 100, max = 100_000_000) long millis) {
        String line = StatusLine.sending(files, bytes, total, Duration.ofMillis(millis));
        assertThat(line).matches("sending \\d+ files?( \\[[#.]{24}] [ \\d]{3} % of \\S+ \\w+, \\S+ MB/s, \\S+ left)?");
    }

    @Test
    void countsTheResultThatIsComingIn() {
        assertThat(StatusLine.receiving(4, 32, 12_300_000, seconds(1))).isEqualTo("receiving 5/32, 12.3 MB, 12 MB/s");
        assertThat(StatusLine.receiving(32, 32, 999, seconds(1))).isEqualTo("receiving 32/32, 999 B, 0.0 MB/s");
    }

    @Test
    void showsForHowLongTheJobHasWaitedOrRun() {
        assertThat(StatusLine.waiting("queued, 2 ahead", seconds(12))).isEqualTo("queued, 2 ahead, 0:12");
        assertThat(StatusLine.waiting("running", seconds(59.9))).isEqualTo("running 0:59");
        assertThat(StatusLine.waiting("running", seconds(3599))).isEqualTo("running 59:59");
        assertThat(StatusLine.waiting("running", seconds(3723))).isEqualTo("running 1:02:03");
    }

    @Test
    void countsTheJobsAheadThatWait() {
        List<Report.QueueDetails.Row> jobs = queue("a running", "b queued", "c queued", "d queued");
        assertThat(StatusLine.place(jobs, "b")).isEqualTo("queued, 0 ahead");
        assertThat(StatusLine.place(jobs, "d")).isEqualTo("queued, 2 ahead");
        assertThat(StatusLine.place(jobs, "a")).isEqualTo("running");
        assertThat(StatusLine.place(queue("a delivering"), "a")).isEqualTo("delivering");
        assertThat(StatusLine.place(jobs, "gone")).isEqualTo("waiting");
    }
}
