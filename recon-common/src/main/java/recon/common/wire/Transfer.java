package recon.common.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import recon.common.job.Sha256;

/**
 * The messages that move one file. The sender is whoever has the file:
 * {@code Start → StartAck → Chunk × n → End → EndAck}, or {@code Start → StartAck} where the receiver has it already. An
 * input file is asked for first, by {@link RequestFile}. In version 2 all files are asked for at once, by
 * {@link RequestFiles}, and follow one another as {@code Start → bytes → End}; {@link AckFiles} confirms them all.
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

    /** From who has the file: it cannot be had, or changed while it was sent. Ends the transfer of all. */
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
     * One of the files that version 2 asks for.
     *
     * @param offset how many of its bytes the receiver has already
     * @param sha256 of these bytes, where the sender might have other ones
     */
    record Wanted(long offset, Optional<Sha256> sha256) {
        public static final Wanted WHOLE = new Wanted(0, Optional.empty());

        static Wanted read(Payload file) throws ProtocolException {
            return new Wanted(file.numberOrNone("offset").orElse(0), file.sha256("sha256"));
        }

        void write(PayloadWriter file) {
            if (offset > 0) {
                file.number("offset", offset);
            }
            sha256.ifPresent(digest -> file.text("sha256", digest.hex()));
        }
    }

    /** The most entries that the lists of version 2 hold; a longer list goes as several messages. */
    int LIST_ENTRIES = 500;

    /** Version 2: send these files, one after the other, in the order in which they were offered. */
    record RequestFiles(List<Wanted> files) implements Transfer {
        static final String TYPE = "request_files";

        public RequestFiles {
            files = List.copyOf(files);
        }

        static RequestFiles read(Payload payload) throws ProtocolException {
            List<Wanted> files = new ArrayList<>();
            for (Payload file : payload.objectsOrNone("files")) {
                files.add(Wanted.read(file));
            }
            return new RequestFiles(files);
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public void write(PayloadWriter payload) {
            writeList(payload, files, Wanted::write);
        }
    }

    /** A file that can be had, and what it holds. */
    record Offered(String filename, long size, Sha256 sha256) {
        static Offered read(Payload file) throws ProtocolException {
            return new Offered(file.text("filename"), file.number("size"), requiredSha256(file));
        }

        void write(PayloadWriter file) {
            file.text("filename", filename);
            file.number("size", size);
            file.text("sha256", sha256.hex());
        }
    }

    /** Version 2, server to client: the next results. Answered by {@link RequestFiles}. */
    record OfferFiles(List<Offered> files) implements Transfer {
        static final String TYPE = "offer_files";

        public OfferFiles {
            files = List.copyOf(files);
        }

        static OfferFiles read(Payload payload) throws ProtocolException {
            List<Offered> files = new ArrayList<>();
            for (Payload file : payload.objectsOrNone("files")) {
                files.add(Offered.read(file));
            }
            return new OfferFiles(files);
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public void write(PayloadWriter payload) {
            writeList(payload, files, Offered::write);
        }
    }

    /** Version 2: these files, in the order in which they were sent, are whole, on the disk and in their places. */
    record AckFiles(List<Receipt> receipts) implements Transfer {
        static final String TYPE = "ack_files";

        public AckFiles {
            receipts = List.copyOf(receipts);
        }

        static AckFiles read(Payload payload) throws ProtocolException {
            List<Receipt> receipts = new ArrayList<>();
            for (Payload file : payload.objectsOrNone("files")) {
                receipts.add(new Receipt(file.number("size"), requiredSha256(file)));
            }
            return new AckFiles(receipts);
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public void write(PayloadWriter payload) {
            writeList(payload, receipts, (receipt, file) -> {
                file.number("size", receipt.size());
                file.text("sha256", receipt.sha256().hex());
            });
        }
    }

    private static Sha256 requiredSha256(Payload file) throws ProtocolException {
        return file.sha256("sha256")
                .orElseThrow(() -> new ProtocolException("a file of a list comes without its \"sha256\""));
    }

    private static <T> void writeList(PayloadWriter payload, List<T> files, BiConsumer<T, PayloadWriter> writer) {
        payload.objects(
                "files",
                files.stream()
                        .<Consumer<PayloadWriter>>map(file -> fields -> writer.accept(file, fields))
                        .toList());
    }

    /**
     * @param size of the whole file, 0 or more
     * @param sha256 of the content, if the sender knows it; then the receiver answers with a {@link Receipt}. Version 1
     *     only
     * @param offset where its bytes begin that will follow; other than 0 in version 2 only
     */
    record Start(String filename, long size, Optional<Sha256> sha256, long offset) implements Transfer {
        static final String TYPE = "file_transfer_start";

        public Start(String filename, long size) {
            this(filename, size, Optional.empty(), 0);
        }

        public Start(String filename, long size, Optional<Sha256> sha256) {
            this(filename, size, sha256, 0);
        }

        static Start read(Payload payload) throws ProtocolException {
            return new Start(
                    payload.text("filename"),
                    payload.number("size"),
                    payload.sha256("sha256"),
                    payload.numberOrNone("offset").orElse(0));
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
            if (offset > 0) {
                payload.number("offset", offset);
            }
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

    /** @param sha256 of the whole file; in version 2 always, in version 1 never */
    record End(String filename, Optional<Sha256> sha256) implements Transfer {
        static final String TYPE = "file_transfer_end";

        public End(String filename) {
            this(filename, Optional.empty());
        }

        static End read(Payload payload) throws ProtocolException {
            return new End(payload.text("filename"), payload.sha256("sha256"));
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public void write(PayloadWriter payload) {
            payload.text("filename", filename);
            sha256.ifPresent(digest -> payload.text("sha256", digest.hex()));
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
