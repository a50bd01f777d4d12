package recon.client.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import recon.client.retry.Timing;

/** The command line without a process: an options file, and what a run of it prints. */
final class Cli {
    private static final int MANY_PAUSES = 50;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Path directory;
    private final CountDownLatch timeIsUp = new CountDownLatch(1);
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream raw = new ByteArrayOutputStream();
    private OutputStream out = raw;
    private boolean terminal;

    /** @param directory where the options file is, and the folder "downloads" will be */
    Cli(Path directory) throws IOException {
        this.directory = directory;
        Path options = Files.createFile(
                optionsFile(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(options, """
                SHARED_KEY = %s
                CLIENT_DOWNLOAD_DIR = downloads
                CLIENT_STATE_DIR = client-state
                CLIENT_DEFAULT_PFILE_PATH =
                IDLE_TIMEOUT_SECONDS = 20
                """.formatted(FakeServer.KEY));
    }

    /** From now on standard output seems to be a terminal. */
    void onTerminal() {
        terminal = true;
    }

    /** From now on whoever reads standard output has gone. */
    void brokenPipe() {
        out = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
    }

    /** Lets every --timeout of more than 30 s pass. */
    void timeIsUp() {
        timeIsUp.countDown();
    }

    /** The pauses between attempts, which took no time. */
    List<Duration> pauses() {
        return pauses;
    }

    /** What was written to standard output as bytes. */
    byte[] raw() {
        return raw.toByteArray();
    }

    private void pause(CountDownLatch over, Duration time) throws InterruptedException {
        if (time.compareTo(LONGEST_PAUSE) > 0) {
            timeIsUp.await(20, TimeUnit.SECONDS);
        } else if (over.getCount() > 0) {
            pauses.add(time);
            if (pauses.size() >= MANY_PAUSES) {
                over.countDown(); // a test whose server never comes back must end
            }
        }
    }

    /** What a run came to. */
    record Run(int exitCode, String out, String err) {
        List<String> outLines() {
            return out.lines().toList();
        }
    }

    Path optionsFile() {
        return directory.resolve("recon.opts");
    }

    Path downloads() {
        return directory.resolve("downloads");
    }

    Run run(FakeServer server, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--server=127.0.0.1:" + server.port());
        return run(all.toArray(String[]::new));
    }

    Run run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--opts=" + optionsFile());
        Surroundings surroundings = new Surroundings(new Timing(new SplittableRandom(1), this::pause), out, terminal);
        return run(surroundings, all.toArray(String[]::new));
    }

    /** Without an options file. */
    static Run bare(String... arguments) {
        return run(Surroundings.real(), arguments);
    }

    private static Run run(Surroundings surroundings, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = ReconClientMain.commandLine(surroundings);
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        int exitCode = commandLine.execute(arguments);
        return new Run(exitCode, out.toString(), err.toString());
    }
}
