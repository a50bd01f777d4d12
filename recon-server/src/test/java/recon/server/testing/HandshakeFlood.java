package recon.server.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.ReplayGuard;
import recon.common.crypto.SharedKey;
import recon.common.net.Connection;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.TransportChoice;

/**
 * What keeps a server from its clients: connections that begin a handshake and go silent, and such with a wrong key. The
 * silent ones come back when the server closes them, 250 per second.
 */
public final class HandshakeFlood implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int TICK_MILLIS = 10;
    private static final int OPENED_PER_SECOND = 1000;
    private static final int OPENED_AGAIN_PER_SECOND = 250;
    private static final int WRONG_KEY_THREADS = 4;

    /** Nothing; the first byte of a Fernet frame's length; the first of a TLS record with a client's hello. */
    private static final List<byte[]> BEGINNINGS =
            List.of(new byte[0], new byte[] {0}, new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3});

    private final InetSocketAddress server;
    private final int stalled;
    private final SharedKey wrongKey = SharedKey.generate(new SecureRandom());
    private final Selector selector = Selector.open();
    private final Thread stalling = new Thread(this::stall, "stalling");
    private final ScheduledExecutorService wrongKeys = Executors.newScheduledThreadPool(WRONG_KEY_THREADS);
    private final AtomicInteger stalledNow = new AtomicInteger();
    private final AtomicInteger stalledInAll = new AtomicInteger();
    private final AtomicInteger wrongKeysInAll = new AtomicInteger();
    private final List<Future<?>> senders = new ArrayList<>();
    private final Deque<Integer> toOpen = new ArrayDeque<>();

    /**
     * @param stalled connections to keep open, a fifth of them from 127.0.0.2, the others from 40 more addresses
     * @param wrongKeysPerSecond from 127.0.0.3, in turn over Fernet and TLS
     */
    public HandshakeFlood(int port, int stalled, int wrongKeysPerSecond) throws IOException {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.stalled = stalled;
        for (int i = 0; i < stalled; i++) {
            toOpen.add(i);
        }
        stalling.start();
        long periodMicros = TimeUnit.SECONDS.toMicros(1) / wrongKeysPerSecond;
        for (int i = 0; i < WRONG_KEY_THREADS; i++) {
            TransportChoice transport = i % 2 == 0 ? TransportChoice.FERNET : TransportChoice.TLS;
            senders.add(wrongKeys.scheduleAtFixedRate(
                    () -> tryWrongKey(transport),
                    i * periodMicros,
                    WRONG_KEY_THREADS * periodMicros,
                    TimeUnit.MICROSECONDS));
        }
    }

    private void stall() {
        long start = System.nanoTime();
        try {
            while (selector.isOpen()) {
                long millis = (System.nanoTime() - start) / 1_000_000;
                long due =
                        Math.min(stalled, millis * OPENED_PER_SECOND / 1000) + millis * OPENED_AGAIN_PER_SECOND / 1000;
                while (stalledInAll.get() < due && !toOpen.isEmpty()) {
                    open(toOpen.remove());
                }
                selector.select(this::advance, TICK_MILLIS);
            }
        } catch (IOException | java.nio.channels.ClosedSelectorException end) {
            // The flood is over.
        }
    }

    private void open(int number) throws IOException {
        String source = number % 5 == 0 ? "127.0.0.2" : "127.0.1." + (1 + number % 40);
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.bind(new InetSocketAddress(source, 0));
        stalledInAll.incrementAndGet();
        stalledNow.incrementAndGet();
        SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT, number);
        if (channel.connect(server)) {
            begin(key);
        }
    }

    private static void begin(SelectionKey key) throws IOException {
        key.interestOps(SelectionKey.OP_READ);
        int number = (Integer) key.attachment();
        ((SocketChannel) key.channel()).write(ByteBuffer.wrap(BEGINNINGS.get(number % BEGINNINGS.size())));
    }

    private void advance(SelectionKey key) {
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (key.isConnectable() && channel.finishConnect()) {
                begin(key);
            } else if (key.isReadable() && channel.read(ByteBuffer.allocate(64)) < 0) {
                throw new IOException("closed by the server");
            }
        } catch (IOException closed) {
            stalledNow.decrementAndGet();
            toOpen.add((Integer) key.attachment());
            closeQuietly(channel);
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void tryWrongKey(TransportChoice transport) {
        wrongKeysInAll.incrementAndGet();
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress("127.0.0.3", 0));
            socket.connect(server);
            SecureChannel channel = new SecureChannel(
                    new Connection(socket, PATIENCE),
                    new FernetCipher(List.of(wrongKey)),
                    new ReplayGuard(Duration.ZERO, Clock.systemUTC()),
                    FernetCipher.MAX_TOKEN_BYTES);
            channel.ask(new Request.GetServerStatus(), transport);
            if (channel.receive().isPresent()) {
                throw new AssertionError("the server answers a wrong key");
            }
        } catch (IOException refused) {
            // As it should be.
        }
    }

    /** As it stands: "1000 stalled connections (2311 in all), 402 wrong keys". */
    @Override
    public String toString() {
        return stalledNow + " stalled connections (" + stalledInAll + " in all), " + wrongKeysInAll + " wrong keys";
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (senders.stream().anyMatch(Future::isDone)) {
            throw new AssertionError("wrong keys stopped, with an answer to one perhaps");
        }
        wrongKeys.shutdownNow();
        selector.wakeup();
        List<SelectionKey> open = List.copyOf(selector.keys());
        selector.close();
        stalling.join();
        for (SelectionKey key : open) {
            key.channel().close();
        }
        if (!wrongKeys.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the flood does not end");
        }
    }
}
