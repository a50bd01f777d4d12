package recon.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import recon.common.admin.Administration;
import recon.common.crypto.SharedKey;
import recon.common.net.TrustedAddresses;
import recon.common.options.LogSettings;
import recon.common.options.Options;
import recon.common.options.OptionsException;
import recon.common.options.OptionsFile;
import recon.common.options.Problems;
import recon.common.wire.TransportChoice;
import recon.relay.backend.BackendAddress;
import recon.relay.backend.Backends;

class RelaySettingsTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String BACKEND_KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
    private static final String CLIENT_KEY_LINE = "SHARED_KEY_RELAY_TO_CLIENTS = " + KEY + "\n";
    private static final String BACKEND_KEY_LINE = "SHARED_KEY_FOR_BACKENDS = " + BACKEND_KEY + "\n";
    private static final String BACKENDS_LINE = "BACKEND_SERVERS = recon1:60000\n";
    private static final String NEEDED = CLIENT_KEY_LINE + BACKEND_KEY_LINE + BACKENDS_LINE;

    private static RelaySettings settings(String text) throws OptionsException {
        Problems problems = new Problems();
        OptionsFile file = OptionsFile.parse("relay.opts", text, problems);
        return RelaySettings.from(
                Options.resolve(RelayItems.CATALOGUE.items(), Map.of(), Map.of(), file, problems, List.of()));
    }

    private static List<String> problems(String text) {
        OptionsException e = catchThrowableOfType(OptionsException.class, () -> settings(text));
        assertThat(e).as(text).isNotNull();
        assertThat(e.problems()).noneMatch(line -> line.contains(KEY) || line.contains(BACKEND_KEY));
        return e.problems();
    }

    @Test
    void defaults() throws Exception {
        RelaySettings settings = settings(NEEDED);
        assertThat(settings.clientKey().map(SharedKey::text)).contains(KEY);
        assertThat(settings.backendKey().text()).isEqualTo(BACKEND_KEY);
        Path state = Path.of("recon_relay_state").toAbsolutePath();
        assertThat(settings)
                .isEqualTo(new RelaySettings(
                        "localhost",
                        60_001,
                        settings.clientKey(),
                        settings.backendKey(),
                        List.of(new BackendAddress("recon1", 60_000)),
                        TrustedAddresses.parse(""),
                        new RelaySettings.Access(TransportChoice.AUTO, state.resolve("client_keys"), false, 30),
                        new Administration("localhost", 60_002, Optional.empty()),
                        Duration.ofSeconds(30),
                        Backends.Strategy.LEAST_LOADED,
                        false,
                        state,
                        new RelaySettings.Limits(
                                Optional.of(Duration.ofMinutes(5)),
                                16 << 20,
                                Duration.ofMinutes(1),
                                Duration.ofSeconds(5),
                                256,
                                64),
                        new LogSettings(
                                Optional.of(Path.of("/tmp/recon_relay.log")),
                                LogSettings.Format.TEXT,
                                LogSettings.Level.INFO)));
    }

    @Test
    void everyItemReachesItsSetting() throws Exception {
        RelaySettings settings = settings(CLIENT_KEY_LINE + BACKEND_KEY_LINE + """
                BACKEND_SERVERS = recon2:1, [::1]:65535
                RELAY_HOSTNAME = 0.0.0.0
                RELAY_PORT = 1
                CLIENT_KEYS_FILE = /k
                REQUIRE_CLIENT_KEYS = true
                TRUSTED_CLIENT_IPS = 10.0.0.0/8
                MESSAGE_MAX_AGE_SECONDS = 0
                TRANSPORTS = tls
                FAILED_HANDSHAKES_PER_MINUTE = 2
                RELAY_ADMIN_HOSTNAME = ::
                RELAY_ADMIN_PORT = 3
                RELAY_ADMIN_SHARED_KEY = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
                HEALTH_CHECK_INTERVAL = 3
                LOAD_BALANCING_STRATEGY = round_robin
                QUEUE_WHEN_NO_BACKEND = true
                STATE_DIR = /state
                LOG_FILEPATH =
                LOG_FORMAT = json
                LOG_LEVEL = debug
                MAX_CONNECTIONS = 4
                MAX_CONNECTIONS_PER_ADDRESS = 5
                IDLE_TIMEOUT_SECONDS = 6
                CONNECT_TIMEOUT_SECONDS = 7
                MAX_MESSAGE_BYTES = 65536
                """);
        assertThat(settings)
                .isEqualTo(new RelaySettings(
                        "0.0.0.0",
                        1,
                        settings.clientKey(),
                        settings.backendKey(),
                        List.of(new BackendAddress("recon2", 1), new BackendAddress("::1", 65_535)),
                        TrustedAddresses.parse("10.0.0.0/8"),
                        new RelaySettings.Access(TransportChoice.TLS, Path.of("/k"), true, 2),
                        new Administration("::", 3, settings.administration().key()),
                        Duration.ofSeconds(3),
                        Backends.Strategy.ROUND_ROBIN,
                        true,
                        Path.of("/state"),
                        new RelaySettings.Limits(
                                Optional.empty(), 65_536, Duration.ofSeconds(6), Duration.ofSeconds(7), 4, 5),
                        new LogSettings(Optional.empty(), LogSettings.Format.JSON, LogSettings.Level.DEBUG)));
    }

    @Test
    void theKeyOfAllClientsMayBeMissingWhereEachHasItsOwn() throws Exception {
        assertThat(settings(BACKEND_KEY_LINE + BACKENDS_LINE + "REQUIRE_CLIENT_KEYS = true\n"
                                + "SHARED_KEY_RELAY_TO_CLIENTS = SET_YOUR_SHARED_KEY_HERE\n")
                        .clientKey())
                .isEmpty();
    }

    @Test
    void everyProblemIsToldAtOnce() {
        assertThat(problems("""
                        BACKEND_SERVERS = recon1, recon2:0
                        RELAY_PORT = 70000
                        TRUSTED_CLIENT_IPS = 300.1.1.1
                        TRANSPORTS = carrier_pigeon
                        LOAD_BALANCING_STRATEGY = fastest
                        RELAY_PROT = 1
                        """))
                .hasSize(9)
                .anyMatch(line -> line.contains(":1: ") && line.contains("\"recon1\" is no host:port"))
                .anyMatch(line -> line.contains(":1: ") && line.contains("port 0 of recon2:0 is outside 1..65535"))
                .anyMatch(line -> line.contains(":2: ") && line.contains("RELAY_PORT"))
                .anyMatch(line -> line.contains(":3: ") && line.contains("300.1.1.1"))
                .anyMatch(line -> line.contains(":4: ") && line.contains("carrier_pigeon"))
                .anyMatch(line -> line.contains(":5: ") && line.contains("least_loaded"))
                .anyMatch(line -> line.contains(":6: ") && line.contains("RELAY_PORT"))
                .anyMatch(line -> line.contains("SHARED_KEY_RELAY_TO_CLIENTS") && line.contains("keygen"))
                .anyMatch(line -> line.contains("SHARED_KEY_FOR_BACKENDS") && line.contains("client-key add"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "BACKEND_SERVERS =\n", "BACKEND_SERVERS = ,\n"})
    void aRelayNeedsAServer(String line) {
        assertThat(problems(CLIENT_KEY_LINE + BACKEND_KEY_LINE + line))
                .singleElement()
                .asString()
                .contains("BACKEND_SERVERS");
    }

    @Test
    void aServerIsNamedOnce() {
        assertThat(problems(CLIENT_KEY_LINE + BACKEND_KEY_LINE + "BACKEND_SERVERS = recon1:1, RECON1:1\n"))
                .singleElement()
                .asString()
                .contains("recon1:1 is there twice");
    }

    @Test
    void theAdministratorsKeyIsNoneOfTheOthers() {
        for (String key : List.of(KEY, BACKEND_KEY)) {
            assertThat(problems(NEEDED + "RELAY_ADMIN_SHARED_KEY = " + key + "\n"))
                    .singleElement()
                    .asString()
                    .contains(":4: RELAY_ADMIN_SHARED_KEY is the key of SHARED_KEY_");
        }
    }

    @Test
    void thePlaceholdersAreNoKeys() {
        assertThat(problems(BACKENDS_LINE + "SHARED_KEY_RELAY_TO_CLIENTS = SET_YOUR_SHARED_KEY_HERE\n"
                        + "SHARED_KEY_FOR_BACKENDS = SET_THE_KEY_OF_THE_BACKENDS_HERE\n"))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "recon1:60000, recon1, 60000, recon1:60000",
        "' RECON-2.site_b:1 ', recon-2.site_b, 1, recon-2.site_b:1",
        "10.0.0.7:65535, 10.0.0.7, 65535, 10.0.0.7:65535",
        "[2001:DB8::7]:60000, 2001:db8::7, 60000, [2001:db8::7]:60000",
        "[fe80::1%eth0]:60000, fe80::1%eth0, 60000, [fe80::1%eth0]:60000"
    })
    void theAddressOfAServer(String text, String host, int port, String shown) {
        BackendAddress address = BackendAddress.parse(text);
        assertThat(address).isEqualTo(new BackendAddress(host, port));
        assertThat(address).hasToString(shown);
        assertThat(BackendAddress.parse(shown)).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "recon1", "recon1:", ":60000", "::1:60000", "[]:1", "a b:1", "http://recon1:1", "a:123456"})
    void whatIsNoAddressOfAServer(String text) {
        assertThatThrownBy(() -> BackendAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\" is no host:port");
    }
}
