package recon.common.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminItemsTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    @TempDir
    Path directory;

    private Path file(String text) throws Exception {
        Path file = Files.writeString(directory.resolve("some.opts"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void aFileIsARelaysIfItSetsOneOfARelaysItems() throws Exception {
        for (String item : List.of("RELAY_PORT = 1", "relay_admin_shared_key = " + KEY, "RELAY_ADMIN_PORT = 2")) {
            assertThat(AdminItems.of(file("BACKEND_SERVERS = a:1\n" + item + "\n")))
                    .isEqualTo(AdminItems.RELAY);
        }
        assertThat(AdminItems.of(file("SERVER_PORT = 1\n#RELAY_PORT = 1\n"))).isEqualTo(AdminItems.SERVER);
        assertThat(AdminItems.of(directory.resolve("none.opts"))).isEqualTo(AdminItems.SERVER);
    }

    @Test
    void ofARelaysFileOnlyWhatAnAdministratorNeedsIsRead() throws Exception {
        Path file = file("""
                RELAY_ADMIN_HOSTNAME = relay1
                RELAY_ADMIN_SHARED_KEY = %s
                BACKEND_SERVERS = no address
                MAX_CONNECTIONS = many
                IDLE_TIMEOUT_SECONDS = 7
                """.formatted(KEY));
        Options options =
                AdminItems.RELAY.load(file, Map.of("TRANSPORT", "tls"), Map.of("RECON_RELAY_ADMIN_PORT", "9"));
        Problems problems = options.problems();
        assertThat(problems.list()).isEmpty();
        assertThat(options.notices()).isEmpty();
        assertThat(options.text(AdminItems.RELAY.hostname())).isEqualTo("relay1");
        assertThat(options.integer(AdminItems.RELAY.port())).isEqualTo(9);
        assertThat(options.integer(Items.IDLE_TIMEOUT_SECONDS)).isEqualTo(7);
        assertThat(options.text(Items.TRANSPORT)).isEqualTo("tls");
        assertThat(options.adminKey(AdminItems.RELAY.sharedKey(), List.of(), problems))
                .hasValueSatisfying(key -> assertThat(key.text()).isEqualTo(KEY));
    }

    @Test
    void whatIsWrongThereIsTold() throws Exception {
        Options options = AdminItems.RELAY.load(
                file("RELAY_PORT = 1\nRELAY_ADMIN_PORT = 70000\n"), Map.of("RELAY_ADMIN_HOST", "x"), Map.of());
        assertThat(options.problems().list())
                .hasSize(2)
                .anyMatch(line -> line.contains(":2: RELAY_ADMIN_PORT = 70000"))
                .anyMatch(line -> line.contains("unknown item RELAY_ADMIN_HOST"));
    }

    @Test
    void aServersFileIsReadAsEver() throws Exception {
        Options options = AdminItems.SERVER.load(file("SERVER_ADMIN_PORT = 5\nNONSENSE = 1\n"), Map.of(), Map.of());
        assertThat(options.integer(AdminItems.SERVER.port())).isEqualTo(5);
        assertThat(options.problems().list()).singleElement().asString().contains("NONSENSE");
    }
}
