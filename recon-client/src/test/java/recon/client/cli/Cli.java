package recon.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** The command line without a process: an options file, and what a run of it prints. */
final class Cli {
    private final Path directory;

    /** @param directory where the options file is, and the folder "downloads" will be */
    Cli(Path directory) throws IOException {
        this.directory = directory;
        Path options = Files.createFile(
                optionsFile(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(options, """
                SHARED_KEY = %s
                CLIENT_DOWNLOAD_DIR = downloads
                CLIENT_DEFAULT_PFILE_PATH =
                IDLE_TIMEOUT_SECONDS = 20
                """.formatted(FakeServer.KEY));
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
        return bare(all.toArray(String[]::new));
    }

    /** Without an options file. */
    static Run bare(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = ReconClientMain.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        int exitCode = commandLine.execute(arguments);
        return new Run(exitCode, out.toString(), err.toString());
    }
}
