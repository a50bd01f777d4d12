package recon.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import recon.common.admin.Administration;
import recon.common.crypto.SharedKey;
import recon.common.job.Priority;
import recon.common.net.TrustedAddresses;
import recon.common.options.LogSettings;
import recon.common.options.Options;
import recon.common.options.OptionsException;
import recon.common.options.OptionsFile;
import recon.common.options.Problems;
import recon.common.wire.TransportChoice;
import recon.server.mrd.MrdSettings;
import recon.server.script.OutputMode;

class ServerSettingsTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String OLD_KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
    private static final String ADMIN_KEY = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";

    private static ServerSettings settings(String text) throws OptionsException {
        Problems problems = new Problems();
        OptionsFile file = OptionsFile.parse("recon.opts", text, problems);
        return ServerSettings.from(Options.resolve(Map.of(), Map.of(), file, problems));
    }

    @Test
    void defaults() throws Exception {
        ServerSettings settings = settings("SHARED_KEY = " + KEY);
        assertThat(settings.keys()).extracting(SharedKey::text).containsExactly(KEY);
        assertThat(settings)
                .isEqualTo(new ServerSettings(
                        "localhost",
                        60_000,
                        settings.keys(),
                        TrustedAddresses.parse(""),
                        new ServerSettings.Access(
                                TransportChoice.AUTO, Path.of("/tmp/recon_server_state/client_keys"), false, 30),
                        Path.of("/tmp/recon_server_pfiles"),
                        Path.of("/tmp/recon_server_dicoms"),
                        Path.of("/tmp/recon_server_state"),
                        Path.of("").toAbsolutePath(),
                        1,
                        Duration.ofSeconds(30),
                        new ServerSettings.Script(
                                "default_recon_script.sh",
                                OutputMode.JOB,
                                List.of("python3"),
                                List.of("matlab", "-batch"),
                                Optional.of(Duration.ofMinutes(30)),
                                10 << 20),
                        new ServerSettings.Attempts(2, true),
                        new ServerSettings.Limits(
                                Optional.of(Duration.ofMinutes(5)),
                                16 << 20,
                                Duration.ofMinutes(1),
                                256,
                                64,
                                10_000,
                                Priority.URGENT,
                                100_000,
                                OptionalLong.empty(),
                                1L << 30),
                        new ServerSettings.Retention(
                                Duration.ofDays(7), Duration.ofDays(30), Duration.ZERO, Duration.ofDays(1)),
                        new ServerSettings.Resources(0, 500, Duration.ofSeconds(10)),
                        new LogSettings(
                                Optional.of(Path.of("/tmp/recon_project.log")),
                                LogSettings.Format.TEXT,
                                LogSettings.Level.INFO),
                        new Administration("localhost", 60_003, Optional.empty()),
                        new ServerSettings.Metrics("localhost", 0),
                        new MrdSettings(
                                "localhost",
                                0,
                                TrustedAddresses.parse(""),
                                "invertcontrast",
                                8,
                                Duration.ofMinutes(10),
                                1 << 28,
                                Path.of("/tmp/share/saved_data"),
                                false,
                                1L << 30,
                                new MrdSettings.Modules(
                                        Optional.empty(),
                                        Path.of("/tmp/recon_server_state/logs"),
                                        10 << 20,
                                        Duration.ofMinutes(10)))));
    }

    @Test
    void everyItemReachesItsSetting() throws Exception {
        ServerSettings settings = settings("""
                SHARED_KEY = %s
                PREVIOUS_SHARED_KEYS = %s
                SERVER_HOSTNAME = 0.0.0.0
                SERVER_PORT = 1
                TRUSTED_IPS = 10.0.0.0/8
                RECON_SERVER_BASE_PFILE_DIR = /data/in
                RECON_SERVER_DICOM_OUTPUT_DIR = /data/out
                STATE_DIR = /data/state
                MAX_CONCURRENT_JOBS = 1
                SHUTDOWN_GRACE_SECONDS = 2
                RECON_SCRIPT_PATH = recon.py
                RECON_OUTPUT_MODE = shared
                PYTHON_COMMAND = python3.12 -u
                MATLAB_COMMAND = octave-cli --eval
                SCRIPT_TIMEOUT_SECONDS = 0
                SCRIPT_LOG_MAX_BYTES = 5000
                MESSAGE_MAX_AGE_SECONDS = 0
                MAX_MESSAGE_BYTES = 65536
                IDLE_TIMEOUT_SECONDS = 3
                MAX_CONNECTIONS = 4
                MAX_CONNECTIONS_PER_ADDRESS = 5
                MAX_QUEUED_JOBS = 6
                MAX_CLIENT_PRIORITY = Low
                MAX_JOB_FILES = 7
                MAX_JOB_BYTES = 1099511627776
                MIN_FREE_DISK_MB = 1000000000
                MAX_CPU_LOAD_PERCENT = 90
                MIN_AVAILABLE_MEMORY_MB = 9
                RESOURCE_CHECK_INTERVAL_SECONDS = 3600
                MAX_ATTEMPTS = 1000
                RERUN_INTERRUPTED = FALSE
                RESULT_RETENTION_HOURS = 0
                UNDELIVERED_RETENTION_HOURS = 87600
                FAILED_INPUT_RETENTION_HOURS = 8
                PARTIAL_UPLOAD_RETENTION_HOURS = 9
                TRANSPORTS = tls
                CLIENT_KEYS_FILE = /data/keys
                REQUIRE_CLIENT_KEYS = true
                FAILED_HANDSHAKES_PER_MINUTE = 10
                LOG_FILEPATH =
                LOG_FORMAT = json
                LOG_LEVEL = debug
                SERVER_ADMIN_HOSTNAME = 10.0.0.1
                SERVER_ADMIN_PORT = 2
                SERVER_ADMIN_SHARED_KEY = %s
                METRICS_HOSTNAME = 10.0.0.2
                METRICS_PORT = 3
                MRD_HOSTNAME = 0.0.0.0
                MRD_PORT = 9002
                MRD_TRUSTED_IPS = 10.1.0.0/16
                MRD_DEFAULT_CONFIG = cartesian
                MRD_MAX_SESSIONS = 2
                MRD_IDLE_TIMEOUT_SECONDS = 5
                MRD_MAX_MESSAGE_BYTES = 4096
                MRD_SAVE_INCOMING = true
                MRD_SAVE_DIR = /data/mrd
                MRD_MODULES_DIR = /data/modules
                MRD_MODULE_TIMEOUT_SECONDS = 7
                """.formatted(KEY, OLD_KEY, ADMIN_KEY));
        assertThat(settings.administration().key())
                .hasValueSatisfying(key -> assertThat(key.text()).isEqualTo(ADMIN_KEY));
        assertThat(settings.keys()).extracting(SharedKey::text).containsExactly(KEY, OLD_KEY);
        assertThat(settings)
                .isEqualTo(new ServerSettings(
                        "0.0.0.0",
                        1,
                        settings.keys(),
                        TrustedAddresses.parse("10.0.0.0/8"),
                        new ServerSettings.Access(TransportChoice.TLS, Path.of("/data/keys"), true, 10),
                        Path.of("/data/in"),
                        Path.of("/data/out"),
                        Path.of("/data/state"),
                        Path.of("").toAbsolutePath(),
                        1,
                        Duration.ofSeconds(2),
                        new ServerSettings.Script(
                                "recon.py",
                                OutputMode.SHARED,
                                List.of("python3.12", "-u"),
                                List.of("octave-cli", "--eval"),
                                Optional.empty(),
                                5000),
                        new ServerSettings.Attempts(1000, false),
                        new ServerSettings.Limits(
                                Optional.empty(),
                                65_536,
                                Duration.ofSeconds(3),
                                4,
                                5,
                                6,
                                Priority.LOW,
                                7,
                                OptionalLong.of(1L << 40),
                                1_048_576_000_000_000L),
                        new ServerSettings.Retention(
                                Duration.ZERO, Duration.ofHours(87_600), Duration.ofHours(8), Duration.ofHours(9)),
                        new ServerSettings.Resources(90, 9, Duration.ofHours(1)),
                        new LogSettings(Optional.empty(), LogSettings.Format.JSON, LogSettings.Level.DEBUG),
                        new Administration(
                                "10.0.0.1", 2, settings.administration().key()),
                        new ServerSettings.Metrics("10.0.0.2", 3),
                        new MrdSettings(
                                "0.0.0.0",
                                9002,
                                TrustedAddresses.parse("10.1.0.0/16"),
                                "cartesian",
                                2,
                                Duration.ofSeconds(5),
                                4096,
                                Path.of("/data/mrd"),
                                true,
                                1_048_576_000_000_000L,
                                new MrdSettings.Modules(
                                        Optional.of(Path.of("/data/modules")),
                                        Path.of("/data/state/logs"),
                                        5000,
                                        Duration.ofSeconds(7)))));
        assertThat(settings("SHARED_KEY = " + KEY + "\nMAX_CONCURRENT_JOBS = 8").maxConcurrentJobs())
                .isEqualTo(8);
    }

    @Test
    void sharedOutputNeedsOneJobAtATimeAndADirectoryOfItsOwn() {
        String text = """
                MAX_CONCURRENT_JOBS = 2
                RECON_SERVER_BASE_PFILE_DIR = /data/out/in
                RECON_SERVER_DICOM_OUTPUT_DIR = /data/out
                RECON_OUTPUT_MODE = shared
                SHARED_KEY = %s
                """.formatted(KEY);
        assertThatThrownBy(() -> settings(text))
                .isInstanceOfSatisfying(
                        OptionsException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "recon.opts:4: RECON_OUTPUT_MODE = shared needs MAX_CONCURRENT_JOBS = 1, but that is 2"
                                                + " (recon.opts:1)",
                                        "recon.opts:4: RECON_OUTPUT_MODE = shared would send the inputs back:"
                                                + " RECON_SERVER_BASE_PFILE_DIR /data/out/in must not be in"
                                                + " RECON_SERVER_DICOM_OUTPUT_DIR /data/out"));
    }

    @Test
    void reportsEveryProblemAtOnceAndNeverTheKey() {
        assertThatThrownBy(() -> settings("SHARED_KEY = c2VjcmV0\nSERVER_PORT = 70000\nTRUSTED_IPS = scanner1\n"))
                .isInstanceOfSatisfying(OptionsException.class, e -> {
                    assertThat(e.problems()).hasSize(3);
                    assertThat(e.problems().get(0)).startsWith("recon.opts:1: SHARED_KEY is malformed");
                    assertThat(e.problems().get(1)).startsWith("recon.opts:2: SERVER_PORT = 70000 is not");
                    assertThat(e.problems().get(2)).startsWith("recon.opts:3: TRUSTED_IPS: \"scanner1\" is neither");
                })
                .hasMessageNotContaining("c2VjcmV0");
    }

    @Test
    void aSharedKeyIsNotNeededWhereClientKeysAre() throws Exception {
        for (String none : List.of("", "SHARED_KEY =\n", "SHARED_KEY = SET_YOUR_SHARED_KEY_HERE\n")) {
            assertThat(settings(none + "REQUIRE_CLIENT_KEYS = true").keys()).isEmpty();
            assertThatThrownBy(() -> settings(none)).hasMessageContaining("SHARED_KEY");
        }
        assertThatThrownBy(() -> settings("SHARED_KEY = short\nREQUIRE_CLIENT_KEYS = true"))
                .hasMessageContaining("recon.opts:1: SHARED_KEY is malformed");
    }

    @Test
    void cannotBePrintedWithItsKeys() throws Exception {
        assertThat(settings("SHARED_KEY = " + KEY).toString())
                .contains("SharedKey[hidden]")
                .doesNotContain(KEY);
    }

    @Test
    void mrdIsNotOpenToAnybody() throws Exception {
        String open = "SHARED_KEY = " + KEY + "\nMRD_HOSTNAME = 0.0.0.0\n";
        assertThat(settings(open).mrd().port()).isZero();
        assertThatThrownBy(() -> settings(open + "MRD_PORT = 9002\n"))
                .isInstanceOf(OptionsException.class)
                .hasMessageContaining("MRD_HOSTNAME = 0.0.0.0 lets other machines connect");
        assertThat(settings(open + "MRD_PORT = 9002\nMRD_TRUSTED_IPS = 10.0.0.1\n")
                        .mrd()
                        .isOpenToAnybody())
                .isFalse();
        for (String host : List.of("localhost", "127.0.0.1", "::1")) {
            assertThat(settings("SHARED_KEY = " + KEY + "\nMRD_PORT = 9002\nMRD_HOSTNAME = " + host)
                            .mrd()
                            .isOpenToAnybody())
                    .isFalse();
        }
    }
}
