package recon.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options that stand before the name of a subcommand. */
@Timeout(60)
class BeforeSubcommandTest {
    private static final String ADMIN_KEY = "SERVER_ADMIN_SHARED_KEY=AQECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    @TempDir
    private Path directory;

    private String opts;

    @BeforeEach
    void writeOptions() throws IOException {
        opts = new Cli(directory).optionsFile().toString();
    }

    @Test
    void chooseTheOptionsFileOfAdmin() {
        Path made = directory.resolve("admin.opts");
        assertThat(Cli.bare("--opts", made.toString(), "admin", "queue").err()).contains(made + " did not exist");
        Cli.Run run = Cli.bare("--opts", opts, "admin", "--opts", directory + "/later.opts", "queue");
        assertThat(run.err()).contains("/later.opts did not exist");
    }

    @Test
    void chooseTheServerAndTheItemsOfAdmin() {
        Cli.Run run = Cli.bare("--opts", opts, "--server=127.0.0.1:1", "--set", ADMIN_KEY, "admin", "queue");
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("cannot connect to 127.0.0.1 port 1", "SERVER_ADMIN_PORT right?");
        assertThat(run.err().lines()).hasSize(1);
        Cli.Run later =
                Cli.bare("--opts", opts, "--server=127.0.0.1:1", "--set", ADMIN_KEY, "admin", "queue", "--server=[::]");
        assertThat(later.err()).doesNotContain("127.0.0.1 port 1");
    }

    @Test
    void theLaterOfTwoValuesOfAnItemWins() {
        String[] both = {"--opts", opts, "--set", "SERVER_ADMIN_PORT=2", "--set", ADMIN_KEY, "admin"};
        assertThat(Cli.bare(with(both, "status", "--set", "SERVER_ADMIN_PORT=1"))
                        .err())
                .contains("port 1");
        assertThat(Cli.bare(with(both, "status")).err()).contains("port 2");
        assertThat(Cli.bare(with(both, "--set", "SERVER_ADMIN_PORT=0x", "status"))
                        .err())
                .contains("command line: SERVER_ADMIN_PORT = 0x");
    }

    private static String[] with(String[] some, String... more) {
        return java.util.stream.Stream.concat(java.util.Arrays.stream(some), java.util.Arrays.stream(more))
                .toArray(String[]::new);
    }

    @Test
    void makeAdminSayWhereErrorsComeFrom() {
        String[] arguments = {"admin", "queue", "--opts", opts, "--server=127.0.0.1:1", "--set", ADMIN_KEY};
        assertThat(Cli.bare(arguments).err()).doesNotContain("\tat ");
        assertThat(Cli.bare(with(new String[] {"--verbose"}, arguments)).err()).contains("\tat ");
        assertThat(Cli.bare(with(arguments, "--verbose")).err()).contains("\tat ");
    }

    @Test
    void holdForWatchToo() throws IOException {
        Path scans = Files.createDirectory(directory.resolve("scans"));
        String watched = "CLIENT_WATCH_DIRECTORY=" + scans;
        assertThat(Cli.bare("--opts", opts, "--verbose", "--set", watched, "watch", "--once"))
                .isEqualTo(new Cli.Run(0, "", ""));
        assertThat(Cli.bare("--opts", opts, "watch", "--once", "--set", watched).exitCode())
                .isZero();
        Cli.Run run = Cli.bare("--opts", opts, "--set", watched, "--server=a:b", "watch", "--once");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--server a:b is not HOST", "Try: recon-client watch --help");
    }

    @ParameterizedTest
    @CsvSource({
        "--opts=x, keygen",
        "--set=SERVER_PORT=1, mrd",
        "--server=localhost, mrd",
        "--quiet, admin",
        "--view-queue, admin",
        "--files=a.7, watch",
        "--limit=3, admin",
    })
    void thatTheSubcommandDoesNotHaveAreRefused(String option, String subcommand) {
        Cli.Run run = Cli.bare(option, subcommand);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("recon-client: " + option.split("=", 2)[0] + " does not go with " + subcommand + "\n");
    }

    @Test
    void helpAndVersionAreOfTheProgram() {
        assertThat(Cli.bare("--version", "admin").out()).startsWith("recon-client ");
        assertThat(Cli.bare("--help", "admin").out()).contains("--view-queue");
    }

    @Test
    void errorsOfMrdAreTracedOnRequest() {
        String file = directory.resolve("none/1.h5").toString();
        assertThat(Cli.bare("--verbose", "mrd", "phantom", "-o", file, "-m", "16")
                        .err())
                .contains("\tat ");
    }
}
