package recon.common.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.lifecycle.Service;

/**
 * Accepts connections and gives each its own named thread, never more than the limits allow.
 *
 * <p>Threads: one for each address listened on accepts; one for each connection runs the {@link Session}, which owns
 * the connection and closes it, or hands it on to somebody who will.
 */
public final class Listener implements Service {
    private static final Logger log = LoggerFactory.getLogger(Listener.class);

    /** Keeps a persistent failure, such as too many open files, from spinning and flooding the log. */
    private static final Duration PAUSE_AFTER_FAILED_ACCEPT = Duration.ofMillis(200);

    /** For sessions to end, once their connections are closed. */
    private static final Duration TIDYING_UP = Duration.ofSeconds(1);

    private static final int BACKLOG = 1024;

    private final String name;
    private final List<InetSocketAddress> addresses;
    private volatile Limits limits;
    private final Session session;
    private final Admission admission;
    private final Penalties penalties;
    private final List<ServerSocket> sockets = new ArrayList<>();
    private final List<Thread> acceptors = new ArrayList<>();
    private final Map<Connection, Thread> withSession = new ConcurrentHashMap<>();
    private final Traffic traffic = new Traffic();
    private final AtomicLong failedHandshakes = new AtomicLong();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong turnedAway = new AtomicLong();
    private final AtomicLong madeRoom = new AtomicLong();
    private final AtomicLong failedAccepts = new AtomicLong();
    private volatile boolean stopped;

    /**
     * Runs one connection. The listener closes it only if this throws, or if it stops before the connection is
     * {@linkplain Connection#handOn handed on} to somebody who will.
     */
    @FunctionalInterface
    public interface Session {
        void run(Connection connection) throws IOException;
    }

    /**
     * @param connections at most so many at once
     * @param connectionsPerAddress and so many from one address, unless it is a relay's
     * @param idle the longest pause in a connection
     * @param firstMessage the longest time a peer may take to show that it has a key
     * @param failuresPerMinute how many connections of one address may end without that; 0 for any number
     */
    public record Limits(
            int connections, int connectionsPerAddress, Duration idle, Duration firstMessage, int failuresPerMinute) {}

    public Listener(String name, List<InetSocketAddress> addresses, Limits limits, Session session) {
        this.name = name;
        this.addresses = List.copyOf(addresses);
        this.limits = limits;
        this.session = session;
        this.admission = new Admission(limits.connections(), limits.connectionsPerAddress(), System::nanoTime);
        this.penalties = new Penalties(limits.failuresPerMinute(), System::nanoTime);
    }

