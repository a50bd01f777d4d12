package recon.common.wire;

import java.util.Locale;
import java.util.Optional;
import recon.common.job.Sha256;

/**
 * The messages that move one file. The sender is whoever has the file:
 * {@code Start → StartAck → Chunk × n → End → EndAck}, or {@code Start → StartAck} where the receiver has it already. An input file is asked for first, by {@link RequestFile}.
 */
public sealed interface Transfer extends Message {
    /** Server to client: send me the file that you offered under this path. */
    record RequestFile(String filepath) implements Transfer {
        static final String TYPE = "request_file";

        static RequestFile read(Payload payload) throws ProtocolException {
            return new RequestFile(payload.text("filepath"));
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public void write(PayloadWriter payload) {
            payload.text("filepath", filepath);
        }
    }

    /** Client to server: that file cannot be had, or changed while it was sent. Ends the job's upload. */
    record RefuseFile(String filepath, String detail) implements Transfer {
        static final String TYPE = "error_request_file";

        static RefuseFile read(Payload payload) throws ProtocolException {
            return new RefuseFile(payload.text("filepath"), payload.textOr("detail", "no reason given"));
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public void write(PayloadWriter payload) {
            payload.text("filepath", filepath);
            payload.text("detail", detail);
        }
    }

    /**
     * @param size bytes that will follow, 0 or more
     * @param sha256 of the content, if the sender knows it; then the receiver answers with a {@link Receipt}
     */
    record Start(String filename, long size, Optional<Sha256> sha256) implements Transfer {
        static final String TYPE = "file_transfer_start";

        public Start(String filename, long size) {
            this(filename, size, Optional.empty());
        }

        static Start read(Payload payload) throws ProtocolException {
            return new Start(payload.text("filename"), payload.number("size"), payload.sha256("sha256"));
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public void write(PayloadWriter payload) {
            payload.text("filename", filename);
            payload.number("size", size);
            sha256.ifPresent(digest -> payload.text("sha256", digest.hex()));
        }
    }

    /** What a receiver says to a {@link Start}. */
    enum Answer {
        READY,
        /** A file of that name, size and digest is here already: nothing needs to be sent. The file is done with. */
        HAVE,
        ERROR;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param detail why not, or empty unless it is an error */
    record StartAck(String filename, Answer answer, String detail) implements Transfer {
        static final String TYPE = "ack_file_transfer_start";

        public StartAck(String filename, boolean ready, String detail) {
            this(filename, ready ? Answer.READY : Answer.ERROR, detail);
        }

        public boolean ready() {
            return answer == Answer.READY;
        }

        static StartAck read(Payload payload) throws ProtocolException {
            String word = payload.choice("status", Answer.READY.word(), Answer.HAVE.word(), Answer.ERROR.word());
            return new StartAck(
                    payload.text("filename"),
                    Answer.valueOf(word.toUpperCase(Locale.ROOT)),
                    payload.textOr("detail", ""));
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public void write(PayloadWriter payload) {
            writeAck(payload, filename, answer.word(), detail);
        }
    }

    /**
     * A piece of the file. Not compared by content.
     *
     * @param data the piece from index 0; not copied, so its sender must not change it before it is written
     * @param length bytes of the piece in {@code data}
     */
    record Chunk(String filename, byte[] data, int length) implements Transfer {
        static final String TYPE = "file_chunk";

        static Chunk read(Payload payload) throws ProtocolException {
            byte[] data = payload.base64("data");
            return new Chunk(payload.text("filename"), data, data.length);
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public void write(PayloadWriter payload) {
            payload.text("filename", filename);
            payload.base64("data", data, length);
        }
    }

    record End(String filename) implements Transfer {
        static final String TYPE = "file_transfer_end";

        static End read(Payload payload) throws ProtocolException {
            return new End(payload.text("filename"));
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public void write(PayloadWriter payload) {
            payload.text("filename", filename);
        }
    }

    /** What has arrived, as the receiver has it on its disk. */
    record Receipt(long size, Sha256 sha256) {}

    /**
     * @param detail why not, or empty if the file is whole and in its place
     * @param receipt if the sender had announced a digest
     */
    record EndAck(String filename, boolean success, String detail, Optional<Receipt> receipt) implements Transfer {
        static final String TYPE = "ack_file_transfer_end";

        public EndAck(String filename, boolean success, String detail) {
            this(filename, success, detail, Optional.empty());
        }

        static EndAck read(Payload payload) throws ProtocolException {
            Optional<Sha256> sha256 = payload.sha256("sha256");
            return new EndAck(
                    payload.text("filename"),
                    payload.choice("status", "success", "error").equals("success"),
                    payload.textOr("detail", ""),
                    sha256.isPresent()
                            ? Optional.of(new Receipt(payload.number("size"), sha256.get()))
                            : Optional.empty());
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public void write(PayloadWriter payload) {
            writeAck(payload, filename, success ? "success" : "error", detail);
            receipt.ifPresent(got -> {
                payload.number("size", got.size());
                payload.text("sha256", got.sha256().hex());
            });
        }
    }

    private static void writeAck(PayloadWriter payload, String filename, String status, String detail) {
        payload.text("filename", filename);
        payload.text("status", status);
        if (!detail.isEmpty()) {
            payload.text("detail", detail);
        }
    }
}
