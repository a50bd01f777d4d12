package recon.common.transfer;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import recon.common.job.Failures;
import recon.common.job.Sha256;
import recon.common.wire.Message;
import recon.common.wire.ProtocolException;
import recon.common.wire.SecureChannel;
import recon.common.wire.Transfer;

/**
 * Receives files as version 2 says: those that were asked for, in that order, as bytes. Each is compared with its digest,
 * put on the disk and in its place, several at once; {@link #acknowledge} says so. The first fault is told to the peer,
 * then thrown; what has come in of a file that can be {@linkplain IncomingFile#resume resumed} stays.
 *
 * <p>Used by the thread that owns the channel.
 */
public final class StreamReceiver implements AutoCloseable {
    private final SecureChannel channel;
    private final TransferProgress progress;
    private final KeepAlive busy;
    private final Commits commits = new Commits();
    private final List<Transfer.Receipt> receipts = new ArrayList<>();

    public StreamReceiver(SecureChannel channel, TransferProgress progress) {
        this.channel = channel;
        this.progress = progress;
        this.busy = new KeepAlive(channel);
    }

    /** Asks for files, in the order in which they were offered. */
    public void request(List<Transfer.Wanted> files) throws IOException {
        for (int at = 0; at < files.size(); at += Transfer.LIST_ENTRIES) {
            channel.sendLater(
                    new Transfer.RequestFiles(files.subList(at, Math.min(files.size(), at + Transfer.LIST_ENTRIES))));
        }
        channel.flush();
    }

    /** Decides where a file goes. */
    @FunctionalInterface
    public interface Destination {
        /**
         * @param start its name and size as the peer sent them, unchecked
         * @return the file to go on with, which the receiver closes; or empty if it is whole and in its place already
         * @throws ProtocolException if the peer should not have sent this file now; the message is sent to it
         * @throws IOException if the file cannot be made here; the message is sent to the peer
         */
        Optional<FileReceiver.Arrival> open(Transfer.Start start) throws IOException;
    }

    /**
     * Receives the next file.
     *
     * @param expected what should come, for errors
     * @param here the digest of the file where it is in its place already, if it is
     * @throws SourceRefusedException if the peer says that it cannot send the file
     * @throws LocalFileException if this or an earlier file could not be kept here
     */
    public void receive(String expected, Optional<Sha256> here, Destination destination) throws IOException {
        Transfer.Start start = next(Transfer.Start.class, "file_transfer_start of " + expected);
        try {
            Optional<FileReceiver.Arrival> arrival = destination.open(start);
            if (arrival.isPresent()) {
                fill(arrival.get(), start);
            } else {
                confirm(start, here.orElseThrow());
            }
        } catch (ProtocolException | SourceRefusedException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw refused(start, new ProtocolException("the peer chose a bad name: " + e.getMessage(), e));
        } catch (LocalFileException e) {
            throw refused(start, e);
        } catch (UnkeptException e) {
            throw refused(start, new LocalFileException(start.filename(), reason(e.cause), e.cause));
        }
    }

    /** The channel is fine, the disk is not. */
    private static final class UnkeptException extends IOException {
        private static final long serialVersionUID = 1L;
        private final transient IOException cause;

        UnkeptException(IOException cause) {
            super(cause);
            this.cause = cause;
        }
    }

    private <E extends IOException> E refused(Transfer.Start start, E reason) throws IOException {
        channel.send(new Transfer.EndAck(start.filename(), false, reason.getMessage()));
        return reason;
    }

    private void confirm(Transfer.Start start, Sha256 here) throws IOException {
        if (start.offset() != start.size()) {
            throw new ProtocolException("expected no bytes of " + start.filename() + ", which is here already");
        }
        Sha256 sha256 = end(start);
        requireSame(start, here, sha256);
        receipts.add(new Transfer.Receipt(start.size(), sha256));
    }

