package recon.common.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import recon.common.testing.Peer;
import recon.common.testing.SocketPair;

class ConnectionTest {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final AtomicInteger known = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private SocketPair sockets;

    @BeforeEach
    void connect() throws IOException {
        sockets = SocketPair.open();
    }

    @AfterEach
    void disconnect() throws IOException {
        sockets.close();
    }

    private Connection connection(Duration idle, Duration first) throws IOException {
        return new Connection(
                sockets.b(),
                idle,
                first,
                peer -> known.incrementAndGet(),
                connection -> closed.incrementAndGet(),
                new Traffic());
    }

    @Test
    void bytesGoBothWays() throws IOException {
        Connection connection = connection(LONG, LONG);
        connection.output().write(7);
        connection.output().write(new byte[] {8, 9});
        assertThat(sockets.a().getInputStream().readNBytes(3)).containsExactly(7, 8, 9);
        sockets.a().getOutputStream().write(new byte[] {1, 2, (byte) 0xff});
        assertThat(connection.input().readNBytes(2)).containsExactly(1, 2);
        assertThat(connection.input().read()).isEqualTo(0xff);
        sockets.a().close();
        assertThat(connection.input().read()).isEqualTo(-1);
        assertThat(connection.peer().getPort()).isEqualTo(sockets.a().getLocalPort());
    }

    @Test
    void whoShowsNoKeyInTimeHasFailed() throws IOException {
        Connection connection = connection(LONG, SHORT);
        assertThatThrownBy(() -> connection.input().read()).isInstanceOf(SocketTimeoutException.class);
        assertThat(connection.hasFailed()).isTrue();
        connection.peerIsKnown();
        assertThat(connection.hasFailed()).isFalse();
    }

    @Test
    void whoLeavesWithoutAWordHasNotFailedEvenIfRudely() throws IOException {
        Connection connection = connection(LONG, LONG);
        sockets.a().setSoLinger(true, 0); // a reset, as some monitors send it
        sockets.a().close();
        assertThatThrownBy(() -> connection.input().read()).isInstanceOf(SocketException.class);
        assertThat(connection.hasFailed()).isFalse();
    }

    @Test
    void whoSaysSomethingAndLeavesHasFailed() throws IOException {
        Connection connection = connection(LONG, LONG);
        sockets.a().getOutputStream().write(1);
        sockets.a().close();
        assertThat(connection.input().readAllBytes()).hasSize(1);
        assertThat(connection.hasFailed()).isTrue();
    }

    @Test
    void aPauseEndsAtTheIdleLimit() throws IOException {
        Connection connection = new Connection(sockets.b(), Duration.ofMillis(1100));
        assertThatThrownBy(() -> connection.input().read())
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("nothing received for 1 s");
    }

    @Test
    void theIdleLimitMayChange() throws IOException {
        Connection connection = new Connection(sockets.b(), LONG);
        connection.limitPauses(SHORT);
        assertThatThrownBy(() -> connection.input().read()).isInstanceOf(SocketTimeoutException.class);
        assertThat(connection.sinceMoved()).isGreaterThanOrEqualTo(SHORT);
        sockets.a().getOutputStream().write(1);
        assertThat(connection.input().read()).isEqualTo(1);
        assertThat(connection.sinceMoved()).isLessThan(LONG);
    }

    @Test
    void aStrangerThatDripsSingleBytesEndsAtTheDeadline() throws Exception {
        Connection connection = connection(LONG, Duration.ofMillis(300));
        CountDownLatch done = new CountDownLatch(1);
        Peer<Integer> drip = Peer.start(() -> {
            int sent = 0;
            OutputStream out = sockets.a().getOutputStream();
            while (!done.await(20, TimeUnit.MILLISECONDS)) {
                out.write(0);
                sent++;
            }
            return sent;
        });
        assertThatThrownBy(() -> connection.input().readNBytes(1_000_000))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("no whole first message in time");
        assertThatThrownBy(() -> connection.input().read()).isInstanceOf(SocketTimeoutException.class);
        done.countDown();
        assertThat(drip.join()).isBetween(1, 500); // without a deadline they would go on for hours
    }

    @Test
    void aSilentStrangerEndsAtTheDeadline() throws IOException {
        Connection connection = connection(Duration.ZERO, SHORT);
        assertThatThrownBy(() -> connection.input().read()).hasMessage("no whole first message in time");
    }

    @Test
    void theDeadlineIsLiftedOnceThePeerIsKnown() throws Exception {
        Connection connection = connection(LONG, SHORT);
        connection.peerIsKnown();
        assertThat(known).hasValue(1);
        assertThatThrownBy(() -> connection.awaitInput(Duration.ofMillis(200))) // twice the deadline
                .isInstanceOf(SocketTimeoutException.class);
        sockets.a().getOutputStream().write(5);
        assertThat(connection.input().read()).isEqualTo(5);
    }

    @Test
    void awaitingInputLosesNoByte() throws IOException {
        Connection connection = connection(LONG, Duration.ZERO);
        sockets.a().getOutputStream().write(new byte[] {1, 2, 3});
        connection.awaitInput(Duration.ZERO);
        connection.awaitInput(SHORT);
        assertThat(connection.input().readNBytes(0)).isEmpty();
        assertThat(connection.input().read(new byte[3], 1, 0)).isZero();
        assertThat(connection.input().readNBytes(3)).containsExactly(1, 2, 3);
        sockets.a().shutdownOutput();
        connection.awaitInput(Duration.ZERO);
        assertThat(connection.input().read()).isEqualTo(-1);
        assertThat(connection.input().read()).isEqualTo(-1);
    }

