package recon.common.wire;

/**
 * The messages that move one file. The sender is whoever has the file:
 * {@code Start → StartAck → Chunk × n → End → EndAck}. An input file is asked for first, by {@link RequestFile}.
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

    /** @param size bytes that will follow, 0 or more */
    record Start(String filename, long size) implements Transfer {
        static final String TYPE = "file_transfer_start";

        static Start read(Payload payload) throws ProtocolException {
            return new Start(payload.text("filename"), payload.number("size"));
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public void write(PayloadWriter payload) {
            payload.text("filename", filename);
            payload.number("size", size);
        }
    }

    /** @param detail why not, or empty if ready */
    record StartAck(String filename, boolean ready, String detail) implements Transfer {
        static final String TYPE = "ack_file_transfer_start";

        static StartAck read(Payload payload) throws ProtocolException {
            return new StartAck(
                    payload.text("filename"), payload.choice("status", "ready", "error"), payload.textOr("detail", ""));
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public void write(PayloadWriter payload) {
            writeAck(payload, filename, ready ? "ready" : "error", detail);
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

    /** @param detail why not, or empty if the file is whole and in its place */
    record EndAck(String filename, boolean success, String detail) implements Transfer {
        static final String TYPE = "ack_file_transfer_end";

        static EndAck read(Payload payload) throws ProtocolException {
            return new EndAck(
                    payload.text("filename"),
                    payload.choice("status", "success", "error"),
                    payload.textOr("detail", ""));
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public void write(PayloadWriter payload) {
            writeAck(payload, filename, success ? "success" : "error", detail);
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
