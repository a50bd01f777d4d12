package recon.common.wire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import recon.common.job.FileName;
import recon.common.job.InputFile;

/** What a client may ask for in the first message of a connection. All are of type {@code command}. */
public sealed interface Request extends Message {
    String TYPE = "command";
    String NAME = "command_name";

    String command();

    void writeArguments(PayloadWriter payload);

    <R> R accept(Handler<R> handler) throws IOException;

    @Override
    default String type() {
        return TYPE;
    }

    @Override
    default String label() {
        return TYPE + " " + command();
    }

    @Override
    default void write(PayloadWriter payload) {
        payload.text(NAME, command());
        writeArguments(payload);
    }

    /** One method per request. */
    interface Handler<R> {
        R submitJob(SubmitJob request) throws IOException;

        R serverStatus(GetServerStatus request) throws IOException;

        R queueDetails(GetQueueDetails request) throws IOException;

        R unknown(UnknownCommand request) throws IOException;
    }

    static Request read(Payload payload) throws ProtocolException {
        String command = payload.text(NAME);
        return switch (command) {
            case SubmitJob.COMMAND -> SubmitJob.read(payload);
            case GetServerStatus.COMMAND -> new GetServerStatus();
            case GetQueueDetails.COMMAND -> new GetQueueDetails();
            default -> new UnknownCommand(command);
        };
    }

    /**
     * Run a job on these files.
     *
     * @param files as the client names them; empty if the list was missing or empty, which the server refuses
     * @param optionsJson a JSON object as text
     * @param resultPaths the client takes results in subdirectories, their names with {@code /} between; Python clients
     *     do not say so, and get bare names
     */
    record SubmitJob(List<OfferedFile> files, String optionsJson, boolean resultPaths) implements Request {
        static final String COMMAND = "submit_recon_job";

        public SubmitJob {
            files = List.copyOf(files);
        }

        /** One entry of {@code files}, not checked yet: a bad name is answered in words, not by closing. */
        public record OfferedFile(String name, String originalPath) {
            /** @throws IllegalArgumentException if the name's last element is no file name */
            public InputFile toInputFile() {
                return new InputFile(FileName.lastOf(name), originalPath);
            }
        }

        static SubmitJob read(Payload payload) throws ProtocolException {
            List<OfferedFile> files = new ArrayList<>();
            for (Payload file : payload.objectsOrNone("files")) {
                files.add(new OfferedFile(file.text("name"), file.text("original_path_on_client")));
            }
            return new SubmitJob(
                    files, payload.textOr("client_recon_options_json", "{}"), payload.flagOr("result_paths", false));
        }

        @Override
        public String command() {
            return COMMAND;
        }

        @Override
        public void writeArguments(PayloadWriter payload) {
            List<Consumer<PayloadWriter>> elements = new ArrayList<>();
            for (OfferedFile file : files) {
                elements.add(element -> {
                    element.text("name", file.name());
                    element.text("original_path_on_client", file.originalPath());
                });
            }
            payload.objects("files", elements);
            payload.text("client_recon_options_json", optionsJson);
            if (resultPaths) {
                payload.flag("result_paths", true);
            }
        }

        @Override
        public <R> R accept(Handler<R> handler) throws IOException {
            return handler.submitJob(this);
        }
    }

    record GetServerStatus() implements Request {
        static final String COMMAND = "get_server_status";

        @Override
        public String command() {
            return COMMAND;
        }

        @Override
        public void writeArguments(PayloadWriter payload) {}

        @Override
        public <R> R accept(Handler<R> handler) throws IOException {
            return handler.serverStatus(this);
        }
    }

    record GetQueueDetails() implements Request {
        static final String COMMAND = "get_queue_details";

        @Override
        public String command() {
            return COMMAND;
        }

        @Override
        public void writeArguments(PayloadWriter payload) {}

        @Override
        public <R> R accept(Handler<R> handler) throws IOException {
            return handler.queueDetails(this);
        }
    }

    /** A command of another version; the server answers that it does not know it. */
    record UnknownCommand(String command) implements Request {
        @Override
        public void writeArguments(PayloadWriter payload) {}

        @Override
        public <R> R accept(Handler<R> handler) throws IOException {
            return handler.unknown(this);
        }
    }
}
