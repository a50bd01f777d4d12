package recon.common.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;

/**
 * A TCP connection on which neither a read nor a write can last for ever. Until {@link #peerIsKnown()} all reads
 * together must end before a deadline; after it each read has the idle limit. A write that the peer does not take
 * within the idle limit closes the connection.
 *
 * <p>Whoever owns the connection closes it. Not thread-safe, apart from {@link #close()}; but one thread may read while
 * another one writes.
 */
public final class Connection implements Closeable, Admission.Occupant {
    private static final ScheduledThreadPoolExecutor WATCH = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "write-watch");
        thread.setDaemon(true);
        return thread;
    });

    static {
        WATCH.setRemoveOnCancelPolicy(true);
    }

    private static final Duration FINISH_LIMIT = Duration.ofSeconds(2);
    private static final Duration GLANCE = Duration.ofMillis(1);

    private final Socket socket;
    private final InetSocketAddress peer;
    private volatile Duration idleLimit;
    private final Consumer<Connection> onKnown;
    private final Consumer<Connection> onClose;
    private final Traffic traffic;
    private final AtomicBoolean open = new AtomicBoolean(true);
    private final InputStream in;
    private final WatchedOutput out;
    private volatile boolean handedOn;
    private volatile boolean waiting;
    private volatile boolean madeRoom;
    private volatile boolean known;
    private volatile boolean ofRelay;
    private volatile boolean heard;
    private volatile boolean left;
    private volatile long movedNanos = System.nanoTime();
    private long deadlineNanos;
    private boolean hasDeadline;

    /** A connection that a client made. */
    public Connection(Socket socket, Duration idleLimit) throws IOException {
        this(socket, idleLimit, Duration.ZERO, connection -> {}, connection -> {}, new Traffic());
    }

    /**
     * @param idleLimit the longest pause while reading or writing
     * @param firstLimit from now until the peer is known; zero for no such limit
     * @param onKnown called once the peer is known
     * @param onClose called when the connection is closed, once
     * @param traffic counts what comes in and goes out
     */
    Connection(
            Socket socket,
            Duration idleLimit,
            Duration firstLimit,
            Consumer<Connection> onKnown,
            Consumer<Connection> onClose,
            Traffic traffic)
            throws IOException {
        this.socket = socket;
        this.peer = (InetSocketAddress) socket.getRemoteSocketAddress();
        this.idleLimit = idleLimit;
        this.onKnown = onKnown;
        this.onClose = onClose;
        this.traffic = traffic;
        this.hasDeadline = !firstLimit.isZero();
        this.deadlineNanos = System.nanoTime() + firstLimit.toNanos();
        this.in = new LimitedInput(socket.getInputStream());
        this.out = new WatchedOutput(socket.getOutputStream());
        socket.setTcpNoDelay(true);
        probeWhenSilent(socket);
    }

    /** A job may wait for hours; a peer that vanished without a word is noticed within two minutes all the same. */
    private static void probeWhenSilent(Socket socket) throws IOException {
        socket.setKeepAlive(true);
        Set<SocketOption<?>> supported = socket.supportedOptions();
        if (supported.containsAll(Set.of(
                ExtendedSocketOptions.TCP_KEEPIDLE,
                ExtendedSocketOptions.TCP_KEEPINTERVAL,
                ExtendedSocketOptions.TCP_KEEPCOUNT))) {
            socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 60);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 15);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 4);
        }
    }

    public InetSocketAddress peer() {
        return peer;
    }

    public InputStream input() {
        return in;
    }

    public OutputStream output() {
        return out;
    }

    /** The peer has shown that it has a key: the deadline is lifted. */
    public void peerIsKnown() {
        hasDeadline = false;
        known = true;
        onKnown.accept(this);
    }

    /** As {@link #peerIsKnown}: and the key is a relay's, whose address is that of many. */
    public void peerIsKnownRelay() {
        ofRelay = true;
        peerIsKnown();
    }

    boolean isOfRelay() {
        return ofRelay;
    }

    /**
     * Whether the peer was to show a key and did not: sent something else, or kept us waiting. One that left without a
     * word, as a port scanner does and a monitor that checks whether the port is open, has not failed.
     */
    boolean hasFailed() {
        return !known && (heard || !left);
    }

    /** From now on a pause while reading or writing may be so long, and no longer. */
    public void limitPauses(Duration limit) {
        idleLimit = limit;
    }

    /** How long ago the peer last sent something, or took something. */
    public Duration sinceMoved() {
        return Duration.ofNanos(System.nanoTime() - movedNanos);
    }

    @Override
    public boolean isWaitedFor() {
        return waiting;
    }

    /** Closes the socket for a newer connection; the owner notices, and closes the rest. */
    @Override
    public void makeRoom() throws IOException {
        madeRoom = true;
        socket.close();
    }

    /** Whether it was closed for a newer connection. */
    public boolean hasMadeRoom() {
        return madeRoom;
    }

    /** From now on a listener that stops leaves it alone: somebody else sees to it that its session ends in time. */
    public void handOn() {
        handedOn = true;
    }

    boolean isHandedOn() {
        return handedOn;
    }

    /**
     * Waits until there is something to read, or the stream has ended.
     *
     * @param limit zero for no limit
     * @throws SocketTimeoutException if nothing came in time
     */
    public void awaitInput(Duration limit) throws IOException {
        ((LimitedInput) in).await(limit);
    }

    /** Returns the next byte, which is still to be read, or a negative number at the end; within the limits of a read. */
    public int peek() throws IOException {
        return ((LimitedInput) in).peek();
    }

    /** Whether there is something to read, or the connection has ended. Does not wait. */
    public boolean hasInput() {
        try {
            return ((LimitedInput) in).hasAny();
        } catch (IOException broken) {
            return true;
        }
    }

    /** Whether the peer has closed the connection, or it broke. Waits hardly at all. */
    public boolean isEnded() {
        try {
            return ((LimitedInput) in).await(GLANCE) < 0;
        } catch (SocketTimeoutException itIsJustSilent) {
            return false;
        } catch (IOException broken) {
            return true;
        }
    }

    /** Says that nothing more will come. */
    public void endOutput() throws IOException {
        if (!socket.isOutputShutdown()) {
            socket.shutdownOutput();
        }
    }

    /**
     * Says that nothing more will come, passes over what the peer still sends, for a short while, and closes. A plain
     * close with unread input makes the system throw away what was written last.
     */
    public void finish() throws IOException {
        try {
            endOutput();
            byte[] rest = new byte[8 * 1024];
            long end = System.nanoTime() + FINISH_LIMIT.toNanos();
            long left = FINISH_LIMIT.toMillis();
            for (int n = 0; n >= 0 && left > 0; left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
                socket.setSoTimeout((int) left);
                n = socket.getInputStream().read(rest);
            }
        } catch (SocketTimeoutException itHadItsChance) {
            // Closed below.
        } finally {
            close();
        }
    }

    @Override
    public void close() throws IOException {
        if (open.getAndSet(false)) {
            try {
                socket.close();
            } finally {
                out.endWatch();
                onClose.accept(this);
            }
        }
    }

    private int readLimitMillis() throws SocketTimeoutException {
        long millis = idleLimit.toMillis();
        if (hasDeadline) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
            if (left <= 0) {
                throw new SocketTimeoutException("no whole first message in time");
            }
            millis = millis == 0 ? left : Math.min(millis, left);
        }
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }

    /** Reads with a limit; holds at most one byte that was read to see whether there is any. */
    private final class LimitedInput extends InputStream {
        private static final int NONE = -2;
        private final InputStream socketIn;
        private int ahead = NONE;

        LimitedInput(InputStream socketIn) {
            this.socketIn = socketIn;
        }

        /** Returns the next byte, which is still to be read, or a negative number at the end. */
        int await(Duration limit) throws IOException {
            if (ahead == NONE) {
                socket.setSoTimeout((int) Math.min(limit.toMillis(), Integer.MAX_VALUE));
                byte[] one = new byte[1];
                ahead = receive(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }
            return ahead;
        }

        private int receive(byte[] bytes, int offset, int length) throws IOException {
            waiting = true;
            try {
                int count = socketIn.read(bytes, offset, length);
                if (count > 0) {
                    heard = true;
                    movedNanos = System.nanoTime();
                    traffic.in.add(count);
                } else if (count < 0) {
                    left = true;
                }
                return count;
            } catch (SocketTimeoutException itIsStillThere) {
                throw itIsStillThere;
            } catch (IOException e) {
                left = !socket.isClosed(); // by us, to make room perhaps
                throw e;
            } finally {
                waiting = false;
            }
        }

        int peek() throws IOException {
            if (ahead == NONE) {
                ahead = read();
            }
            return ahead;
        }

        boolean hasAny() throws IOException {
            return ahead != NONE || socketIn.available() > 0;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (ahead != NONE && length > 0) {
                int first = ahead;
                ahead = first < 0 ? first : NONE; // an end stays an end
                if (first < 0) {
                    return -1;
                }
                bytes[offset] = (byte) first;
                return 1;
            }
            socket.setSoTimeout(readLimitMillis());
            try {
                return receive(bytes, offset, length);
            } catch (SocketTimeoutException e) {
                throw new SocketTimeoutException(
                        hasDeadline
                                ? "no whole first message in time"
                                : "nothing received for " + idleLimit.toSeconds() + " s");
            }
        }
    }

    /** Looks now and then whether a write has lasted too long: that costs the write itself nothing. */
    private final class WatchedOutput extends OutputStream {
        private static final int LOOKS = 4;
        private static final long NOT_WRITING = 0;

        private final OutputStream socketOut;
        private volatile long writingSince = NOT_WRITING;
        private volatile boolean late;
        private Optional<ScheduledFuture<?>> watch = Optional.empty();

        WatchedOutput(OutputStream socketOut) {
            this.socketOut = socketOut;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            beWatched();
            writingSince = System.nanoTime() | 1;
            try {
                socketOut.write(bytes, offset, length);
                traffic.out.add(length);
                movedNanos = System.nanoTime();
            } catch (IOException e) {
                if (late) {
                    throw new SocketTimeoutException("the peer took nothing for " + idleLimit.toSeconds() + " s");
                }
                throw e;
            } finally {
                writingSince = NOT_WRITING;
            }
        }

        private synchronized void beWatched() {
            if (watch.isEmpty() && !idleLimit.isZero() && open.get()) {
                long interval = Math.max(1, idleLimit.toMillis() / LOOKS);
                watch = Optional.of(
                        WATCH.scheduleWithFixedDelay(this::look, interval, interval, TimeUnit.MILLISECONDS));
            }
        }

        private void look() {
            long since = writingSince;
            if (since != NOT_WRITING && System.nanoTime() - since >= idleLimit.toNanos()) {
                late = true;
                try {
                    socket.close(); // the write throws; the owner closes the rest
                } catch (IOException e) {
                    // It is closed all the same.
                }
            }
        }

        synchronized void endWatch() {
            watch.ifPresent(running -> running.cancel(false));
        }
    }
}
