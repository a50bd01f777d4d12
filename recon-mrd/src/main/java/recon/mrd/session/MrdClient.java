package recon.mrd.session;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import recon.mrd.file.ImageGroup;
import recon.mrd.file.MrdReader;
import recon.mrd.file.MrdText;
import recon.mrd.format.Image;
import recon.mrd.format.MrdException;
import recon.mrd.wire.MrdInput;
import recon.mrd.wire.MrdMessage;
import recon.mrd.wire.MrdOutput;

/**
 * The client's side of one conversation: sends a file and takes what comes back, both at once.
 *
 * <p>Threads: a thread of its own sends; whoever calls receives.
 */
public final class MrdClient {
    /** For what is still to be sent after the server's close, which nobody needs. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    private final MrdInput in;
    private final MrdOutput out;

    /**
     * What is sent, and what with.
     *
     * @param config the first message: a name, or the configuration itself
     * @param additional more configuration (JSON)
     * @param waveforms whether those of the file are sent too
     */
    public record Request(MrdMessage config, Optional<String> additional, boolean waveforms) {}

    /** Hears what happens, on two threads. */
    public interface Listener {
        /** So many readouts, waveforms and images are sent, of so many in all. */
        void sent(long items, long of);

        /** What the server sends; an exception ends the conversation. */
        void received(Image image) throws IOException;

        void received(String text);
    }

    /** @param maxMessageBytes that one message of the server may have */
    public MrdClient(InputStream in, OutputStream out, long maxMessageBytes) {
        this.in = new MrdInput(in, maxMessageBytes);
        this.out = new MrdOutput(out);
    }

    /**
     * Holds the conversation.
     *
     * @throws UnreadableException if the file cannot be read to its end; the server has got what could be, and what it
     *     made of that has been heard
     * @throws IOException if the server ends the connection before it says that it has done
     */
    public void send(MrdReader file, Request request, Listener listener) throws IOException, InterruptedException {
        AtomicReference<IOException> failure = new AtomicReference<>();
        Thread sender = new Thread(
                () -> {
                    try {
                        sendAll(file, request, listener);
                    } catch (IOException e) {
                        failure.set(e);
                    }
                },
                "mrd-send");
        sender.setDaemon(true);
        sender.start();
        try {
            receiveAll(listener);
        } catch (IOException e) {
            if (failure.get() instanceof UnreadableException unreadable) {
                unreadable.addSuppressed(e);
                throw unreadable;
            }
            throw e;
        }
        sender.join(LAST_WORDS.toMillis()); // a server that neither reads nor hangs up after its close is left
        if (failure.get() instanceof UnreadableException unreadable) {
            throw unreadable; // a server that has had enough may hang up on the rest, which is no failure
        }
    }

    private void receiveAll(Listener listener) throws IOException {
        while (true) {
            MrdMessage message = in.read()
                    .orElseThrow(() -> new MrdException(
                            "the server ended the connection at byte " + in.position() + " without a close message"));
            if (message instanceof MrdMessage.Close) {
                return;
            } else if (message instanceof MrdMessage.Text text) {
                listener.received(text.text());
            } else if (message instanceof MrdMessage.Data data && data.item() instanceof Image image) {
                listener.received(image);
            } // nothing else means anything to a client
        }
    }

    private void sendAll(MrdReader file, Request request, Listener listener) throws IOException {
        long sent = 0;
        long all = 0;
        try {
            out.write(request.config());
            out.write(new MrdMessage.Header(file.text(MrdText.XML).orElse("Dummy XML header")));
            if (request.additional().isPresent()) {
                out.write(new MrdMessage.Text(request.additional().get()));
            }
            long waveforms = request.waveforms() ? file.waveformCount() : 0;
            all = waveforms
                    + file.count()
                    + file.images().stream().mapToLong(ImageGroup::count).sum();
            listener.sent(sent, all);
            for (int i = 0; i < waveforms; i++) {
                out.write(new MrdMessage.Data(file.waveform(i)));
                listener.sent(++sent, all);
            }
            for (int i = 0; i < file.count(); i++) {
                out.write(new MrdMessage.Data(file.acquisition(i)));
                listener.sent(++sent, all);
            }
            for (ImageGroup images : file.images()) {
                for (int i = 0; i < images.count(); i++) {
                    out.write(new MrdMessage.Data(images.image(i)));
                    listener.sent(++sent, all);
                }
            }
        } catch (MrdException e) { // of the reader alone: what is written is not looked at
            throw new UnreadableException(
                    e.getMessage() + "; " + sent + " of " + all + " readouts, waveforms and images were sent", e);
        } finally {
            out.write(new MrdMessage.Close());
            out.flush();
        }
    }
}
