package recon.client.cli;

import java.io.IOException;
import java.util.function.Consumer;
import recon.client.ReconClient;
import recon.common.wire.PayloadWriter;

/**
 * Where a log goes that comes in pieces: to a file or a program the bytes as they are, to a terminal as text without
 * control codes, or as lines of JSON.
 */
final class LogOutput implements ReconClient.LogSink {
    private final ClientConsole console;
    private final Surroundings surroundings;
    private final Consumer<PayloadWriter> whose;
    private final ScriptText text = new ScriptText();

    /** Standard output takes no more. */
    static final class OutputException extends IOException {
        private static final long serialVersionUID = 1L;

        OutputException(IOException cause) {
            super("the log cannot be written to standard output: " + cause.getMessage(), cause);
        }
    }

    /** @param whose fields that each line of JSON begins with */
    LogOutput(ClientConsole console, Surroundings surroundings, Consumer<PayloadWriter> whose) {
        this.console = console;
        this.surroundings = surroundings;
        this.whose = whose;
    }

    @Override
    public void write(byte[] output) throws IOException {
        if (console.style().json() || surroundings.outIsTerminal()) {
            print(text.next(output));
            return;
        }
        try {
            surroundings.out().write(output);
            surroundings.out().flush();
        } catch (IOException e) {
            throw new OutputException(e);
        }
    }

    /** The log has ended. */
    void end() {
        if (console.style().json()) {
            print(text.end());
            JsonReport.print(console.out(), "log_end", whose);
        } else if (surroundings.outIsTerminal()) {
            print(text.end());
        }
    }

    private void print(String piece) {
        if (!console.style().json()) {
            console.out().print(Printable.text(piece));
            console.out().flush();
        } else if (!piece.isEmpty()) {
            JsonReport.print(console.out(), "log", fields -> {
                whose.accept(fields);
                fields.text("text", piece);
            });
        }
    }
}
