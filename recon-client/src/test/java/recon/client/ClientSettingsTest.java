package recon.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.common.crypto.SharedKey;
import recon.common.options.Options;
import recon.common.options.OptionsException;
import recon.common.options.OptionsFile;
import recon.common.options.Problems;
import recon.common.wire.TransportChoice;

class ClientSettingsTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String OLD_KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";

    private static ClientSettings settings(String text) throws OptionsException {
        Problems problems = new Problems();
        OptionsFile file = OptionsFile.parse("recon.opts", text, problems);
        return ClientSettings.from(Options.resolve(Map.of(), Map.of(), file, problems));
    }

    @Test
    void defaults() throws Exception {
        ClientSettings settings = settings("SHARED_KEY = " + KEY);
        assertThat(settings.keys()).extracting(SharedKey::text).containsExactly(KEY);
        assertThat(settings)
                .isEqualTo(new ClientSettings(
                        "localhost",
                        60_000,
                        settings.keys(),
                        Duration.ofSeconds(10),
                        "P00000.7",
                        Optional.of(Path.of("/tmp/default_pfile_on_client/P00000.7")),
                        Path.of("client_downloads").toAbsolutePath(),
                        TransportChoice.AUTO,
                        Optional.of(Path.of(System.getProperty("user.home"), ".recon-client")),
                        new ClientSettings.Limits(
                                Optional.of(Duration.ofMinutes(5)), 16 << 20, Duration.ofMinutes(1), 100_000)));
    }

    @Test
    void everyItemReachesItsSetting() throws Exception {
        ClientSettings settings = settings("""
                SHARED_KEY = %s
                PREVIOUS_SHARED_KEYS = %s
                SERVER_HOSTNAME = recon1
                SERVER_PORT = 1
                CONNECT_TIMEOUT_SECONDS = 2
                CLIENT_DEFAULT_PFILE_NAME = scan.h5
                CLIENT_DEFAULT_PFILE_PATH =
                CLIENT_DOWNLOAD_DIR = /data/results
                TRANSPORT = tls
                CLIENT_STATE_DIR =
                MESSAGE_MAX_AGE_SECONDS = 0
                MAX_MESSAGE_BYTES = 65536
                IDLE_TIMEOUT_SECONDS = 3
                MAX_JOB_FILES = 4
                """.formatted(KEY, OLD_KEY));
        assertThat(settings.keys()).extracting(SharedKey::text).containsExactly(KEY, OLD_KEY);
        assertThat(settings)
                .isEqualTo(new ClientSettings(
                        "recon1",
                        1,
                        settings.keys(),
                        Duration.ofSeconds(2),
                        "scan.h5",
                        Optional.empty(),
                        Path.of("/data/results"),
                        TransportChoice.TLS,
                        Optional.empty(),
                        new ClientSettings.Limits(Optional.empty(), 65_536, Duration.ofSeconds(3), 4)));
    }

    @Test
    void theDefaultFileMayBeNamedWithinADirectory(@TempDir Path directory) throws Exception {
        String path = "SHARED_KEY = " + KEY + "\nCLIENT_DEFAULT_PFILE_PATH = ";
        assertThat(settings(path + directory).defaultPfile()).contains(directory.resolve("P00000.7"));
        assertThat(settings(path + directory + "/a.7").defaultPfile()).contains(directory.resolve("a.7"));
        assertThat(settings(path).defaultPfile()).isEmpty();
    }

    @Test
    void reportsEveryProblemAtOnce() {
        assertThatThrownBy(() -> settings("SERVER_PORT = 0\nCONNECT_TIMEOUT_SECONDS = x\n"))
                .isInstanceOfSatisfying(OptionsException.class, e -> {
                    assertThat(e.problems()).hasSize(3);
                    assertThat(e.problems().get(0)).startsWith("recon.opts: SHARED_KEY is missing: make a key with");
                    assertThat(e.problems().get(1)).startsWith("recon.opts:1: SERVER_PORT = 0 names no port");
                    assertThat(e.problems().get(2)).startsWith("recon.opts:2: CONNECT_TIMEOUT_SECONDS = x is not");
                });
    }
}