    private void fill(FileReceiver.Arrival arrival, Transfer.Start start) throws IOException {
        IncomingFile file = arrival.file();
        boolean handedOn = false;
        try {
            begin(file, start);
            receiveBytes(file, start);
            Sha256 sha256 = end(start);
            Sha256 got = digest(file);
            if (!got.equals(sha256)) {
                file.discard();
                if (start.offset() > 0) {
                    throw new StalePartException(start.filename());
                }
                requireSame(start, got, sha256);
            }
            receipts.add(new Transfer.Receipt(start.size(), sha256));
            handedOn = true;
            commits.add(start.filename(), arrival, busy);
        } finally {
            if (!handedOn) {
                file.close();
            }
        }
    }

    private static void begin(IncomingFile file, Transfer.Start start) throws IOException {
        if (start.size() != file.expectedBytes()) {
            throw new IllegalStateException("the file was opened for another size");
        }
        if (start.offset() == 0 && file.receivedBytes() > 0) {
            keep(file::restart);
        }
        if (start.offset() != file.receivedBytes()) {
            throw new ProtocolException("expected the bytes of " + start.filename() + " from " + file.receivedBytes()
                    + " on, got those from " + start.offset());
        }
    }

    private void receiveBytes(IncomingFile file, Transfer.Start start) throws IOException {
        Optional<Message> instead = channel.receiveData(start.size() - start.offset(), (bytes, offset, length) -> {
            keep(() -> file.append(bytes, offset, length));
            progress.moved(length);
        });
        if (instead.isPresent()) {
            throw wrong(instead.get(), "the bytes of " + start.filename());
        }
    }

    private Sha256 end(Transfer.Start start) throws IOException {
        Transfer.End end = next(Transfer.End.class, "file_transfer_end of " + start.filename());
        if (!end.filename().equals(start.filename())) {
            throw new ProtocolException("expected the end of " + start.filename() + ", got that of " + end.filename());
        }
        return end.sha256().orElseThrow(() -> new ProtocolException(start.filename() + " comes without its SHA-256"));
    }

    private void requireSame(Transfer.Start start, Sha256 got, Sha256 sent) throws IOException {
        if (!got.equals(sent)) {
            throw refused(
                    start,
                    new ProtocolException(
                            start.filename() + " arrived with other contents: SHA-256 " + got + " instead of " + sent));
        }
    }

    private <M extends Message> M next(Class<M> kind, String expected) throws IOException {
        Optional<Message> message = channel.receive();
        if (message.isPresent() && message.get() instanceof Transfer.RefuseFile) {
            throw wrong(message.get(), expected);
        }
        return SecureChannel.cast(message, kind, expected);
    }

    private static IOException wrong(Message message, String expected) {
        return message instanceof Transfer.RefuseFile refusal
                ? new SourceRefusedException(refusal.filepath(), refusal.detail())
                : new ProtocolException("expected " + expected + ", got " + message.label());
    }

    private static Sha256 digest(IncomingFile file) throws UnkeptException {
        try {
            return file.sha256();
        } catch (IOException e) {
            throw new UnkeptException(e);
        }
    }

    /** Work on a local file. */
    private static void keep(FileReceiver.Arrival.Commit step) throws UnkeptException {
        try {
            step.run();
        } catch (IOException e) {
            throw new UnkeptException(e);
        }
    }

    /**
     * Waits until all files that were received are on the disk and in their places.
     *
     * @throws LocalFileException if one could not be kept; the peer has been told
     */
    public List<Transfer.Receipt> awaitCommits() throws IOException {
        try {
            commits.await(busy);
        } catch (LocalFileException e) {
            channel.send(new Transfer.EndAck("a file", false, e.getMessage()));
            throw e;
        }
        return List.copyOf(receipts);
    }

    /** Confirms all files since the last time; they are to be {@linkplain #awaitCommits committed} before. */
    public void acknowledge() throws IOException {
        for (int at = 0; at < receipts.size(); at += Transfer.LIST_ENTRIES) {
            channel.sendLater(
                    new Transfer.AckFiles(receipts.subList(at, Math.min(receipts.size(), at + Transfer.LIST_ENTRIES))));
        }
        receipts.clear();
        channel.flush();
    }

    /** Waits for the commits that have begun. */
    @Override
    public void close() {
        commits.close();
    }

    /** For the peer: in words, and without our paths. */
    private static String reason(Exception e) {
        if (e instanceof FileSystemException failure) {
            return Failures.reason(failure);
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
