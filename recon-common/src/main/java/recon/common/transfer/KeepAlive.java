package recon.common.transfer;

import java.io.IOException;
import java.time.Duration;
import recon.common.wire.SecureChannel;

/** Tells a peer that waits for us that we are busy, often enough for the shortest idle limit that makes sense. */
public final class KeepAlive implements Busy {
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final SecureChannel channel;
    private final long intervalNanos;
    private long last = System.nanoTime();

    public KeepAlive(SecureChannel channel) {
        this(channel, INTERVAL);
    }

    public KeepAlive(SecureChannel channel, Duration interval) {
        this.channel = channel;
        this.intervalNanos = interval.toNanos();
    }

    @Override
    public void tick() throws IOException {
        long now = System.nanoTime();
        if (now - last >= intervalNanos) {
            last = now;
            channel.keepAlive();
        }
    }
}
