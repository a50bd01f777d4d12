package recon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import recon.common.crypto.SharedKey;
import recon.server.testing.ServerProcess;

/** The command line up to the moment when it would serve. */
@Timeout(30)
class ReconServerMainTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine commandLine = ReconServerMain.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }

    private String optionsFile() {
        return directory.resolve("recon.opts").toString();
    }

    @Test
    void helpNamesOptionsAndExitCodes() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains("--opts", "--set", "--init", "--generate-key", "--check", "reconstruct", "Exit codes:");
    }

    @Test
    void versionNamesTheProgram() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("recon-server ");
    }

    @Test
    void aGeneratedKeyIsAKey() {
        assertThat(run("--generate-key")).isZero();
        SharedKey.parse(out.toString().strip()).close();
        String first = out.toString();
        assertThat(run("--generate-key")).isZero();
        assertThat(out.toString().substring(first.length())).isNotEqualTo(first);
    }

    @Test
    void initWritesAFileForTheOwnerThatIsInOrderAndKeepsAnOldOne() throws Exception {
        assertThat(run("--init", "--opts", optionsFile())).isZero();
        Path file = Path.of(optionsFile());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        String text = Files.readString(file);
        assertThat(run("--check", "--opts", optionsFile())).isZero();
        assertThat(out.toString()).contains("with a fresh key", "is in order");

        assertThat(run("--init", "--opts", optionsFile())).isEqualTo(2);
        assertThat(err.toString()).contains("exists already and was left as it is");
        assertThat(Files.readString(file)).isEqualTo(text);
    }

    @Test
    void everyProblemOfTheFileIsToldAndNothingIsServed() throws Exception {
        Files.writeString(Path.of(optionsFile()), "SERVER_PROT = 1\nMAX_CONCURRENT_JOBS = 0\n");
        assertThat(run("--opts", optionsFile())).isEqualTo(2);
        assertThat(err.toString().lines())
                .allMatch(line -> line.startsWith("recon-server: "))
                .anyMatch(line -> line.contains(":1: ") && line.contains("SERVER_PORT"))
                .anyMatch(line -> line.contains(":2: ") && line.contains("MAX_CONCURRENT_JOBS"))
                .anyMatch(line -> line.contains("SHARED_KEY"));
    }

    @Test
    void thePlaceholderIsNoKey() {
        assertThat(run("--opts", optionsFile())).isEqualTo(2); // made from the defaults
        assertThat(Path.of(optionsFile())).exists();
        assertThat(err.toString()).contains("SHARED_KEY", "--generate-key");
    }

    @Test
    void anItemOnTheCommandLineCountsAndIsChecked() {
        run("--init", "--opts", optionsFile());
        assertThat(run("--check", "--opts", optionsFile(), "--set", "SERVER_PORT=70000"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("SERVER_PORT");
        assertThat(run("--check", "--opts", optionsFile(), "--set", "SERVER_PORT=7000"))
                .isZero();
    }

    private String check(int exitCode, String... items) throws Exception {
        Files.deleteIfExists(Path.of(optionsFile()));
        ServerProcess.writeOptions(directory, SharedKey.generate(new SecureRandom()), "");
        java.util.List<String> all = new java.util.ArrayList<>(java.util.List.of("--check", "--opts", optionsFile()));
        for (String item : items) {
            all.addAll(java.util.List.of("--set", item));
        }
        int before = err.toString().length();
        assertThat(run(all.toArray(String[]::new))).as(err.toString()).isEqualTo(exitCode);
        return err.toString().substring(before);
    }

    @Test
    void twoPortsOfOneNumberAreAProblem() throws Exception {
        String key = "SERVER_ADMIN_SHARED_KEY="
                + SharedKey.generate(new SecureRandom()).text();
        assertThat(check(2, key, "SERVER_PORT=7000", "SERVER_ADMIN_PORT=7000"))
                .contains(
                        "SERVER_ADMIN_PORT = 7000 is SERVER_PORT too (command line): each port needs a number of its own");
        assertThat(check(0, "SERVER_PORT=7000", "SERVER_ADMIN_PORT=7000")).isEmpty(); // there is no administration
        assertThat(check(2, "SERVER_HOSTNAME=0.0.0.0", "SERVER_PORT=7000", "METRICS_PORT=7000", "MRD_PORT=7000")
                        .lines())
                .hasSize(3)
                .anyMatch(line -> line.contains("METRICS_PORT = 7000 is SERVER_PORT too"))
                .anyMatch(line -> line.contains("MRD_PORT = 7000 is METRICS_PORT too"));
        assertThat(check(0, "SERVER_HOSTNAME=10.0.0.5", "SERVER_PORT=7000", "METRICS_PORT=7000"))
                .isEmpty();
        assertThat(check(2, "SERVER_HOSTNAME=127.0.0.1", "SERVER_PORT=7000", "METRICS_PORT=7000"))
                .contains("METRICS_PORT");
        assertThat(check(0, "SERVER_PORT=0", "METRICS_PORT=0", "MRD_PORT=0")).isEmpty();
    }

    @Test
    void anAdministrationOpenToAnybodyIsNoticed() throws Exception {
        String key = "SERVER_ADMIN_SHARED_KEY="
                + SharedKey.generate(new SecureRandom()).text();
        String open = "SERVER_ADMIN_HOSTNAME=0.0.0.0";
        assertThat(check(0, key, open, "TRUSTED_IPS="))
                .isEqualTo(
                        "recon-server: SERVER_ADMIN_HOSTNAME = 0.0.0.0 lets other machines connect for administration,"
                                + " and TRUSTED_IPS is blank: any address may; say there which\n");
        assertThat(check(0, key, open, "TRUSTED_IPS=127.0.0.1")).isEmpty();
        assertThat(check(0, key, "TRUSTED_IPS=")).isEmpty();
        assertThat(check(0, open, "TRUSTED_IPS=")).isEmpty();
    }

    @Test
    void aWrongCommandLineIsExitCode2() {
        assertThat(run("--no-such-option")).isEqualTo(2);
        assertThat(run("--init", "--check")).isEqualTo(2);
        assertThat(run("--set", "noequals")).isEqualTo(2);
        assertThat(run("--opts")).isEqualTo(2);
        assertThat(err.toString()).contains("Usage: recon-server");
    }

    private int serve(String... more) throws Exception {
        ServerProcess.writeOptions(directory, SharedKey.generate(new SecureRandom()), "");
        String[] arguments = {"--opts", optionsFile()};
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return run(all);
    }

    @Test
    void aPortInUseIsOneLineAndExitCode2() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(serve("--set", "SERVER_HOSTNAME=127.0.0.1", "--set", "SERVER_PORT=" + taken.getLocalPort()))
                    .isEqualTo(2);
            assertThat(err.toString().lines())
                    .singleElement()
                    .asString()
                    .startsWith("recon-server: server cannot listen on 127.0.0.1 port " + taken.getLocalPort() + ": ")
                    .endsWith("(is another server running?)");
        }
    }

    @Test
    void aHostNameThatNobodyKnowsIsNamedWithItsItem() throws Exception {
        assertThat(serve("--set", "SERVER_HOSTNAME=no.such.host.invalid")).isEqualTo(2);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("recon-server: SERVER_HOSTNAME = no.such.host.invalid ");
    }

    @Test
    void aDirectoryThatOthersMayWriteToIsOneLineAndExitCode2() throws Exception {
        Path in = Files.createDirectory(directory.resolve("in"));
        Files.setPosixFilePermissions(in, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(serve("--set", "SERVER_PORT=0")).isEqualTo(2);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("RECON_SERVER_BASE_PFILE_DIR", "chmod go-w");
    }

    @Test
    void aLogFileThatCannotBeWrittenIsOneLineAndExitCode2() throws Exception {
        Files.createDirectory(directory.resolve("log"));
        assertThat(serve("--set", "LOG_FILEPATH=" + directory.resolve("log"))).isEqualTo(2);
        assertThat(err.toString()).contains("LOG_FILEPATH");
    }
}