    /**
     * The addresses a host name stands for. {@code localhost} is both loopbacks, so that it does not matter which one a
     * client's resolver prefers; a wildcard is itself.
     *
     * @throws IOException if the name cannot be resolved
     */
    public static List<InetSocketAddress> addressesOf(String host, int port) throws IOException {
        if (host.equals("*")) {
            return List.of(new InetSocketAddress(port));
        }
        List<InetSocketAddress> addresses = new ArrayList<>();
        if (host.equalsIgnoreCase("localhost")) {
            addresses.add(new InetSocketAddress(InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}), port));
            byte[] v6Loopback = new byte[16];
            v6Loopback[15] = 1;
            addresses.add(new InetSocketAddress(InetAddress.getByAddress(host, v6Loopback), port));
        } else {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                addresses.add(new InetSocketAddress(address, port));
            }
        }
        return addresses;
    }

    /**
     * Takes the addresses, so that nobody else can; connections wait until {@link #start}. To be called by a program that
     * has work to do before it can serve, and must not begin it in vain.
     */
    public void bind() throws IOException {
        try {
            for (InetSocketAddress address : addresses) {
                listenOn(address);
            }
        } catch (IOException | RuntimeException e) {
            stop();
            throw e;
        }
    }

    @Override
    public void start() throws IOException {
        if (sockets.isEmpty()) {
            bind();
        }
        for (ServerSocket socket : sockets) {
            Thread acceptor = new Thread(() -> acceptUntilClosed(socket), name + "-accept");
            acceptor.start();
            acceptors.add(acceptor);
        }
    }

    private void listenOn(InetSocketAddress address) throws IOException {
        // With port 0 the first address chooses and the others follow.
        int port = address.getPort() == 0 && !sockets.isEmpty() ? port() : address.getPort();
        ServerSocket socket = new ServerSocket();
        try {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true); // restart while old connections linger
            socket.bind(new InetSocketAddress(address.getAddress(), port), BACKLOG);
            sockets.add(socket);
        } catch (SocketException e) {
            socket.close();
            String reason = String.valueOf(e.getMessage());
            boolean inUse = reason.contains("in use");
            boolean denied = reason.contains("denied");
            if (!sockets.isEmpty() && !inUse && !denied) {
                log.debug("{}: this machine has no address {}: {}", name, address.getAddress(), reason);
                return; // no IPv6 loopback here, or no IPv6 at all
            }
            throw new IOException(
                    name + " cannot listen on " + address.getAddress().getHostAddress() + " port " + port + ": "
                            + reason.replaceFirst(" \\(.*", "")
                            + (inUse ? " (is another server running?)" : ""),
                    e);
        }
    }

    /** The port in use, also when 0 was asked for. Only after {@link #bind}. */
    public int port() {
        return sockets.get(0).getLocalPort();
    }

    /** Connections now open, in whoever's hands. */
    public int openConnections() {
        return admission.taken();
    }

    /** So many connections may there be from now on; those that are there stay. The other limits do not change. */
    public void limit(int connections, int connectionsPerAddress) {
        Limits old = limits;
        limits =
                new Limits(connections, connectionsPerAddress, old.idle(), old.firstMessage(), old.failuresPerMinute());
        admission.limit(connections, connectionsPerAddress);
    }

    /** Connections that have ended, so far, without showing a key. */
    public long failedHandshakes() {
        return failedHandshakes.get();
    }

    public long bytesIn() {
        return traffic.in.sum();
    }

    public long bytesOut() {
        return traffic.out.sum();
    }

    /**
     * Stops accepting, closes the connections whose session still runs, and waits a little for what those sessions have
     * to tidy up. Connections that were handed on, and their sessions, are left alone.
     */
    @Override
    public void stop() throws IOException {
        stopped = true;
        for (ServerSocket socket : sockets) {
            socket.close(); // accept() throws, and the accepting thread ends; until then the system still lets peers in
        }
        List<Thread> ending = new ArrayList<>(acceptors);
        for (Map.Entry<Connection, Thread> session : withSession.entrySet()) {
            if (!session.getKey().isHandedOn()) {
                session.getKey().close();
                ending.add(session.getValue());
            }
        }
        long end = System.nanoTime() + TIDYING_UP.toNanos();
        try {
            for (Thread thread : ending) {
                thread.join(
                        Math.max(1, Duration.ofNanos(end - System.nanoTime()).toMillis()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void acceptUntilClosed(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                admit(server.accept());
            } catch (IOException | RuntimeException | OutOfMemoryError e) { // the last: no more threads to be had
                if (!server.isClosed()) {
                    long count = failedAccepts.incrementAndGet();
                    if (isRoundForLog(count)) {
                        log.warn("{}: accept failed, {} times so far; still listening: {}", name, count, e.toString());
                    }
                    pause();
                }
            }
        }
    }

    /** The 1st, 2nd, 4th, 8th …: a flood must not fill the log. */
    private static boolean isRoundForLog(long count) {
        return Long.bitCount(count) == 1;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_AFTER_FAILED_ACCEPT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void admit(Socket socket) throws IOException {
        InetAddress address = socket.getInetAddress();
        long turnedAwayForFailures = penalties.turnAway(address);
        if (turnedAwayForFailures > 0) {
            socket.close();
            if (isRoundForLog(turnedAwayForFailures)) {
                log.warn(
                        "{}: closed a connection from {} at once ({} of them so far): too many before it showed no key"
                                + " (FAILED_HANDSHAKES_PER_MINUTE {})",
                        name,
                        address.getHostAddress(),
                        turnedAwayForFailures,
                        limits.failuresPerMinute());
            }
            return;
        }
        try {
            AtomicReference<Admission.Place> place = new AtomicReference<>();
            Connection connection = new Connection(
                    socket,
                    limits.idle(),
                    limits.firstMessage(),
                    known -> {
                        place.get().known(known.isOfRelay());
                        penalties.shownKey(address);
                    },
                    closed -> {
                        place.get().release();
                        if (closed.hasFailed()) {
                            failedHandshakes.incrementAndGet();
                            penalties.failed(address);
                        }
                        if (closed.hasMadeRoom()) {
                            logMadeRoom(address);
                        }
                    },
                    traffic);
            Optional<Admission.Place> free = admission.enter(address, connection);
            if (free.isEmpty()) {
                socket.close();
                logTurnedAway(address);
                return;
            }
            place.set(free.get());
            begin(connection);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            socket.close();
            throw e;
        }
    }

    private void begin(Connection connection) throws IOException {
        Thread thread = new Thread(() -> serve(connection), name + "-" + accepted.incrementAndGet());
        withSession.put(connection, thread);
        if (stopped) {
            connection.close(); // stop() may have missed it
        }
        try {
            thread.start();
        } catch (OutOfMemoryError e) { // no more threads to be had
            withSession.remove(connection);
            connection.close();
            throw e;
        }
    }

    private void logTurnedAway(InetAddress address) {
        long count = turnedAway.incrementAndGet();
        if (isRoundForLog(count)) {
            log.warn(
                    "{}: no place for a connection from {} ({} turned away so far; MAX_CONNECTIONS {},"
                            + " MAX_CONNECTIONS_PER_ADDRESS {})",
                    name,
                    address.getHostAddress(),
                    count,
                    limits.connections(),
                    limits.connectionsPerAddress());
        }
    }

    private void logMadeRoom(InetAddress address) {
        long count = madeRoom.incrementAndGet();
        if (isRoundForLog(count)) {
            log.warn(
                    "{}: closed a connection from {} that had shown no key, to make room for another ({} so far;"
                            + " MAX_CONNECTIONS {}, MAX_CONNECTIONS_PER_ADDRESS {})",
                    name,
                    address.getHostAddress(),
                    count,
                    limits.connections(),
                    limits.connectionsPerAddress());
        }
    }

    private void serve(Connection connection) {
        try {
            session.run(connection);
        } catch (IOException e) {
            log.info("{}: connection from {} ended: {}", name, connection.peer(), e.toString());
            closeQuietly(connection);
        } catch (RuntimeException | Error e) {
            log.error("{}: session of {} failed", name, connection.peer(), e); // one connection dies, not the listener
            closeQuietly(connection);
        } finally {
            withSession.remove(connection);
        }
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (IOException e) {
            log.debug("closing {} failed: {}", connection.peer(), e.toString());
        }
    }
}
