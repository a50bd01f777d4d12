package recon.common.transfer;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Optional;
import recon.common.job.Failures;
import recon.common.job.Sha256;
import recon.common.wire.Message;
import recon.common.wire.ProtocolException;
import recon.common.wire.SecureChannel;
import recon.common.wire.Transfer;

/**
 * Receives files as version 1 says, in the strict order of its messages. Every fault is told to the peer in an ack with
 * status "error" where the protocol has one, then thrown; the file that was coming in has vanished by then.
 *
 * <p>Used by the thread that owns the channel.
 */
public final class FileReceiver {
    private final SecureChannel channel;
    private final TransferProgress progress;

    public FileReceiver(SecureChannel channel, TransferProgress progress) {
        this.channel = channel;
        this.progress = progress;
    }

    /** Decides where a file goes. */
    @FunctionalInterface
    public interface Destination {
        /**
         * @param start its name as the peer sent it, unchecked
         * @return the file to fill, which the receiver closes; or empty if there is one already of the size and digest
         *     that the peer announced
         * @throws ProtocolException if the peer should not have sent this file now; the message is sent to it
         * @throws IllegalArgumentException if the name is none that a file may have; the message is sent to the peer
         * @throws IOException if the file cannot be made here; the message is sent to the peer
         */
        Optional<Arrival> open(Transfer.Start start) throws IOException;
    }

    /** A file to fill, and how to put it in its place. */
    public record Arrival(IncomingFile file, Commit commit) {
        /** Puts a whole file in its place. */
        @FunctionalInterface
        public interface Commit {
            void run() throws IOException;
        }

        /** The file goes where it was created for. */
        public static Arrival of(IncomingFile file) {
            return new Arrival(file, file::commit);
        }
    }

    /**
     * A file that is in its place.
     *
     * @param sha256 of its content; empty if it was here already
     */
    public record Received(long size, Optional<Sha256> sha256) {}

    /**
     * Receives one file.
     *
     * @param expected what should come, for errors
     * @throws SourceRefusedException if the peer says that it cannot send the file
     * @throws LocalFileException if the file could not be kept here
     */
    public Received receive(String expected, Destination destination) throws IOException {
        Transfer.Start start = next(Transfer.Start.class, "file_transfer_start of " + expected);
        String name = start.filename();
        Optional<Arrival> arrival;
        try {
            arrival = destination.open(start);
        } catch (ProtocolException | LocalFileException e) {
            channel.send(new Transfer.StartAck(name, false, e.getMessage()));
            throw e;
        } catch (IllegalArgumentException e) {
            channel.send(new Transfer.StartAck(name, false, reason(e)));
            throw new ProtocolException("the peer chose a bad name: " + reason(e), e);
        } catch (IOException e) {
            channel.send(new Transfer.StartAck(name, false, reason(e)));
            throw new LocalFileException(name, reason(e), e);
        }
        if (arrival.isEmpty()) {
            channel.send(new Transfer.StartAck(name, Transfer.Answer.HAVE, ""));
            return new Received(start.size(), Optional.empty());
        }
        Transfer.Receipt receipt = fill(arrival.get(), start);
        channel.send(new Transfer.EndAck(name, true, "", start.sha256().map(announced -> receipt)));
        return new Received(receipt.size(), Optional.of(receipt.sha256()));
    }

    private Transfer.Receipt fill(Arrival arrival, Transfer.Start start) throws IOException {
        String name = start.filename();
        try (IncomingFile file = arrival.file()) {
            channel.send(new Transfer.StartAck(name, true, ""));
            IOException failure = receiveInto(file, start);
            Sha256[] digest = new Sha256[1];
            if (failure == null) {
                failure = attempt(() -> digest[0] = file.sha256());
            }
            Sha256 sha256 = digest[0];
            if (failure == null && !sha256.equals(start.sha256().orElse(sha256))) {
                String detail = name + " arrived with other contents: SHA-256 " + sha256 + " instead of "
                        + start.sha256().get();
                channel.send(new Transfer.EndAck(name, false, detail));
                throw new ProtocolException(detail);
            }
            if (failure == null) {
                failure = attempt(() -> arrival.commit().run());
            }
            if (failure != null) {
                channel.send(new Transfer.EndAck(name, false, reason(failure)));
                throw new LocalFileException(name, reason(failure), failure);
            }
            return new Transfer.Receipt(file.receivedBytes(), sha256);
        }
    }

    /** Returns why the file could not be kept, or null. After a failure the rest is read and dropped: then the peer listens. */
    private IOException receiveInto(IncomingFile file, Transfer.Start start) throws IOException {
        String name = start.filename();
        String expected = "file_chunk or file_transfer_end of " + name;
        long received = 0;
        IOException failure = null;
        while (true) {
            Transfer message = next(Transfer.class, expected);
            if (message instanceof Transfer.Chunk chunk) {
                requireSameName(name, chunk.filename(), expected);
                received += chunk.length();
                if (received > start.size()) {
                    String detail = name + " is longer than the " + start.size() + " bytes that were announced";
                    channel.send(new Transfer.EndAck(name, false, detail));
                    throw new ProtocolException(detail);
                }
                if (failure == null) {
                    failure = attempt(() -> file.append(chunk.data(), chunk.length()));
                }
                progress.moved(chunk.length());
            } else if (message instanceof Transfer.End end) {
                requireSameName(name, end.filename(), expected);
                return failure;
            } else {
                throw new ProtocolException("expected " + expected + ", got " + message.label());
            }
        }
    }

    /** Work on a local file, whose failure is an answer to the peer and not the end of the connection. */
    private static IOException attempt(Arrival.Commit step) {
        try {
            step.run();
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    private <M extends Message> M next(Class<M> kind, String expected) throws IOException {
        Optional<Message> message = channel.receive();
        if (message.isPresent() && message.get() instanceof Transfer.RefuseFile refusal) {
            throw new SourceRefusedException(refusal.filepath(), refusal.detail());
        }
        return SecureChannel.cast(message, kind, expected);
    }

    private static void requireSameName(String started, String got, String expected) throws ProtocolException {
        if (!started.equals(got)) {
            throw new ProtocolException("expected " + expected + ", got one of " + got);
        }
    }

    /** For the peer: in words, and without our paths. */
    private static String reason(Exception e) {
        if (e instanceof FileSystemException failure) {
            return Failures.reason(failure);
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
