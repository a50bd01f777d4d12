package recon.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
    @TempDir
    private Path directory;

    private Cli cli;

    @BeforeEach
    void writeOptions() throws IOException {
        cli = new Cli(directory);
    }

    private void refused(Cli.Run run, String... words) {
        assertThat(run.err()).contains(words);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void isExplainedOnRequest() {
        Cli.Run run = Cli.bare("--help");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("--files", "--directory", "--pattern", "--recon-options", "--server-status", "--view-queue")
                .contains("--opts", "--server", "--set", "--output", "--json", "--quiet", "--verbose")
                .contains("keygen", "mrd", "preview", "generate-completion", "130   interrupted", "143 ")
                .contains("--no-wait", "--priority", "--timeout", "--fetch", "--job", "--log", "--follow")
                .contains("--cancel", "--rerun", "--all", "--limit");
        assertThat(run.outLines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void givesTheVersion() {
        assertThat(Cli.bare("--version").out()).startsWith("recon-client ");
    }

    @Test
    void ofUnknownOptionsIsCorrectedInFewLines() {
        Cli.Run run = cli.run("--sever-status");
        refused(run, "recon-client: Unknown option: '--sever-status'", "--server-status", "Try: recon-client --help");
        assertThat(run.err().lines().count()).isLessThanOrEqualTo(4);
    }

    @Test
    void whatAdminIsNotGivenRightIsExitCode2() {
        refused(cli.run("admin", "logs", "--lines", "-1"), "--lines -1 is less than 0");
        refused(cli.run("admin", "jobs", "--limit", "-3"), "--limit -3 is less than 1");
        refused(cli.run("admin", "jobs", "--limit", "0"), "--limit 0 is less than 1");
        refused(cli.run("admin", "jobs", "--state", "foo"), "\"foo\"; there are receiving, queued, running, ");
        refused(cli.run("admin", "foo"), "admin has no command \"foo\"; there are status, queue, workers, jobs");
        refused(cli.run("admin"), "give a command of admin: status, queue, workers, jobs");
    }

    @Test
    void wordsMayBeInCapitals() {
        assertThat(cli.run("admin", "jobs", "--state", "FAILED").err()).contains("SERVER_ADMIN_SHARED_KEY is not set");
        assertThat(cli.run("--priority", "URGENT").err()).contains("nothing to send");
    }

    @Test
    void errorsAreJsonIfAskedFor() {
        Cli.Run run = cli.run("--json", "--bogus");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out())
                .isEqualTo("{\"event\":\"error\",\"kind\":\"usage\",\"error\":\"Unknown option: '--bogus'\"}\n");
    }

    @Test
    void allowsOneActionOnly() {
        refused(cli.run("--server-status", "--view-queue"), "mutually exclusive");
        refused(cli.run("--files", "a.7", "--directory", "x"), "mutually exclusive");
    }

    @Test
    void allowsOnlyOptionsThatHaveAnEffect() {
        String job = FakeServer.JOB.toString();
        refused(cli.run("--server-status", "--follow"), "--follow goes with --log");
        refused(cli.run("--job", job, "--all"), "--all goes with --view-queue");
        refused(cli.run("--files", "a.7", "--limit", "3"), "--limit goes with --view-queue");
        refused(cli.run("--fetch", job, "--no-wait"), "--no-wait goes with a job's submission");
        refused(cli.run("--log", job, "--priority", "low"), "--priority goes with a job's submission");
        refused(cli.run("--cancel", job, "--output", "x"), "--output goes with a job's submission or --fetch");
        refused(cli.run("--rerun", job, "--timeout", "1"), "--timeout goes with a job's submission or --fetch");
        refused(cli.run("--no-wait", "--output", "x"), "--output does not go with --no-wait");
        refused(cli.run("--job", job, "--cancel", job), "mutually exclusive");
    }

    @Test
    void ofValuesThatAreNoneIsRefusedInWords() {
        refused(cli.run("--job", "7"), "--job", "not a job id (a UUID of 36 characters): \"7\"");
        refused(cli.run("--priority", "high"), "no priority \"high\"; there are urgent, normal and low");
        refused(cli.run("--timeout", "-1"), "--timeout -1 is negative");
        refused(cli.run("--view-queue", "--limit", "0"), "--limit 0 is less than 1");
        refused(cli.run("--timeout", "soon"), "--timeout");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":60000", "a:b", "::1", "[::1", "host:", "a:1:2", "[]:1"})
    void ofAnAddressThatIsNoneIsRefused(String server) {
        refused(cli.run("--server-status", "--server", server), "is not HOST, HOST:PORT or [IPV6]:PORT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "99999999999999"})
    void ofAPortThatIsNoneIsRefused(String port) {
        refused(cli.run("--server-status", "--server", "localhost:" + port), "command line: SERVER_PORT = " + port);
    }

    @Test
    void ofOptionsForTheScriptThatAreNoJsonIsRefused() throws Exception {
        String file = Files.writeString(directory.resolve("a.7"), "").toString();
        refused(cli.run("--files", file, "--recon-options", "num_slices=1"), "are not JSON", "'{\"key\": value}'");
        refused(cli.run("--files", file, "--recon-options", "[1]"), "must be one JSON object");
        refused(cli.run("--files", file, "--recon-options", "{\"a b\": 1}"), "\"a b\" does not match");
    }

    @Test
    void needsSomethingToSend() {
        refused(cli.run(), "nothing to send: give --files or --directory", "CLIENT_DEFAULT_PFILE_PATH is not set");
        Path none = directory.resolve("none.7");
        refused(cli.run("--set", "CLIENT_DEFAULT_PFILE_PATH=" + none), none + " does not exist");
    }

    @Test
    void needsADirectoryForAPattern() {
        refused(cli.run("--pattern", "*.7"), "--pattern goes with --directory");
        refused(cli.run("--directory", directory + "/none"), "/none is no directory");
        refused(cli.run("--directory", directory.toString(), "--pattern", "*.7"), "matches \"*.7\"");
    }

    @Test
    void namesMissingAndDoubleFiles() throws Exception {
        Path one =
                Files.writeString(Files.createDirectory(directory.resolve("1")).resolve("a.7"), "");
        Path two =
                Files.writeString(Files.createDirectory(directory.resolve("2")).resolve("a.7"), "");
        refused(cli.run("--files", directory + "/none.7"), "/none.7: there is no such file");
        refused(cli.run("--files", one.toString(), two.toString()), "named a.7: " + one + " and " + two);
        refused(cli.run("--files", one.toString(), "--files", two.toString()), "named a.7: " + one + " and " + two);
    }

    @Test
    void reportsEveryProblemOfTheOptionsFile() throws Exception {
        Files.writeString(cli.optionsFile(), "SHARED_KEY = x\nSERVER_PRT = 1\nMAX_JOB_FILES = no\n");
        Cli.Run run = cli.run("--server-status");
        refused(
                run,
                cli.optionsFile() + ":1: SHARED_KEY is malformed",
                cli.optionsFile() + ":2: ",
                "SERVER_PORT",
                cli.optionsFile() + ":3: MAX_JOB_FILES = no");
        assertThat(run.err().lines()).allMatch(line -> line.startsWith("recon-client: "));
    }

    @Test
    void makesAnOptionsFileAndSaysWhatToEdit() throws Exception {
        Path made = directory.resolve("made.opts");
        Cli.Run run = Cli.bare("--server-status", "--opts", made.toString());
        refused(
                run,
                made + " did not exist and has been created with the defaults; edit SHARED_KEY",
                "SHARED_KEY is still the placeholder: make a key with \"java -jar recon-client.jar keygen\"");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rw-------");
    }

    @Test
    void saysWhyNoOptionsFileCanBeMade() {
        refused(
                Cli.bare("--server-status", "--opts", directory + "/none/recon.opts"),
                "does not exist and cannot be created: no such file or directory");
    }

    @Test
    void warnsOfAKeyThatOthersCanRead() throws Exception {
        Files.setPosixFilePermissions(cli.optionsFile(), PosixFilePermissions.fromString("rw-r--r--"));
        Cli.Run run = cli.run();
        assertThat(run.err()).contains("run: chmod 600 " + cli.optionsFile());
    }

    @Test
    void neverPrintsTheKey() throws Exception {
        String file = Files.writeString(directory.resolve("a.7"), "").toString();
        Cli.Run run = cli.run("--files", file, "--verbose", "--server", "localhost:1");
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).doesNotContain(FakeServer.KEY.substring(0, 20));
    }
}
