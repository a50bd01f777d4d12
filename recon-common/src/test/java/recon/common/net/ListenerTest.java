package recon.common.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListenerTest {
    private static final Listener.Limits LIMITS =
            new Listener.Limits(4, 4, Duration.ofSeconds(10), Duration.ofSeconds(10), 0);

    private final List<Listener> listeners = new ArrayList<>();
    private final List<Socket> clients = new ArrayList<>();

    @AfterEach
    void stopAll() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        for (Listener listener : listeners) {
            listener.stop();
        }
    }

    private Listener listening(List<InetSocketAddress> addresses, Listener.Limits limits, Listener.Session session)
            throws IOException {
        Listener listener = new Listener("test", addresses, limits, session);
        listeners.add(listener);
        listener.start();
        return listener;
    }

    private Listener listening(Listener.Session session) throws IOException {
        return listening(loopback(0), LIMITS, session);
    }

    private static List<InetSocketAddress> loopback(int port) throws IOException {
        return Listener.addressesOf("127.0.0.1", port);
    }

    private Socket connect(InetAddress address, int port) throws IOException {
        Socket client = new Socket(address, port);
        client.setSoTimeout(10_000);
        clients.add(client);
        return client;
    }

    private Socket connect(Listener listener) throws IOException {
        return connect(InetAddress.getLoopbackAddress(), listener.port());
    }

    private static void echoOne(Connection connection) throws IOException {
        try (connection) {
            connection.output().write(connection.input().read());
        }
    }

    private static void assertEcho(Socket client) throws IOException {
        client.getOutputStream().write(42);
        assertThat(client.getInputStream().read()).isEqualTo(42);
    }

    @Test
    void localhostIsBothLoopbacksOnOnePort() throws IOException {
        List<InetSocketAddress> both = Listener.addressesOf("LocalHost", 0);
        assertThat(both)
                .extracting(a -> a.getAddress().getHostAddress())
                .containsExactly("127.0.0.1", "0:0:0:0:0:0:0:1");
        Listener listener = listening(both, LIMITS, ListenerTest::echoOne);
        assertEcho(connect(listener));
        if (canListenOn(both.get(1).getAddress())) {
            assertEcho(connect(both.get(1).getAddress(), listener.port()));
        }
    }

    private static boolean canListenOn(InetAddress address) {
        try (ServerSocket probe = new ServerSocket(0, 1, address)) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aWildcardListens() throws IOException {
        assertEcho(connect(listening(Listener.addressesOf("*", 0), LIMITS, ListenerTest::echoOne)));
        assertEcho(connect(listening(Listener.addressesOf("0.0.0.0", 0), LIMITS, ListenerTest::echoOne)));
    }

    @Test
    void aPortInUseIsOneClearLine() throws IOException {
        Listener first = listening(ListenerTest::echoOne);
        Listener second = new Listener("recon", loopback(first.port()), LIMITS, ListenerTest::echoOne);
        assertThatThrownBy(second::start)
                .isInstanceOf(IOException.class)
                .hasMessage("recon cannot listen on 127.0.0.1 port " + first.port()
                        + ": Address already in use (is another server running?)");
        assertEcho(connect(first));
    }

    @Test
    void aFailedStartLeavesNothingListening() throws IOException {
        Listener busy = listening(ListenerTest::echoOne);
        int free;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = probe.getLocalPort();
        }
        List<InetSocketAddress> addresses = new ArrayList<>(loopback(free));
        addresses.addAll(loopback(busy.port()));
        assertThatThrownBy(new Listener("recon", addresses, LIMITS, ListenerTest::echoOne)::start)
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> connect(InetAddress.getLoopbackAddress(), free))
                .isInstanceOf(IOException.class);
    }

    @Test
    void anAddressThatThisMachineDoesNotHaveIsLeftOutIfThereIsAnother() throws IOException {
        List<InetSocketAddress> addresses = new ArrayList<>(loopback(0));
        addresses.add(new InetSocketAddress("192.0.2.1", 0)); // reserved for documentation (RFC 5737)
        assertEcho(connect(listening(addresses, LIMITS, ListenerTest::echoOne)));
        assertThatThrownBy(new Listener("recon", addresses.subList(1, 2), LIMITS, ListenerTest::echoOne)::start)
                .hasMessage("recon cannot listen on 192.0.2.1 port 0: Cannot assign requested address");
    }

    @Test
    void aSessionThatThrowsLosesItsConnectionOnly() throws IOException {
        Listener listener = listening(connection -> {
            switch (connection.input().read()) {
                case 1 -> throw new IOException("a session that fails");
                case 2 -> throw new IllegalStateException("a session with a bug");
                default -> echoOne(connection);
            }
        });
        for (int fault = 1; fault <= 2; fault++) {
            Socket client = connect(listener);
            client.getOutputStream().write(fault);
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        Socket good = connect(listener);
        good.getOutputStream().write(0);
        assertEcho(good);
    }

    @Test
    void silentStrangersMakeRoomAndAPeerThatSpeaksIsServed() throws Exception {
        BlockingQueue<Connection> known = new LinkedBlockingQueue<>();
        Listener listener = listening(connection -> {
            int first = connection.input().read();
            if (first > 0) {
                connection.peerIsKnown();
                known.add(connection);
                connection.output().write(first); // and handed on: not closed here
            }
        });
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            silent.add(connect(listener));
            silent.get(i).getInputStream(); // stays silent
        }
        assertThat(silent.get(0).getInputStream().read())
                .as("the oldest made room")
                .isEqualTo(-1);
        for (int i = 0; i < 4; i++) {
            assertEcho(connect(listener));
        }
        assertThat(listener.openConnections()).isEqualTo(4);
        Socket fifth = connect(listener);
        assertThat(fifth.getInputStream().read()).as("no place left").isEqualTo(-1);
        known.poll(5, TimeUnit.SECONDS).close();
        assertEcho(connect(listener));
        for (Connection connection : known) {
            connection.close();
        }
    }

    private Socket connectFrom(String source, Listener listener) throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), listener.port(), InetAddress.getByName(source), 0);
        client.setSoTimeout(10_000);
        clients.add(client);
        return client;
    }

    private Listener forgiving(int failuresPerMinute, BlockingQueue<String> ended) throws IOException {
        Listener.Limits limits =
                new Listener.Limits(4, 4, Duration.ofSeconds(10), Duration.ofSeconds(10), failuresPerMinute);
        return listening(loopback(0), limits, connection -> {
            int first;
            try (connection) {
                first = connection.input().read();
                if (first == 42) {
                    connection.peerIsKnown();
                    connection.output().write(first);
                }
            }
            ended.add("after " + first);
        });
    }

    private void fail(String source, Listener listener, BlockingQueue<String> ended) throws Exception {
        Socket client = connectFrom(source, listener);
        client.getOutputStream().write(1);
        assertThat(ended.poll(5, TimeUnit.SECONDS)).isEqualTo("after 1");
    }

    private static void assertTurnedAway(Socket client) {
        try {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        } catch (IOException reset) {
            assertThat(reset).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void anAddressThatShowsNoKeyTooOftenIsTurnedAwayAndOthersAreNot() throws Exception {
        BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        Listener listener = forgiving(2, ended);
        for (int i = 0; i < 3; i++) {
            fail("127.0.0.2", listener, ended);
        }
        assertTurnedAway(connectFrom("127.0.0.2", listener));
        assertTurnedAway(connectFrom("127.0.0.2", listener));
        assertThat(ended).as("sessions of those turned away").isEmpty();
        assertEcho(connectFrom("127.0.0.3", listener));
        assertEcho(connect(listener));
    }

    @Test
    void aKeyThatIsShownMakesUpForFailures() throws Exception {
        BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        Listener listener = forgiving(2, ended);
        for (int i = 0; i < 5; i++) {
            fail("127.0.0.2", listener, ended);
            fail("127.0.0.2", listener, ended);
            assertEcho(connectFrom("127.0.0.2", listener));
            assertThat(ended.poll(5, TimeUnit.SECONDS)).isEqualTo("after 42");
        }
    }

    @Test
    void connectionsThatComeAndGoWithoutAWordAreNoFailures() throws Exception {
        BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        Listener listener = forgiving(1, ended);
        for (int i = 0; i < 5; i++) {
            connectFrom("127.0.0.2", listener).close();
            assertThat(ended.poll(5, TimeUnit.SECONDS)).isEqualTo("after -1");
        }
        assertEcho(connectFrom("127.0.0.2", listener));
    }

    @Test
    void stalledConnectionsThatHadToMakeRoomAreFailures() throws Exception {
        Listener listener = forgiving(2, new LinkedBlockingQueue<>());
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            silent.add(connectFrom("127.0.0.2", listener));
        }
        // Not always the first three: one whose session has not begun yet is not waited for, and may stay.
        int gone = 0;
        for (int round = 0; gone < 3; round++) {
            assertThat(round).as("rounds until three have gone").isLessThan(50);
            gone = 0;
            for (Socket socket : silent) {
                gone += isOpen(socket) ? 0 : 1;
            }
        }
        assertEcho(connectFrom("127.0.0.3", listener));
        // A session notices that its connection is gone a moment later than the peer does.
        Socket late = connectFrom("127.0.0.2", listener);
        while (isOpen(late)) {
            late = connectFrom("127.0.0.2", listener);
        }
        assertTurnedAway(late);
    }

    /** Looks for at most 100 ms. */
    private static boolean isOpen(Socket socket) throws IOException {
        socket.setSoTimeout(100);
        try {
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException silent) {
            return true;
        } catch (SocketException reset) {
            return false;
        }
    }

    @Test
    void stoppingEndsSessionsButNotConnectionsHandedOn() throws Exception {
        BlockingQueue<Connection> handedOn = new LinkedBlockingQueue<>();
        BlockingQueue<Connection> inSession = new LinkedBlockingQueue<>();
        BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        CountDownLatch stopped = new CountDownLatch(1);
        Listener listener = listening(connection -> {
            if (connection.input().read() == 1) {
                connection.handOn();
                handedOn.add(connection);
                awaitQuietly(stopped); // a session may still be on its way out when the listener stops
                return;
            }
            inSession.add(connection);
            try {
                connection.input().read();
            } finally {
                ended.add("ended");
            }
        });
        Socket kept = connect(listener);
        kept.getOutputStream().write(1);
        Connection mine = handedOn.poll(5, TimeUnit.SECONDS);
        Socket cut = connect(listener);
        cut.getOutputStream().write(2);
        assertThat(inSession.poll(5, TimeUnit.SECONDS)).isNotNull();
        listener.stop();
        listener.stop();
        stopped.countDown();
        assertThat(cut.getInputStream().read()).isEqualTo(-1);
        assertThat(ended.poll(5, TimeUnit.SECONDS)).isNotNull();
        mine.output().write(9);
        assertThat(kept.getInputStream().read()).isEqualTo(9);
        mine.close();
        int port = listener.port();
        assertThatThrownBy(() -> connect(InetAddress.getLoopbackAddress(), port))
                .isInstanceOf(IOException.class);
    }

    private static void awaitQuietly(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void aNameThatCannotBeResolvedIsAnError() {
        assertThatThrownBy(() -> Listener.addressesOf("no.such.host.invalid", 1))
                .isInstanceOf(IOException.class);
    }
}
