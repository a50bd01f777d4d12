package recon.common.transfer;

import java.io.EOFException;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import recon.common.job.Sha256;
import recon.common.wire.Message;
import recon.common.wire.ProtocolException;
import recon.common.wire.SecureChannel;
import recon.common.wire.Transfer;

/**
 * Sends files as version 2 says: one after the other, as bytes, without waiting in between. The receiver is heard only if
 * it has something to complain about, and at the end, when it confirms them all.
 *
 * <p>Used by the thread that owns the channel.
 */
public final class StreamSender {
    private final SecureChannel channel;
    private final TransferProgress progress;
    private final KeepAlive busy;
    private final List<Transfer.Receipt> sent = new ArrayList<>();

    public StreamSender(SecureChannel channel, TransferProgress progress) {
        this.channel = channel;
        this.progress = progress;
        this.busy = new KeepAlive(channel);
    }

    /**
     * Sends what the receiver does not have of a file: from the offset that it asked for on, if the bytes before it are
     * the same here; else all.
     *
     * @param name what it is called on the wire
     * @throws SourceFileException if the file cannot be read or has changed; the channel is in the middle of a transfer
     *     then and of no more use, but for a word about it
     * @throws TransferRefusedException if the receiver could not keep a file
     */
    public void send(SourceFile file, String name, Transfer.Wanted wanted) throws IOException {
        MessageDigest digest = Sha256.begin();
        long offset = agreedOffset(file, wanted, digest);
        channel.sendLater(new Transfer.Start(name, file.size(), Optional.empty(), offset));
        sendBytes(file, offset, Optional.of(digest));
        finish(file, name, Sha256.of(digest));
    }

    /** As {@link #send}, for a file whose digest is known: the receiver compares it with what it got. */
    public void send(SourceFile file, String name, Transfer.Wanted wanted, Sha256 known) throws IOException {
        if (wanted.offset() > file.size()) {
            throw new ProtocolException("the peer says that it has " + wanted.offset() + " bytes of " + name
                    + ", which has " + file.size());
        }
        channel.sendLater(new Transfer.Start(name, file.size(), Optional.empty(), wanted.offset()));
        sendBytes(file, wanted.offset(), Optional.empty());
        finish(file, name, known);
    }

    /** The digest holds the bytes before the offset then. */
    private long agreedOffset(SourceFile file, Transfer.Wanted wanted, MessageDigest digest) throws IOException {
        if (wanted.offset() == 0
                || wanted.offset() > file.size()
                || wanted.sha256().isEmpty()) {
            return 0;
        }
        file.digestFirst(wanted.offset(), digest, busy);
        if (digestSoFar(digest).equals(wanted.sha256().get())) {
            return wanted.offset();
        }
        digest.reset();
        return 0;
    }

    private static Sha256 digestSoFar(MessageDigest digest) {
        try {
            return Sha256.of((MessageDigest) digest.clone());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's digests can be cloned", e);
        }
    }

    private void sendBytes(SourceFile file, long offset, Optional<MessageDigest> digest) throws IOException {
        try (ReadAhead ahead = new ReadAhead(file, offset, digest)) {
            for (int count = ahead.next(); count > 0; count = ahead.next()) {
                channel.sendData(ahead.slice(), count);
                progress.moved(count);
                listen();
            }
        }
    }

    private void finish(SourceFile file, String name, Sha256 sha256) throws IOException {
        file.requireUnchanged();
        channel.sendLater(new Transfer.End(name, Optional.of(sha256)));
        sent.add(new Transfer.Receipt(file.size(), sha256));
    }

    /** A receiver that says anything before the end has given up. */
    private void listen() throws IOException {
        Optional<Message> said = channel.receiveIfAny();
        if (said.isPresent()) {
            throw complaint(said);
        }
    }

    private static IOException complaint(Optional<Message> message) throws IOException {
        Message said = SecureChannel.cast(message, Message.class, "silence while files are sent");
        if (said instanceof Transfer.EndAck end && !end.success()) {
            return new TransferRefusedException(end.filename(), end.detail());
        }
        return new ProtocolException("expected silence while files are sent, got " + said.label());
    }

    /**
     * Waits until the receiver confirms every file that was sent, and compares what it says.
     *
     * @throws TransferRefusedException if it could not keep a file
     */
    public void awaitReceipts() throws IOException {
        channel.flush();
        int confirmed = 0;
        while (confirmed < sent.size()) {
            Optional<Message> message = channel.receive();
            if (message.isEmpty()) {
                throw new EOFException("the peer closed the connection; expected ack_files");
            }
            if (!(message.get() instanceof Transfer.AckFiles ack)) {
                throw complaint(message);
            }
            for (Transfer.Receipt receipt : ack.receipts()) {
                if (confirmed == sent.size() || !receipt.equals(sent.get(confirmed))) {
                    throw new ProtocolException(
                            "the peer does not confirm file " + (confirmed + 1) + " as it was sent: it has " + receipt);
                }
                confirmed++;
            }
        }
        sent.clear();
    }

    /**
     * Tells the receiver that a file cannot be had, in place of its rest, and that nothing more will come. Should the
     * receiver be gone, the file's failure is still what the caller must hear of.
     */
    public static void refuse(SecureChannel channel, String path, SourceFileException reason) {
        try {
            channel.send(new Transfer.RefuseFile(path, reason.getMessage()));
            channel.finish();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }
}
