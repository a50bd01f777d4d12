package recon.common.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import recon.common.crypto.AuthenticationFailedException;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.ReplayGuard;
import recon.common.crypto.StaleTokenException;
import recon.common.job.JobId;
import recon.common.net.Connection;
import recon.common.testing.Channels;
import recon.common.testing.Peer;
import recon.common.testing.SocketPair;
import recon.common.testing.TestKeys;

class SecureChannelTest {
    private static final Message STATUS = new Request.GetServerStatus();
    private static final Event QUEUED = new Event.JobQueued(JobId.random(), 1);

    private static ReplayGuard guard() {
        return new ReplayGuard(Duration.ofMinutes(5), Clock.systemUTC());
    }

    private static SecureChannel channel(Socket socket, ReplayGuard guard, String... keys) throws IOException {
        return new SecureChannel(
                new Connection(socket, Duration.ofSeconds(10)), TestKeys.cipher(keys), guard, Channels.MAX_TOKEN_BYTES);
    }

    private static byte[] frame(Message message, String key) throws IOException {
        MessageCodec.Encoded body = MessageCodec.encode(message);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FernetCipher cipher = TestKeys.cipher(key);
        new FrameWriter(out, cipher).write(body.buffer(), body.length(), cipher.firstKey(), fingerprint -> {});
        return out.toByteArray();
    }

    @Test
    void messagesGoBothWaysUntilOneSideCloses() throws Exception {
        try (Channels channels = Channels.open()) {
            channels.client().send(STATUS);
            assertThat(channels.server().hasHeardPeer()).isFalse();
            assertThat(channels.server().receive()).contains(STATUS);
            assertThat(channels.server().hasHeardPeer()).isTrue();
            channels.server().send(QUEUED);
            assertThat(channels.client().receive()).contains(QUEUED);
            assertThat(channels.client().peer().getPort())
                    .isEqualTo(channels.sockets().b().getLocalPort());
            channels.client().close();
            assertThat(channels.server().receive()).isEmpty();
        }
    }

    @Test
    void answersWithTheKeyThatThePeerUsed() throws Exception {
        FernetCipher rotating = TestKeys.cipher(TestKeys.B, TestKeys.A);
        for (String key : List.of(TestKeys.A, TestKeys.B)) {
            try (Channels channels = Channels.open(TestKeys.cipher(key), rotating)) {
                channels.client().send(STATUS);
                channels.server().receive();
                channels.server().send(QUEUED);
                assertThat(channels.client().receive()).contains(QUEUED);
            }
        }
    }

    @Test
    void aWrongKeyIsRefused() throws Exception {
        try (Channels channels = Channels.open(TestKeys.cipher(TestKeys.A), TestKeys.cipher(TestKeys.B))) {
            channels.client().send(STATUS);
            assertThatThrownBy(() -> channels.server().receive()).isInstanceOf(AuthenticationFailedException.class);
        }
    }

    @Test
    void aRecordedMessageIsRefusedOnAnotherConnection() throws Exception {
        byte[] recorded = frame(STATUS, TestKeys.A);
        ReplayGuard guard = guard();
        try (SocketPair first = SocketPair.open();
                SocketPair second = SocketPair.open()) {
            first.a().getOutputStream().write(recorded);
            assertThat(channel(first.b(), guard, TestKeys.A).receive()).contains(STATUS);
            second.a().getOutputStream().write(recorded);
            SecureChannel replayed = channel(second.b(), guard, TestKeys.A);
            assertThatThrownBy(replayed::receive).isInstanceOf(StaleTokenException.class);
        }
    }

    @Test
    void aMessageOfOurOwnIsRefusedWhenItIsReflected() throws Exception {
        try (SocketPair sockets = SocketPair.open()) {
            SecureChannel channel = channel(sockets.b(), guard(), TestKeys.A);
            channel.send(STATUS);
            byte[] length = sockets.a().getInputStream().readNBytes(4);
            byte[] token = sockets.a()
                    .getInputStream()
                    .readNBytes(ByteBuffer.wrap(length).getInt());
            sockets.a().getOutputStream().write(length);
            sockets.a().getOutputStream().write(token);
            assertThatThrownBy(channel::receive).isInstanceOf(StaleTokenException.class);
        }
    }

