package recon.relay.backend;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.wire.SecureChannel;

/**
 * One request to a server, on a connection of its own. A server that hangs keeps its connections open; so whoever finds
 * that the server is out closes those whose requests it has not taken, and they can go to another one.
 *
 * <p>Threads: one owns it, and the channel; {@link #giveUpIfNotTaken} is for any other.
 */
public final class Call implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(Call.class);

    private final SecureChannel channel;
    private final Duration patience;
    private final Consumer<Call> onClose;
    private volatile Stage stage = Stage.ASKED;
    private volatile boolean givenUp;

    private enum Stage {
        ASKED,
        ANSWERED,
        TAKEN
    }

    /**
     * @param channel that is patient for a short while only
     * @param patience the longest pause once the server has answered
     */
    Call(SecureChannel channel, Duration patience, Consumer<Call> onClose) {
        this.channel = channel;
        this.patience = patience;
        this.onClose = onClose;
    }

    public SecureChannel channel() {
        return channel;
    }

    /** The first answer may take its time. */
    public void beAnsweredLate() {
        channel.limitPauses(patience);
    }

    /** The server has begun to take what it was asked to. */
    public void answered() {
        stage = Stage.ANSWERED;
        channel.limitPauses(patience);
    }

    /** It is in the server's hands, and nobody else's, from now on. */
    public void taken() {
        if (stage != Stage.TAKEN) {
            stage = Stage.TAKEN;
            channel.limitPauses(patience);
        }
    }

    /**
     * The server is out.
     *
     * @param limit how long a server that has answered may pause nevertheless
     */
    void giveUpIfNotTaken(Duration limit) {
        boolean lost = stage == Stage.ASKED
                || (stage == Stage.ANSWERED && channel.sinceMoved().compareTo(limit) >= 0);
        if (lost) {
            givenUp = true;
            try {
                channel.close(); // its owner notices
            } catch (IOException e) {
                log.debug("closing failed: {}", e.toString());
            }
        }
    }

    /** Whether it was closed because the server is out. */
    boolean isGivenUp() {
        return givenUp;
    }

    @Override
    public void close() throws IOException {
        onClose.accept(this);
        channel.close();
    }
}
