package recon.common.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.Optional;
import recon.common.job.Sha256;
import recon.common.wire.ProtocolException;
import recon.common.wire.SecureChannel;
import recon.common.wire.Transfer;

/**
 * Sends one file as version 1 says. The file is opened and measured before anything is said about it, read in pieces,
 * and looked at again at the end: a file that changed meanwhile is an error, never a wrong copy.
 *
 * <p>Used by the thread that owns the channel.
 */
public final class FileSender implements AutoCloseable {
    /** Pieces are at least this large. Python peers are fastest between 16 and 256 KiB. */
    public static final int CHUNK_BYTES = 128 * 1024;

    /** A Python receiver recurses once for each piece, and gives up near a thousand. */
    static final int MAX_CHUNKS = 900;

    private final Path file;
    private final FileChannel in;
    private final long size;
    private final FileTime modified;

    private FileSender(Path file, FileChannel in, long size, FileTime modified) {
        this.file = file;
        this.in = in;
        this.size = size;
        this.modified = modified;
    }

    /**
     * Opens a file.
     *
     * @throws SourceFileException if it cannot be read or is no regular file
     */
    public static FileSender open(Path file) throws SourceFileException {
        try {
            requireRegular(
                    Files.readAttributes(file, BasicFileAttributes.class)); // to open a pipe waits for its writer
            FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                requireRegular(attributes);
                return new FileSender(file, in, attributes.size(), attributes.lastModifiedTime());
            } catch (IOException e) {
                in.close();
                throw e;
            }
        } catch (IOException e) {
            throw new SourceFileException(file, "cannot be read: " + reason(e), e);
        }
    }

    private static void requireRegular(BasicFileAttributes attributes) throws IOException {
        if (!attributes.isRegularFile()) {
            throw new IOException("it is no regular file");
        }
    }

    public long size() {
        return size;
    }

    /**
     * Reads the file, before it is sent, and compares it with what it should be.
     *
     * @throws SourceFileException if it is not
     */
    public void require(long expectedBytes, Sha256 expected) throws SourceFileException {
        if (size != expectedBytes) {
            throw new SourceFileException(file, "has " + size + " bytes, and had " + expectedBytes);
        }
        MessageDigest digest = Sha256.begin();
        byte[] piece = new byte[(int) Math.min(size, CHUNK_BYTES)];
        for (long read = 0; read < size; ) {
            int count = readFully(ByteBuffer.wrap(piece, 0, (int) Math.min(piece.length, size - read)));
            if (count == 0) {
                throw new SourceFileException(file, "became shorter than " + size + " bytes while it was being read");
            }
            digest.update(piece, 0, count);
            read += count;
        }
        if (!Sha256.of(digest).equals(expected)) {
            throw new SourceFileException(file, "has changed on the disk: its SHA-256 was " + expected);
        }
        rewind();
    }

    private void rewind() throws SourceFileException {
        try {
            in.position(0);
        } catch (IOException e) {
            throw new SourceFileException(file, "cannot be read: " + reason(e), e);
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
        channel.send(new Transfer.Start(name, size, sha256));
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
        Optional<Transfer.Receipt> due = sha256.map(digest -> new Transfer.Receipt(size, digest));
        if (due.isPresent() && !kept.receipt().equals(due)) {
            throw new ProtocolException("the peer does not confirm " + name + " as it was sent: "
                    + kept.receipt().map(Object::toString).orElse("no receipt") + " instead of " + due.get());
        }
    }

    private void sendChunks(SecureChannel channel, String name, TransferProgress progress) throws IOException {
        byte[] chunk = new byte[(int) Math.min(size, chunkBytes(size, channel.maxChunkBytes(name)))];
        long sent = 0;
        while (sent < size) {
            int want = (int) Math.min(chunk.length, size - sent);
            if (readFully(ByteBuffer.wrap(chunk, 0, want)) < want) {
                throw new SourceFileException(file, "became shorter than " + size + " bytes while it was being sent");
            }
            channel.send(new Transfer.Chunk(name, chunk, want));
            sent += want;
            progress.moved(want);
        }
        requireUnchanged();
    }

    /** Large enough for few chunks, but never more than a message may hold: beyond that their number grows. */
    static long chunkBytes(long size, int maxChunkBytes) {
        long fewEnough = (size + MAX_CHUNKS - 1) / MAX_CHUNKS;
        return Math.min(Math.max(CHUNK_BYTES, fewEnough), maxChunkBytes);
    }

    private int readFully(ByteBuffer chunk) throws SourceFileException {
        try {
            while (chunk.hasRemaining()) {
                if (in.read(chunk) < 0) {
                    break;
                }
            }
            return chunk.position();
        } catch (IOException e) {
            throw new SourceFileException(file, "cannot be read: " + reason(e), e);
        }
    }

    private void requireUnchanged() throws SourceFileException {
        BasicFileAttributes now;
        try {
            now = Files.readAttributes(file, BasicFileAttributes.class);
        } catch (IOException e) {
            throw new SourceFileException(file, "vanished while it was being sent", e);
        }
        if (now.size() != size || !now.lastModifiedTime().equals(modified)) {
            throw new SourceFileException(file, "changed while it was being sent; send it again once it is complete");
        }
    }

    private static void requireSameName(String sent, String answered, String type) throws ProtocolException {
        if (!sent.equals(answered)) {
            throw new ProtocolException("expected " + type + " of " + sent + ", got one of " + answered);
        }
    }

    private static String reason(IOException e) {
        if (e instanceof java.nio.file.NoSuchFileException) {
            return "there is no such file";
        }
        if (e instanceof java.nio.file.AccessDeniedException) {
            return "permission denied";
        }
        return e.getMessage();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
