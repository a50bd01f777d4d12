package recon.client.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.Consumer;
import recon.client.ClientException;
import recon.client.submit.JobOutcome;
import recon.common.job.JobId;
import recon.common.wire.MessageCodec;
import recon.common.wire.PayloadWriter;

/** One JSON object on each line; the first key, {@code event}, says what it is about. */
final class JsonReport implements JobReport {
    private final PrintWriter out;

    JsonReport(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void sending(int files, long bytes) {
        print("sending", fields -> {
            fields.number("files", files);
            fields.number("bytes", bytes);
        });
    }

    @Override
    public void queued(JobId job) {
        print("queued", fields -> fields.text("job_id", job.toString()));
    }

    @Override
    public void goesOn() {
        print("goes_on", fields -> {});
    }

    @Override
    public void notice(String words) {
        print("notice", fields -> fields.text("text", words));
    }

    @Override
    public void waiting(JobId job) {
        print("waiting", fields -> fields.text("job_id", job.toString()));
    }

    @Override
    public void connectionLost(String reason) {
        print("connection_lost", fields -> fields.text("reason", reason));
    }

    @Override
    public void reconnected() {
        print("reconnected", fields -> {});
    }

    @Override
    public void receiving(int files) {
        print("receiving", fields -> fields.number("files", files));
    }

    @Override
    public void saved(Path file, boolean elsewhere) {
        print("saved", fields -> {
            fields.text("path", file.toString());
            fields.flag("name_was_taken", elsewhere);
        });
    }

    @Override
    public void ended(JobOutcome outcome) {
        if (outcome instanceof JobOutcome.Completed completed) {
            print("complete", fields -> {
                fields.text("job_id", completed.job().toString());
                fields.texts(
                        "files", completed.files().stream().map(Path::toString).toList());
            });
        } else if (outcome instanceof JobOutcome.Failed failed) {
            print("failed", fields -> {
                fields.text("job_id", failed.job().toString());
                fields.text("status", failed.state().word());
                fields.text("error", failed.reason());
            });
        }
    }

    /** @param kind "usage", "interrupted", "cancelled", or a {@link ClientException.Kind} in lower case */
    static void error(PrintWriter out, String kind, String message) {
        print(out, "error", fields -> {
            fields.text("kind", kind);
            fields.text("error", message);
        });
    }

    private void print(String event, Consumer<PayloadWriter> more) {
        print(out, event, more);
    }

    static void print(PrintWriter out, String event, Consumer<PayloadWriter> more) {
        out.println(MessageCodec.line(fields -> {
            fields.text("event", event);
            more.accept(fields);
        }));
        out.flush();
    }
}