    @Test
    void aFirstMessageMayNotBeAsLongAsLaterOnes() throws Exception {
        byte[] tooLongAtFirst = ByteBuffer.allocate(4)
                .putInt(FrameFormat.MAX_FIRST_TOKEN_BYTES + 4)
                .array();
        try (SocketPair sockets = SocketPair.open()) {
            sockets.a().getOutputStream().write(tooLongAtFirst);
            SecureChannel channel = channel(sockets.b(), guard(), TestKeys.A);
            assertThatThrownBy(channel::receive)
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("is outside 100.." + FrameFormat.MAX_FIRST_TOKEN_BYTES);
        }
        int chunkBytes = FrameFormat.MAX_FIRST_TOKEN_BYTES; // base64 twice makes it longer
        try (Channels channels = Channels.open()) {
            Peer<Void> client = Peer.start(() -> {
                channels.client().send(STATUS);
                channels.client().send(new Transfer.Chunk("a", new byte[chunkBytes], chunkBytes));
                return null;
            });
            channels.server().receive();
            assertThat(channels.server().expect(Transfer.Chunk.class, "chunk").length())
                    .isEqualTo(chunkBytes);
            client.join();
        }
    }

    @Test
    void theLargestChunkFitsTheLimitAndOneMoreDoesNot() throws Exception {
        try (Channels channels = Channels.open()) {
            String name = "\u00e9".repeat(100);
            int largest = channels.client().maxChunkBytes(name);
            assertThat(largest).isGreaterThan(9_000_000);
            Peer<Optional<Message>> server = Peer.start(() -> {
                channels.server().receive();
                return channels.server().receive();
            });
            channels.client().send(STATUS);
            channels.client().send(new Transfer.Chunk(name, new byte[largest], largest));
            assertThat(server.join()).isPresent();
            assertThatThrownBy(() ->
                            channels.client().send(new Transfer.Chunk(name, new byte[largest + 2000], largest + 2000)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching(
                            "file_chunk takes \\d+ bytes on the wire, more than 16777216 \\(MAX_MESSAGE_BYTES\\)");
        }
    }

    @Test
    void aFirstMessageThatTheServerWouldNotReadIsNotSent() throws Exception {
        try (Channels channels = Channels.open()) {
            Request.SubmitJob tooManyFiles = new Request.SubmitJob(
                    Collections.nCopies(40_000, new Request.SubmitJob.OfferedFile("a".repeat(50), "/scans/today/a")),
                    "{}",
                    true);
            assertThatThrownBy(() -> channels.client().send(tooManyFiles))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("command submit_recon_job takes \\d+ bytes on the wire, more than 4194304;"
                            + " submit fewer files at once");
        }
    }

    @Test
    void expectNamesWhatCameInstead() throws Exception {
        try (Channels channels = Channels.open()) {
            channels.client().send(STATUS);
            assertThatThrownBy(() -> channels.server().expect(EventAck.class, "ack_command of job_queued"))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage("expected ack_command of job_queued, got command get_server_status");
            channels.server().send(new Refusal("Untrusted IP."));
            assertThatThrownBy(() -> channels.client().expect(EventAck.class, "ack"))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage("Untrusted IP.");
            channels.server().send(new Event.EventError("Unknown command: X"));
            assertThatThrownBy(() -> channels.client().expect(EventAck.class, "ack"))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage("Unknown command: X");
            channels.server().close();
            assertThatThrownBy(() -> channels.client().expect(EventAck.class, "ack"))
                    .isInstanceOf(EOFException.class)
                    .hasMessage("the peer closed the connection; expected ack");
        }
    }

    @Test
    void anEventIsAnnouncedUntilItIsAcknowledged() throws Exception {
        try (Channels channels = Channels.open()) {
            Peer<EventAck> server = Peer.start(() -> channels.server().announce(QUEUED));
            assertThat(channels.client().receive()).contains(QUEUED);
            channels.client().send(new EventAck("job_queued", EventAck.RECEIVED));
            assertThat(server.join().status()).isEqualTo("received");
        }
    }

    @Test
    void anAckOfAnotherEventIsRefused() throws Exception {
        try (Channels channels = Channels.open()) {
            Peer<EventAck> server = Peer.start(() -> channels.server().announce(QUEUED));
            channels.client().receive();
            channels.client().send(new EventAck("recon_complete\nforged", ""));
            assertThatThrownBy(server::join)
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage("expected ack_command of job_queued, got ack_command of recon_complete?forged");
        }
    }

    @Test
    void receiveWheneverWaitsLongerThanTheIdleLimit() throws Exception {
        try (SocketPair sockets = SocketPair.open()) {
            SecureChannel impatient = new SecureChannel(
                    new Connection(sockets.b(), Duration.ofMillis(50)),
                    TestKeys.cipher(TestKeys.A),
                    guard(),
                    Channels.MAX_TOKEN_BYTES);
            assertThatThrownBy(impatient::receive).isInstanceOf(java.net.SocketTimeoutException.class);
            CountDownLatch waiting = new CountDownLatch(1);
            Peer<Optional<Message>> waits = Peer.start(() -> {
                waiting.countDown();
                return impatient.receiveWhenever();
            });
            waiting.await();
            assertThat(waiting.await(1, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(() -> new java.util.concurrent.CompletableFuture<Void>()
                            .get(200, java.util.concurrent.TimeUnit.MILLISECONDS)) // four idle limits go by
                    .isInstanceOf(java.util.concurrent.TimeoutException.class);
            sockets.a().getOutputStream().write(frame(STATUS, TestKeys.A));
            assertThat(waits.join()).contains(STATUS);
        }
    }

    @Test
    void finishingLetsTheLastMessageArrive() throws Exception {
        try (Channels channels = Channels.open()) {
            channels.client().send(STATUS);
            channels.client().send(STATUS);
            channels.server().receive();
            channels.server().send(new Refusal("no"));
            Peer<Void> finish = Peer.start(() -> {
                channels.server().finish();
                return null;
            });
            assertThat(channels.client().receive()).contains(new Refusal("no"));
            assertThat(channels.client().receive()).isEmpty();
            channels.client().close();
            finish.join();
        }
    }

    @Test
    void aClientThatHasLeftWhenItIsToGoOverToTlsIsNoFailedHandshake() throws Exception {
        try (Channels channels = Channels.open()) {
            channels.client().send(STATUS);
            assertThat(channels.server().receive()).contains(STATUS);
            channels.client().close();
            assertThat(channels.server().goOverToTls()).isEmpty();
        }
    }

    @Test
    void receiveWheneverSeesTheEnd() throws Exception {
        try (Channels channels = Channels.open()) {
            channels.server().close();
            assertThat(channels.client().receiveWhenever()).isEmpty();
            assertThat(channels.client().receiveWhenever()).isEmpty();
        }
    }

    @Test
    void aPeerThatIsThereOrHasMessagesUnreadHasNotLeft() throws Exception {
        try (Channels channels = Channels.open()) {
            channels.client().send(STATUS);
            channels.server().receive();
            assertThat(channels.server().peerHasLeft()).isFalse();
            channels.client().send(QUEUED);
            channels.client().send(STATUS);
            assertThat(channels.server().peerHasLeft()).isFalse();
            channels.client().close();
            assertThat(channels.server().receive()).contains(QUEUED);
            assertThat(channels.server().peerHasLeft()).isFalse();
            assertThat(channels.server().receive()).contains(STATUS);
            assertThat(channels.server().receiveWhenever()).isEmpty();
            assertThat(channels.server().peerHasLeft()).isTrue();
        }
    }
}
