package recon.client.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import recon.common.job.ReconOptions;
import recon.common.options.Options;
import recon.common.options.OptionsException;
import recon.common.options.OptionsFile;
import recon.common.options.Problems;
import recon.common.wire.ReconOptionsJson;

class WatchSettingsTest {
    private static WatchSettings settings(String text) throws OptionsException {
        Problems problems = new Problems();
        OptionsFile file = OptionsFile.parse("recon.opts", text, problems);
        return WatchSettings.from(Options.resolve(Map.of(), Map.of(), file, problems));
    }

    @Test
    void defaults() throws Exception {
        assertThat(settings("CLIENT_WATCH_DIRECTORY = /scans"))
                .isEqualTo(new WatchSettings(
                        Path.of("/scans"),
                        "*.7",
                        Optional.empty(),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        ReconOptions.NONE,
                        Path.of("client_downloads").toAbsolutePath(),
                        Path.of(System.getProperty("user.home"), ".recon-client"),
                        100_000));
    }

    @Test
    void everyItemReachesItsSetting() throws Exception {
        assertThat(settings("""
                CLIENT_WATCH_DIRECTORY = /scans
                CLIENT_WATCH_PATTERN = *.7, *.{dat,h5}
                CLIENT_WATCH_FAILED_DIRECTORY = /scans/failed
                CLIENT_DAEMON_POLL_INTERVAL = 1
                CLIENT_DAEMON_STABILITY_DELAY = 0
                CLIENT_DAEMON_GROUPING_TIMEOUT = 2
                CLIENT_DAEMON_RECON_OPTIONS_JSON = {"num_slices": 128}
                CLIENT_DOWNLOAD_DIR = /results
                CLIENT_STATE_DIR = /state
                MAX_JOB_FILES = 3
                """))
                .isEqualTo(new WatchSettings(
                        Path.of("/scans"),
                        "*.7,*.{dat,h5}",
                        Optional.of(Path.of("/scans/failed")),
                        Duration.ofSeconds(1),
                        Duration.ZERO,
                        Duration.ofSeconds(2),
                        ReconOptionsJson.parse("{\"num_slices\": 128}"),
                        Path.of("/results"),
                        Path.of("/state"),
                        3));
    }

    @Test
    void reportsEveryProblemAtOnce() {
        assertThatThrownBy(() -> settings("""
                        CLIENT_STATE_DIR =
                        CLIENT_WATCH_PATTERN = [
                        CLIENT_DAEMON_RECON_OPTIONS_JSON = {
                        """))
                .isInstanceOfSatisfying(
                        OptionsException.class,
                        e -> assertThat(e.problems())
                                .hasSize(4)
                                .anyMatch(problem -> problem.contains("CLIENT_WATCH_DIRECTORY is not set"))
                                .anyMatch(problem -> problem.startsWith("recon.opts:1: CLIENT_STATE_DIR is blank"))
                                .anyMatch(problem ->
                                        problem.startsWith("recon.opts:2: CLIENT_WATCH_PATTERN: \"[\" is no pattern"))
                                .anyMatch(problem ->
                                        problem.startsWith("recon.opts:3: CLIENT_DAEMON_RECON_OPTIONS_JSON:")));
    }

    @Test
    void aFileHasTheRankOfTheFirstPatternThatItMatches() {
        WatchPattern pattern = WatchPattern.parse("*.7,*.{dat,h5},P*");
        assertThat(pattern.rank("P1.7")).hasValue(0);
        assertThat(pattern.rank("P1.h5")).hasValue(1);
        assertThat(pattern.rank("P1")).hasValue(2);
        assertThat(pattern.rank("P1.json")).hasValue(Sighting.OPTIONS);
        assertThat(pattern.rank("P1.failed")).isEmpty();
        assertThat(pattern.rank(".P1.7")).isEmpty();
        assertThat(pattern.rank("x.h6")).isEmpty();
        assertThatThrownBy(() -> WatchPattern.parse(" , ")).hasMessageContaining("names no files");
    }
}