    /** What a peer did arrives at once over loopback, or nearly so. */
    private static boolean endsSoon(Connection connection) {
        for (int i = 0; i < 5000; i++) {
            if (connection.isEnded()) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aSilentPeerHasNotLeft() throws IOException {
        Connection connection = connection(LONG, Duration.ZERO);
        for (int i = 0; i < 10; i++) {
            assertThat(connection.isEnded()).isFalse();
        }
        sockets.a().getOutputStream().write(5);
        assertThat(connection.input().read()).isEqualTo(5);
    }

    @Test
    void aPeerThatClosesHasLeft() throws IOException {
        Connection connection = connection(LONG, Duration.ZERO);
        sockets.a().close();
        assertThat(endsSoon(connection)).isTrue();
        assertThat(connection.isEnded()).isTrue();
        assertThat(connection.input().read()).isEqualTo(-1);
    }

    @Test
    void aPeerThatResetsHasLeft() throws IOException {
        Connection connection = connection(LONG, Duration.ZERO);
        sockets.a().setSoLinger(true, 0);
        sockets.a().close();
        assertThat(endsSoon(connection)).isTrue();
        assertThat(connection.isEnded()).isTrue();
        assertThatThrownBy(() -> connection.input().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void whatAPeerSentBeforeItLeftIsNotLost() throws IOException {
        Connection connection = connection(LONG, Duration.ZERO);
        sockets.a().getOutputStream().write(new byte[] {1, 2, 3});
        connection.awaitInput(LONG);
        sockets.a().close();
        assertThat(connection.isEnded()).isFalse(); // not before it is read
        assertThat(connection.isEnded()).isFalse();
        assertThat(connection.input().readNBytes(3)).containsExactly(1, 2, 3);
        assertThat(endsSoon(connection)).isTrue();
        assertThat(connection.input().read()).isEqualTo(-1);
    }

    @Test
    void lookingWhetherThePeerHasLeftKeepsBytesThatArriveMeanwhile() throws Exception {
        Connection connection = connection(LONG, Duration.ZERO);
        Peer<Void> writer = Peer.start(() -> {
            for (int i = 0; i < 200; i++) {
                sockets.a().getOutputStream().write(i);
            }
            sockets.a().shutdownOutput();
            return null;
        });
        for (int i = 0; i < 200; i++) {
            assertThat(connection.isEnded()).isFalse();
            assertThat(connection.input().read()).isEqualTo(i);
        }
        writer.join();
        assertThat(endsSoon(connection)).isTrue();
    }

    @Test
    void lookingDoesNotShortenTheIdleLimit() throws IOException {
        Connection connection = connection(LONG, Duration.ZERO);
        assertThat(connection.isEnded()).isFalse();
        sockets.a().getOutputStream().write(9);
        assertThat(connection.input().read()).isEqualTo(9);
        assertThat(sockets.b().getSoTimeout()).isEqualTo((int) LONG.toMillis());
    }

    @Test
    void aConnectionClosedHereHasEnded() throws IOException {
        Connection connection = connection(LONG, Duration.ZERO);
        connection.close();
        assertThat(connection.isEnded()).isTrue();
    }

    @Test
    void aWriteToAPeerThatNeverReadsEndsAtTheIdleLimit() throws Exception {
        Connection connection = connection(Duration.ofMillis(300), Duration.ZERO);
        Peer<Void> writer = Peer.start(() -> {
            byte[] piece = new byte[64 * 1024];
            while (true) {
                connection.output().write(piece, 0, piece.length);
            }
        });
        assertThatThrownBy(writer::join)
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("the peer took nothing for 0 s");
        assertThat(sockets.b().isClosed()).isTrue();
    }

    @Test
    void withoutAnIdleLimitAWriteFailsOnlyWhenTheSocketDoes() throws Exception {
        Connection connection = connection(Duration.ZERO, Duration.ZERO);
        connection.output().write(3);
        assertThat(sockets.a().getInputStream().read()).isEqualTo(3);
        connection.close();
        assertThatThrownBy(() -> connection.output().write(3)).isInstanceOf(SocketException.class);
    }

    @Test
    void aWriteToAClosedSocketIsNoTimeOut() throws IOException {
        Connection connection = connection(LONG, Duration.ZERO);
        connection.close();
        assertThatThrownBy(() -> connection.output().write(3))
                .isInstanceOf(SocketException.class)
                .isNotInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void finishingDeliversWhatWasWrittenLastAlthoughInputIsUnread() throws Exception {
        Connection connection = connection(LONG, LONG);
        sockets.a().getOutputStream().write(new byte[100_000]);
        connection.output().write(new byte[] {1, 2, 3});
        Peer<Void> finish = Peer.start(() -> {
            connection.finish();
            return null;
        });
        assertThat(sockets.a().getInputStream().readAllBytes()).containsExactly(1, 2, 3);
        sockets.a().close();
        finish.join();
        assertThat(closed).hasValue(1);
    }

    @Test
    void finishingWaitsOnlyAShortWhileForAPeerThatStays() throws IOException {
        Connection connection = connection(LONG, LONG);
        long start = System.nanoTime();
        connection.finish();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(500), Duration.ofSeconds(8));
        assertThat(closed).hasValue(1);
    }

    @Test
    void closingIsToldOnce() throws IOException {
        Connection connection = connection(LONG, LONG);
        connection.close();
        connection.close();
        assertThat(closed).hasValue(1);
    }
}
