package recon.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client on a terminal, which util-linux' {@code script} plays. */
@Timeout(180)
class TerminalIT {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String WRAP_OFF = "\u001b[?7l";
    private static final String WRAP_ON = "\u001b[?7h";

    @TempDir
    private Path directory;

    private Site site;

    @BeforeEach
    void makeSite() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "skipped: needs script, Debian package bsdutils");
        site = new Site(directory);
        Files.writeString(directory.resolve("a.7"), "primary");
    }

    @AfterEach
    void endAll() throws IOException {
        if (site != null) {
            site.close();
        }
    }

    /** Runs the client on a terminal, then has the terminal's state printed. */
    private Site.Program onTerminal(Site.Server server) throws IOException {
        String client =
                String.join(" ", Site.java(Site.CLIENT_JAR, "--files", "a.7", "--set", "SERVER_PORT=" + server.port()));
        site.script(
                "session.sh",
                "trap : INT\nTERM=xterm env --default-signal=INT " + client + "\necho \"exit code $?\"\nstty -a\n");
        return site.start(List.of("script", "-qec", "./session.sh", "/dev/null"));
    }

    @Test
    void followsAJobToItsEnd() throws Exception {
        site.options(KEY, site.script("copy.sh", "cp \"$1\"/* \"$3\"\n"));
        Site.Run run = onTerminal(site.server()).end();
        assertThat(run.out())
                .contains("\u001b[K" + WRAP_OFF + "connecting" + WRAP_ON)
                .contains("is complete: 1 file in " + site.downloads())
                .contains("exit code 0");
        assertThat(run.out().lastIndexOf(WRAP_ON)).isGreaterThan(run.out().lastIndexOf(WRAP_OFF));
    }

    @Test
    void isInOrderAfterCtrlC() throws Exception {
        site.options(KEY, site.heldScript());
        Site.Server server = site.server();
        Site.Program terminal = onTerminal(server);
        String jobLine = terminal.awaitOut("job ");
        server.program().awaitErr("running the script");
        OutputStream keyboard = terminal.process.getOutputStream();
        keyboard.write(3); // Ctrl-C
        keyboard.flush();
        Site.Run run = terminal.end();
        String job = jobLine.replaceAll(".*job ([0-9a-f-]{36}).*", "$1");
        assertThat(run.out())
                .contains("recon-client: interrupted; job " + job + " goes on at the server; to fetch its results: ")
                .contains("exit code 130")
                .containsPattern("(?m)^isig icanon")
                .containsPattern("\\secho\\s");
        assertThat(run.out().lastIndexOf(WRAP_ON)).isGreaterThan(run.out().lastIndexOf(WRAP_OFF));
    }
}
