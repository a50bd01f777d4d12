package recon.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WatchCommandTest {
    @TempDir
    private Path directory;

    private Cli cli;

    @BeforeEach
    void makeOptions() throws IOException {
        cli = new Cli(directory);
    }

    @Test
    void needsADirectoryToWatch() {
        Cli.Run run = cli.run("watch", "--once");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("CLIENT_WATCH_DIRECTORY is not set");
        Cli.Run missing = cli.run("watch", "--once", "--set", "CLIENT_WATCH_DIRECTORY=" + directory + "/none");
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err()).contains("/none is no directory");
        Cli.Run file = cli.run("watch", "--set", "CLIENT_WATCH_DIRECTORY=" + directory + "/recon.opts");
        assertThat(file.exitCode()).isEqualTo(2);
        assertThat(file.err()).contains("recon.opts is no directory");
    }

    @Test
    void onceEndsWhereThereIsNothingToSend() throws Exception {
        Path scans = Files.createDirectory(directory.resolve("scans"));
        Files.writeString(scans.resolve("notes.txt"), "");
        Files.writeString(scans.resolve("P1.json"), "{}");
        assertThat(cli.run("watch", "--once", "--set", "CLIENT_WATCH_DIRECTORY=" + scans))
                .isEqualTo(new Cli.Run(0, "", ""));
    }

    @Test
    void optionsThatAreNoneMakeAFailedJobWithTheReason() throws Exception {
        Path scans = Files.createDirectory(directory.resolve("scans"));
        Files.writeString(scans.resolve("P1.7"), "data");
        Files.writeString(scans.resolve("P1.json"), "[1]");
        Cli.Run run = cli.run(
                "watch",
                "--once",
                "--set=CLIENT_WATCH_DIRECTORY=" + scans,
                "--set=CLIENT_DAEMON_STABILITY_DELAY=0",
                "--set=CLIENT_DAEMON_GROUPING_TIMEOUT=0");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(scans.resolve("P1.7.failed")).content().contains("P1.json: reconstruction options must be one JSON");
        assertThat(cli.run("watch", "--once", "--set=CLIENT_WATCH_DIRECTORY=" + scans)
                        .exitCode())
                .isZero();
    }

    @Test
    void aFailedJobThatCannotBeMarkedIsNotTriedAtEveryStart() throws Exception {
        Path scans = Files.createDirectory(directory.resolve("scans"));
        Path file = Files.writeString(scans.resolve("P1.7"), "data");
        Path json = Files.writeString(scans.resolve("P1.json"), "[1]");
        Path failed = Files.createFile(directory.resolve("no directory"));
        String[] watch = {
            "watch",
            "--once",
            "--set=CLIENT_WATCH_DIRECTORY=" + scans,
            "--set=CLIENT_WATCH_FAILED_DIRECTORY=" + failed,
            "--set=CLIENT_DAEMON_STABILITY_DELAY=0",
            "--set=CLIENT_DAEMON_GROUPING_TIMEOUT=0"
        };
        assertThat(cli.run(watch).exitCode()).isEqualTo(1);
        assertThat(cli.run(watch).exitCode()).isZero();
        Files.delete(failed);
        assertThat(cli.run(watch).exitCode()).isZero();
        Files.writeString(file, "changed");
        assertThat(cli.run(watch).exitCode()).isEqualTo(1);
        assertThat(file).doesNotExist();
        assertThat(json).doesNotExist();
        assertThat(failed.resolve("P1.json")).hasContent("[1]");
    }

    @Test
    void onceSaysForProgramsWhatCameOfItAlsoWhereThereIsNothingToSend() throws Exception {
        Path scans = Files.createDirectory(directory.resolve("scans"));
        assertThat(cli.run("watch", "--once", "--json", "--set=CLIENT_WATCH_DIRECTORY=" + scans))
                .isEqualTo(new Cli.Run(0, "{\"event\":\"watched\",\"done\":0,\"failed\":0}\n", ""));
    }

    @Test
    void linksAndEmptyFilesAreNotSent() throws Exception {
        Path scans = Files.createDirectory(directory.resolve("scans"));
        Path secret = Files.writeString(directory.resolve("secret"), "not for the server");
        Files.createSymbolicLink(scans.resolve("link.7"), secret);
        Files.createFile(scans.resolve("P1.7"));
        assertThat(cli.run(
                        "watch",
                        "--once",
                        "--set=CLIENT_WATCH_DIRECTORY=" + scans,
                        "--set=CLIENT_DAEMON_STABILITY_DELAY=0",
                        "--set=CLIENT_DAEMON_GROUPING_TIMEOUT=0"))
                .isEqualTo(new Cli.Run(0, "", ""));
        assertThat(directory.resolve("downloads")).doesNotExist();
        assertThat(scans.resolve("P1.7.failed")).doesNotExist();
    }
}
