package recon.client.cli;

import java.io.IOException;
import java.io.OutputStream;
import recon.client.ClientException;
import recon.client.ReconClient;
import recon.common.job.JobId;

/**
 * Shows what a job's script has printed: to a file or a program the bytes as they are, to a terminal as text without
 * control codes.
 *
 * @param follow go on until the script has ended
 */
record LogAction(JobId job, boolean follow) implements ClientAction {
    /** Standard output takes no more. */
    private static final class OutputException extends IOException {
        OutputException(IOException cause) {
            super("the log cannot be written to standard output: " + cause.getMessage(), cause);
        }
    }

    @Override
    public int run(Session session) throws IOException {
        ClientConsole console = session.console();
        try (ReconClient client = session.newClient()) {
            if (console.style().json()) {
                printJson(client, console);
            } else if (session.surroundings().outIsTerminal()) {
                printText(client, console);
            } else {
                copy(client, session.surroundings().out());
            }
            return ExitCode.DONE;
        } catch (ClientException e) {
            if (e.getCause() instanceof OutputException nobodyReads) {
                throw nobodyReads;
            }
            throw e;
        }
    }

    private void copy(ReconClient client, OutputStream out) throws ClientException {
        client.log(job, follow, bytes -> {
            try {
                out.write(bytes);
                out.flush();
            } catch (IOException e) {
                throw new OutputException(e);
            }
        });
    }

    private void printText(ReconClient client, ClientConsole console) throws ClientException {
        ScriptText text = new ScriptText();
        client.log(job, follow, bytes -> {
            console.out().print(Printable.text(text.next(bytes)));
            console.out().flush();
        });
        console.out().print(Printable.text(text.end()));
        console.out().flush();
    }

    private void printJson(ReconClient client, ClientConsole console) throws ClientException {
        ScriptText text = new ScriptText();
        client.log(job, follow, bytes -> printJson(console, text.next(bytes)));
        printJson(console, text.end());
        JsonReport.print(console.out(), "log_end", fields -> fields.text("job_id", job.toString()));
    }

    private void printJson(ClientConsole console, String text) {
        if (!text.isEmpty()) {
            JsonReport.print(console.out(), "log", fields -> {
                fields.text("job_id", job.toString());
                fields.text("text", text);
            });
        }
    }
}
