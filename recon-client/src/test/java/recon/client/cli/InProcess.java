package recon.client.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import picocli.CommandLine;
import recon.client.retry.Timing;

/** The client's command line in this process, for tests of other packages that run it often. */
public final class InProcess {
    private InProcess() {}

    /**
     * What a run came to.
     *
     * @param out what was printed, logs included
     */
    public record Run(int exitCode, String out, String err) {
        public List<String> outLines() {
            return out.lines().toList();
        }
    }

    public static Run run(List<String> arguments) {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        PrintWriter out = new PrintWriter(raw, true, StandardCharsets.UTF_8);
        StringWriter err = new StringWriter();
        Timing timing = new Timing(new SplittableRandom(1), Timing.real().pause());
        CommandLine commandLine = ReconClientMain.commandLine(new Surroundings(timing, raw, false));
        commandLine.setOut(out);
        commandLine.setErr(new PrintWriter(err, true));
        int exitCode = commandLine.execute(arguments.toArray(String[]::new));
        out.flush();
        return new Run(exitCode, raw.toString(StandardCharsets.UTF_8), err.toString());
    }
}
