package recon.common.transfer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import recon.common.job.Sha256;
import recon.common.wire.ProtocolException;
import recon.common.wire.SecureChannel;
import recon.common.wire.Transfer;

/**
 * Sends one file as version 1 says.
 *
 * <p>Used by the thread that owns the channel.
 */
public final class FileSender implements AutoCloseable {
    /** Pieces are at least this large. Python peers are fastest between 16 and 256 KiB. */
    public static final int CHUNK_BYTES = 128 * 1024;

    /** A Python receiver recurses once for each piece, and gives up near a thousand. */
    static final int MAX_CHUNKS = 900;

    private final SourceFile source;

    private FileSender(SourceFile source) {
        this.source = source;
    }

    /**
     * Opens a file.
     *
     * @throws SourceFileException if it cannot be read or is no regular file
     */
    public static FileSender open(Path file) throws SourceFileException {
        return new FileSender(SourceFile.open(file));
    }

    public long size() {
        return source.size();
    }

    /**
     * Reads the file, before it is sent, and compares it with what it should be.
     *
     * @throws SourceFileException if it is not
     */
    public void require(long expectedBytes, Sha256 expected) throws IOException {
        if (source.size() != expectedBytes) {
            throw new SourceFileException(source.path(), "has " + source.size() + " bytes, and had " + expectedBytes);
        }
        if (!source.digest(Busy.QUIETLY).equals(expected)) {
            throw new SourceFileException(source.path(), "has changed on the disk: its SHA-256 was " + expected);
        }
    }

    /**
     * Sends the file and waits until the peer has it.
     *
     * @param name what it is called on the wire
     * @param sha256 of the content, if it is known: then the peer must confirm it, or may have the file already
     * @throws SourceFileException if the file cannot be read or has changed; the channel is in the middle of a transfer
     *     then and of no more use, but for a word about it
     * @throws TransferRefusedException if the peer does not want it or could not keep it
     */
    public void send(SecureChannel channel, String name, Optional<Sha256> sha256, TransferProgress progress)
            throws IOException {
        channel.send(new Transfer.Start(name, source.size(), sha256));
        Transfer.StartAck ready = channel.expect(Transfer.StartAck.class, "ack_file_transfer_start of " + name);
        requireSameName(name, ready.filename(), "ack_file_transfer_start");
        switch (ready.answer()) {
            case ERROR -> throw new TransferRefusedException(name, ready.detail());
            case HAVE -> requireAnnounced(name, sha256);
            case READY -> sendContent(channel, name, sha256, progress);
        }
    }

    private static void requireAnnounced(String name, Optional<Sha256> sha256) throws ProtocolException {
        if (sha256.isEmpty()) {
            throw new ProtocolException("the peer says that it has " + name + " already, whose digest it was not told");
        }
    }

    private void sendContent(SecureChannel channel, String name, Optional<Sha256> sha256, TransferProgress progress)
            throws IOException {
        sendChunks(channel, name, progress);
        channel.send(new Transfer.End(name));
        Transfer.EndAck kept = channel.expect(Transfer.EndAck.class, "ack_file_transfer_end of " + name);
        requireSameName(name, kept.filename(), "ack_file_transfer_end");
        if (!kept.success()) {
            throw new TransferRefusedException(name, kept.detail());
        }
        Optional<Transfer.Receipt> due = sha256.map(digest -> new Transfer.Receipt(source.size(), digest));
        if (due.isPresent() && !kept.receipt().equals(due)) {
            throw new ProtocolException("the peer does not confirm " + name + " as it was sent: "
                    + kept.receipt().map(Object::toString).orElse("no receipt") + " instead of " + due.get());
        }
    }

    private void sendChunks(SecureChannel channel, String name, TransferProgress progress) throws IOException {
        long size = source.size();
        byte[] chunk = new byte[(int) Math.min(size, chunkBytes(size, channel.maxChunkBytes(name)))];
        long sent = 0;
        while (sent < size) {
            int want = (int) Math.min(chunk.length, size - sent);
            source.read(chunk, want);
            channel.send(new Transfer.Chunk(name, chunk, want));
            sent += want;
            progress.moved(want);
        }
        source.requireUnchanged();
    }

    /** Large enough for few chunks, but never more than a message may hold: beyond that their number grows. */
    static long chunkBytes(long size, int maxChunkBytes) {
        long fewEnough = (size + MAX_CHUNKS - 1) / MAX_CHUNKS;
        return Math.min(Math.max(CHUNK_BYTES, fewEnough), maxChunkBytes);
    }

    private static void requireSameName(String sent, String answered, String type) throws ProtocolException {
        if (!sent.equals(answered)) {
            throw new ProtocolException("expected " + type + " of " + sent + ", got one of " + answered);
        }
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
