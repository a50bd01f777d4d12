package recon.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import recon.common.state.DirectoryLock;

/** The command line up to the moment when it would serve. */
@Timeout(30)
class ReconRelayMainTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine commandLine = ReconRelayMain.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }

    private Path file() {
        return directory.resolve("relay.opts");
    }

    private String optionsFile() {
        return file().toString();
    }

    @Test
    void helpNamesOptionsAndExitCodes() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("--opts", "--set", "--init", "--check", "Exit codes:", "Examples:");
    }

    @Test
    void versionNamesTheProgram() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("recon-relay ");
    }

    @Test
    void initWritesAFileForTheOwnerThatLacksTheServersKeyAndKeepsAnOldOne() throws Exception {
        assertThat(run("--init", "--opts", optionsFile())).isZero();
        assertThat(out.toString()).contains("SHARED_KEY_RELAY_TO_CLIENTS", "BACKEND_SERVERS");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        String text = Files.readString(file());
        assertThat(text).doesNotContain("SHARED_KEY_RELAY_TO_CLIENTS = SET_YOUR");

        assertThat(run("--check", "--opts", optionsFile())).isEqualTo(2);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("SHARED_KEY_FOR_BACKENDS", "client-key add NAME --relay");
        assertThat(run("--check", "--opts", optionsFile(), "--set", "SHARED_KEY_FOR_BACKENDS=" + key()))
                .isZero();
        assertThat(out.toString()).contains("is in order");

        assertThat(run("--init", "--opts", optionsFile())).isEqualTo(2);
        assertThat(err.toString()).contains("exists already and was left as it is");
        assertThat(Files.readString(file())).isEqualTo(text);
    }

    private static String key() {
        return RelaySite.newKey().text();
    }

    @Test
    void everyProblemOfTheFileIsToldAndNothingIsServed() throws Exception {
        Files.writeString(file(), "RELAY_PROT = 1\nBACKEND_SERVERS = recon1\n");
        assertThat(run("--opts", optionsFile())).isEqualTo(2);
        assertThat(err.toString().lines())
                .allMatch(line -> line.startsWith("recon-relay: "))
                .anyMatch(line -> line.contains(":1: ") && line.contains("RELAY_PORT"))
                .anyMatch(line -> line.contains(":2: ") && line.contains("BACKEND_SERVERS"))
                .anyMatch(line -> line.contains("SHARED_KEY_RELAY_TO_CLIENTS"));
    }

    @Test
    void aFileThatIsMissingIsMadeAndItsPlaceholdersAreNoKeys() {
        assertThat(run("--opts", optionsFile())).isEqualTo(2);
        assertThat(file()).exists();
        assertThat(err.toString()).contains("SHARED_KEY_RELAY_TO_CLIENTS", "SHARED_KEY_FOR_BACKENDS");
    }

    @Test
    void aWrongCommandLineIsExitCode2() {
        assertThat(run("--no-such-option")).isEqualTo(2);
        assertThat(run("--init", "--check")).isEqualTo(2);
        assertThat(run("--set", "noequals")).isEqualTo(2);
        assertThat(run("--opts")).isEqualTo(2);
        assertThat(err.toString()).contains("Usage: recon-relay");
    }

    private int serve(String... more) throws IOException {
        RelaySite.writeOptions(file(), """
                RELAY_HOSTNAME = 127.0.0.1
                RELAY_PORT = 0
                BACKEND_SERVERS = 127.0.0.1:1
                SHARED_KEY_RELAY_TO_CLIENTS = %s
                SHARED_KEY_FOR_BACKENDS = %s
                STATE_DIR = state
                LOG_FILEPATH =
                LOG_LEVEL = error
                """.formatted(key(), key()));
        List<String> arguments = new ArrayList<>(List.of("--opts", optionsFile()));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    @Test
    void aPortInUseIsOneLineAndExitCode2() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(serve("--set", "RELAY_PORT=" + taken.getLocalPort())).isEqualTo(2);
            assertThat(err.toString().lines())
                    .singleElement()
                    .asString()
                    .startsWith("recon-relay: relay cannot listen on 127.0.0.1 port " + taken.getLocalPort() + ": ")
                    .endsWith("; that is RELAY_HOSTNAME and RELAY_PORT");
        }
    }

    @Test
    void aHostNameThatNobodyKnowsIsNamedWithItsItem() throws Exception {
        assertThat(serve("--set", "RELAY_HOSTNAME=no.such.host.invalid")).isEqualTo(2);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("recon-relay: RELAY_HOSTNAME = no.such.host.invalid ");
    }

    @Test
    void aStateDirectoryThatIsAFileIsExitCode2() throws Exception {
        Path taken = Files.createFile(directory.resolve("taken"));
        assertThat(serve("--set", "STATE_DIR=" + taken)).isEqualTo(2);
        assertThat(err.toString()).contains(taken.toString(), "STATE_DIR");
    }

    @Test
    void aStateDirectoryOfAnotherRelayIsExitCode2() throws Exception {
        Path state = Files.createDirectory(directory.resolve("state"));
        try (DirectoryLock other = DirectoryLock.take("relay", List.of(state), "STATE_DIR")) {
            assertThat(other).isNotNull();
            assertThat(serve()).isEqualTo(2);
            assertThat(err.toString().lines())
                    .singleElement()
                    .asString()
                    .startsWith("recon-relay: another relay (process "
                            + ProcessHandle.current().pid() + ") uses ")
                    .endsWith("; stop it, or give this one directories of its own (STATE_DIR)");
        }
    }

    @Test
    void aRecordThatIsNoDatabaseIsNamedWithItsItem() throws Exception {
        Files.writeString(Files.createDirectory(directory.resolve("state")).resolve("relay.db"), "no database\n");
        assertThat(serve()).isEqualTo(2);
        assertThat(err.toString()).contains("relay.db", "STATE_DIR");
    }

    @Test
    void clientKeysThatAreRequiredHaveToBeThere() throws Exception {
        assertThat(serve("--set", "REQUIRE_CLIENT_KEYS=true", "--check")).isEqualTo(2);
        assertThat(err.toString()).contains("REQUIRE_CLIENT_KEYS");
    }

    @Test
    void thePortForAdministrationIsOneOfItsOwn() throws Exception {
        String key = "RELAY_ADMIN_SHARED_KEY=" + key();
        assertThat(serve("--check", "--set", key, "--set", "RELAY_PORT=7000", "--set", "RELAY_ADMIN_PORT=7000"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("RELAY_ADMIN_PORT = 7000 is RELAY_PORT too");
        String open = "RELAY_ADMIN_HOSTNAME=0.0.0.0";
        assertThat(serve("--check", "--set", key, "--set", open)).isZero();
        assertThat(err.toString()).contains("TRUSTED_CLIENT_IPS is blank: any address may");
    }

    @Test
    void theAdministratorsKeyIsNoClients() throws Exception {
        String key = key();
        Path keys = directory.resolve("keys");
        Files.createFile(keys, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(keys, "console = " + key + " operator\n");
        String[] more = {"--check", "--set", "CLIENT_KEYS_FILE=" + keys, "--set", "RELAY_ADMIN_SHARED_KEY=" + key};
        assertThat(serve(more)).isEqualTo(2);
        assertThat(err.toString()).contains("keys:1: the key is used twice: it is the administrator's");
    }
}
