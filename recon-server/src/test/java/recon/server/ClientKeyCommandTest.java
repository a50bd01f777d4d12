package recon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import recon.common.crypto.SharedKey;
import recon.server.testing.ServerProcess;

@Timeout(30)
class ClientKeyCommandTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path options;

    @BeforeEach
    void writeOptions() throws Exception {
        options = ServerProcess.writeOptions(directory, SharedKey.generate(new SecureRandom()), "");
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine commandLine = ReconServerMain.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }

    private int clientKey(String... arguments) {
        List<String> words = new ArrayList<>(List.of("client-key"));
        words.addAll(List.of(arguments));
        words.addAll(List.of("--opts", options.toString()));
        return run(words.toArray(String[]::new));
    }

    private Path file() {
        return directory.resolve("state/client_keys");
    }

    @Test
    void addsListsAndRemoves() throws Exception {
        assertThat(clientKey("list")).isZero();
        assertThat(out.toString()).isEqualTo("No client has a key in " + file() + "\n");
        assertThat(clientKey("add", "scanner1")).isZero();
        String line = out.toString();
        SharedKey.parse(line.replace("SHARED_KEY = ", "").strip()).close();
        assertThat(err.toString()).contains("added scanner1 to " + file()).doesNotContain(line.substring(13, 30));
        assertThat(clientKey("add", "--operator", "console")).isZero();
        assertThat(clientKey("list")).isZero();
        assertThat(out.toString()).isEqualTo("CLIENT    ROLE\nscanner1  -\nconsole   operator\n");
        assertThat(clientKey("add", "SCANNER1")).isEqualTo(2);
        assertThat(err.toString()).contains("there is a client SCANNER1 already");
        assertThat(out.toString()).isEmpty();
        assertThat(clientKey("remove", "scanner1")).isZero();
        assertThat(out.toString()).isEqualTo("removed scanner1 from " + file() + "\n");
        assertThat(clientKey("remove", "scanner1")).isEqualTo(2);
        assertThat(err.toString()).contains("there is no client scanner1 in " + file());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void optionsMayStandBeforeTheCommandToo() throws Exception {
        Path keys = directory.resolve("k");
        assertThat(run("--opts", options.toString(), "--set", "CLIENT_KEYS_FILE=" + keys, "client-key", "add", "a"))
                .isZero();
        assertThat(run("client-key", "--opts", options.toString(), "add", "--set", "CLIENT_KEYS_FILE=" + keys, "b"))
                .isZero();
        assertThat(Files.readAllLines(keys)).hasSize(2);
    }

    @Test
    void whatIsWrongIsExitCode2AndChangesNothing() throws Exception {
        assertThat(clientKey()).isEqualTo(2);
        assertThat(clientKey("add")).isEqualTo(2);
        assertThat(clientKey("add", "a", "b")).isEqualTo(2);
        assertThat(clientKey("show", "a")).isEqualTo(2);
        assertThat(clientKey("add", "shared")).isEqualTo(2);
        assertThat(err.toString())
                .isEqualTo(
                        "recon-server: the names \"shared\", \"server\" and \"admin\" are reserved; choose another\n");
        assertThat(clientKey("add", "a b")).isEqualTo(2);
        assertThat(clientKey("add", "a", "--set", "SERVER_PROT=1")).isEqualTo(2);
        assertThat(err.toString()).contains("SERVER_PORT");
        assertThat(file()).doesNotExist();
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "a = short\n");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-------"));
        assertThat(clientKey("add", "b")).isEqualTo(2);
        assertThat(err.toString()).contains(file() + ":1: a shared key has 44 characters");
        assertThat(run("--check", "--opts", options.toString())).isEqualTo(2);
        assertThat(err.toString()).contains(file() + ":1: ");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(clientKey("list")).isEqualTo(2);
        assertThat(err.toString()).contains("chmod 600");
    }

    @Test
    void theAdministratorsKeyIsNoClients() throws Exception {
        assertThat(clientKey("add", "scanner1")).isZero();
        String key = Files.readString(file()).strip().replaceFirst("^scanner1 = ", "");
        String administrators = "SERVER_ADMIN_SHARED_KEY=" + key;
        assertThat(run("--check", "--opts", options.toString(), "--set", administrators))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains(file() + ":1: the key is used twice: it is the administrator's")
                .doesNotContain(key);
        assertThat(clientKey("list", "--set", administrators)).isEqualTo(2);
    }

    @Test
    void withoutASharedKeyOneOfAClientIsNeeded() throws Exception {
        Files.writeString(options, "REQUIRE_CLIENT_KEYS = true\nSTATE_DIR = state\n");
        assertThat(run("--check", "--opts", options.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("REQUIRE_CLIENT_KEYS = true", "client-key add NAME");
        assertThat(clientKey("add", "scanner1")).isZero();
        assertThat(run("--check", "--opts", options.toString())).isZero();
        assertThat(run("--check", "--opts", options.toString(), "--set", "REQUIRE_CLIENT_KEYS=false"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("SHARED_KEY is missing");
    }

    @Test
    void helpSaysWhatCanBeDone() {
        assertThat(run("client-key", "--help")).isZero();
        assertThat(out.toString()).contains("add", "list", "remove", "CLIENT_KEYS_FILE", "Exit codes:");
        assertThat(run("client-key", "add", "--help")).isZero();
        assertThat(out.toString()).contains("--operator", "NAME", "--opts", "--set");
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("client-key");
    }
}
