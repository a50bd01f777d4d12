package recon.server.intake;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.SharedKey;
import recon.common.wire.Event;
import recon.common.wire.Message;
import recon.common.wire.Refusal;
import recon.common.wire.Report;
import recon.common.wire.Request;
import recon.common.wire.Transfer;
import recon.server.testing.FakeScript;
import recon.server.testing.RecordedLog;
import recon.server.testing.TestClient;
import recon.server.testing.TestServer;

/** The first message of a connection, and every answer that is no job. */
@Timeout(30)
class ClientSessionTest {
    @TempDir
    Path directory;

    private final RecordedLog log = new RecordedLog();
    private final TestServer.Setup setup = new TestServer.Setup();
    private TestServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = new TestServer(directory, FakeScript.copiesInputs(), setup);
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
        log.close();
    }

    private Optional<Message> answer(Message message) throws IOException {
        try (TestClient client = server.connect()) {
            client.send(message);
            return client.receiveOrEnd();
        }
    }

    /** Sends raw bytes; returns all that comes back until the server closes. */
    private byte[] answer(byte[] bytes) throws IOException {
        try (TestClient client = server.connect()) {
            Socket socket = client.socket();
            socket.setSoTimeout(10_000);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try {
                socket.getOutputStream().write(bytes);
                socket.getInputStream().transferTo(answer);
            } catch (SocketException reset) {
                assertThat(reset).hasMessageMatching("(?i).*(reset|broken pipe).*");
            }
            return answer.toByteArray();
        }
    }

    private byte[] frame(String body, SharedKey key, Instant sealedAt) throws IOException {
        FernetCipher cipher = new FernetCipher(List.of(key), new SecureRandom(), Clock.fixed(sealedAt, ZoneOffset.UTC));
        byte[] plain = body.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(ByteBuffer.allocate(4)
                .putInt(FernetCipher.tokenBytes(plain.length))
                .array());
        cipher.seal(plain, plain.length, cipher.keys().first(), frame);
        return frame.toByteArray();
    }

    private byte[] frame(String body) throws IOException {
        return frame(body, server.key, Instant.now());
    }

    @Test
    void statusAndQueueAreAnsweredAndTheConnectionEnds() throws Exception {
        try (TestClient client = server.connect()) {
            client.send(new Request.GetServerStatus());
            assertThat(client.event()).isInstanceOfSatisfying(Report.ServerStatus.class, status -> {
                assertThat(status.uptime()).matches("00h 00m \\d\\ds");
                assertThat(status.maxWorkers()).isEqualTo(1);
                assertThat(status.busyWorkers()).isZero();
                assertThat(status.queuedJobs()).isZero();
            });
            assertThat(client.receiveOrEnd()).isEmpty();
        }
        try (TestClient client = server.connect()) {
            client.send(new Request.GetQueueDetails());
            assertThat(client.event()).isEqualTo(new Report.QueueDetails(List.of(), 0));
            assertThat(client.receiveOrEnd()).isEmpty();
        }
    }

    @Test
    void aServerWhoseRecordsCannotBeUsedSaysSo() throws Exception {
        server.store.close();
        assertThat(server.ask(new Request.GetServerStatus()))
                .isInstanceOfSatisfying(
                        Event.EventError.class,
                        error -> assertThat(error.message())
                                .isEqualTo("the server's records cannot be used now; its log says why"));
        assertThat(server.ask(TestClient.submission(true, "{}", "/data/a.7")))
                .isInstanceOfSatisfying(
                        Event.EventError.class,
                        error -> assertThat(error.message())
                                .isEqualTo("Job submission: the server cannot record the job now; its log says why"));
        assertThat(log.await("cannot answer: ").getLevel()).isEqualTo(Level.ERROR);
        assertThat(server.jobFiles()).isEmpty();
    }

    @Test
    void anUnknownCommandIsNamedInTheAnswer() throws Exception {
        try (TestClient client = server.connect()) {
            client.send(new Request.UnknownCommand("reboot"));
            assertThat(client.event()).isEqualTo(new Event.EventError("Unknown command: reboot"));
            assertThat(client.receiveOrEnd()).isEmpty();
        }
    }

    @Test
    void anUntrustedAddressIsToldSoAndClosed() throws Exception {
        setup.trusted = "10.0.0.0/8";
        try (TestServer picky = new TestServer(directory.resolve("picky"), FakeScript.copiesInputs(), setup);
                TestClient client = picky.connect()) {
            assertThat(client.receiveOrEnd()).contains(new Refusal("Untrusted IP."));
            assertThat(client.receiveOrEnd()).isEmpty();
        }
        ILoggingEvent line = log.await("refused: the address is not in TRUSTED_IPS");
        assertThat(line.getMDCPropertyMap()).containsEntry("client", "127.0.0.1");
    }

    @Test
    void anyMessageButACommandClosesTheConnection() throws Exception {
        assertThat(answer(new Transfer.RequestFile("/etc/passwd"))).isEmpty();
        log.await("closed: expected a command, got request_file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: server\r\n\r\n",
                "\u0000\u0000\u0000\u0000",
                "\u0000\u0000\u0000\u0001x",
                "\u00ff\u00ff\u00ff\u00ff",
                "\u0000P\u0000\u0000"
            })
    void whatIsNoFrameIsClosedWithoutAnAnswer(String bytes) throws Exception {
        long start = System.nanoTime();
        assertThat(answer(bytes.getBytes(StandardCharsets.ISO_8859_1))).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(setup.first); // it was not waited for
        ILoggingEvent line = log.await("is outside 100..4194304");
        assertThat(line.getMDCPropertyMap()).containsEntry("client", "127.0.0.1");
    }

    @Test
    void aMessageThatIsTornIsClosed() throws Exception {
        byte[] frame = frame("{\"type\": \"command\", \"payload\": {\"command_name\": \"get_server_status\"}}");
        try (TestClient client = server.connect()) {
            client.socket().getOutputStream().write(frame, 0, frame.length - 1);
            client.socket().shutdownOutput();
            assertThat(client.receiveOrEnd()).isEmpty();
        }
        log.await("connection ended: stream ended after ");
    }

    @Test
    void aClientThatClosesBeforeItSpeaksIsNoError() throws Exception {
        server.connect().close();
        assertThat(log.await("closed by the client before it said anything").getLevel())
                .isEqualTo(Level.DEBUG);
    }

    @Test
    void aClientThatSaysNothingIsClosedInTime() throws Exception {
        setup.first = Duration.ofMillis(300);
        try (TestServer hasty = new TestServer(directory.resolve("hasty"), FakeScript.copiesInputs(), setup);
                TestClient client = hasty.connect()) {
            assertThat(client.receiveOrEnd()).isEmpty();
        }
        log.await("no whole first message in time");
    }

    @Test
    void aWrongKeyIsClosedWithoutAnAnswerAndLoggedWithTheAddress() throws Exception {
        byte[] frame = frame(
                "{\"type\": \"command\", \"payload\": {\"command_name\": \"get_server_status\"}}",
                SharedKey.generate(new SecureRandom()),
                Instant.now());
        assertThat(answer(frame)).isEmpty();
        ILoggingEvent line = log.await("closed without an answer: ");
        assertThat(line.getLevel()).isEqualTo(Level.WARN);
        assertThat(line.getMDCPropertyMap()).containsEntry("client", "127.0.0.1");
    }

    @Test
    void aTamperedMessageIsClosedWithoutAnAnswer() throws Exception {
        byte[] frame = frame("{\"type\": \"command\", \"payload\": {\"command_name\": \"get_server_status\"}}");
        frame[frame.length / 2] ^= 1;
        assertThat(answer(frame)).isEmpty();
        log.await("closed without an answer: ");
    }

    @Test
    void aMessageThatWasReceivedBeforeIsRefused() throws Exception {
        byte[] frame = frame("{\"type\": \"command\", \"payload\": {\"command_name\": \"reboot\"}}");
        try (TestClient client = server.connect()) {
            client.socket().getOutputStream().write(frame);
            assertThat(client.event()).isEqualTo(new Event.EventError("Unknown command: reboot"));
        }
        assertThat(answer(frame)).isEmpty();
        log.await("closed without an answer: message was received before");
    }

    @Test
    void anOldMessageIsRefusedAndTheClockDifferenceLogged() throws Exception {
        byte[] frame = frame(
                "{\"type\": \"command\", \"payload\": {\"command_name\": \"reboot\"}}",
                server.key,
                Instant.now().minusSeconds(1000));
        assertThat(answer(frame)).isEmpty();
        assertThat(log.await("behind our clock").getFormattedMessage())
                .matches("closed without an answer: message was sealed 100\\d s behind our clock \\(limit 300 s.*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"type\": \"command\"}",
                "{\"type\": \"hello\", \"payload\": {}}",
                "{\"type\": \"command\", \"payload\": {}}",
                "{\"type\": \"command\", \"payload\": {\"command_name\": 7}}",
                "{\"type\": \"command\", \"payload\": {\"command_name\": \"submit_recon_job\", \"files\": [7]}}",
                "{\"type\": \"command\", \"payload\": {\"command_name\": \"job_queued\", \"params\": {}}}",
            })
    void aSealedMessageThatMakesNoSenseIsClosed(String body) throws Exception {
        assertThat(answer(frame(body))).isEmpty();
        assertThat(log.await("closed: ").getLevel()).isEqualTo(Level.WARN);
    }

    @Test
    void extraFieldsAreIgnored() throws Exception {
        try (TestClient client = server.connect()) {
            client.socket()
                    .getOutputStream()
                    .write(frame("{\"payload\":{\"transports\":[\"tls13-psk\"],\"command_name\":\"get_queue_details\"},"
                            + "\"type\":\"command\",\"x\":{\"y\":[1]}}"));
            assertThat(client.event()).isEqualTo(new Report.QueueDetails(List.of(), 0));
        }
    }

    @Test
    void noLogLineHoldsTheKeyAFileOrATokenOfAJob() throws Exception {
        String content = "the patient's own bytes";
        byte[] token = frame("{\"type\": \"command\", \"payload\": {\"command_name\": \"reboot\"}}");
        try (TestClient client = server.connect()) {
            client.socket().getOutputStream().write(token);
            client.event();
        }
        answer(token);
        try (TestClient client = server.connect()) {
            Event.JobQueued queued = client.submit(Map.of("a.7", content.getBytes(StandardCharsets.UTF_8)));
            client.awaitEnd();
            log.await("delivered 1 files");
            assertThat(log.events().stream()
                            .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
                            .filter(event -> event.getThreadName().startsWith("server-"))
                            .filter(event -> event.getMDCPropertyMap()
                                    .getOrDefault("job", "")
                                    .equals(queued.jobId().toString())))
                    .hasSizeGreaterThanOrEqualTo(3)
                    .allSatisfy(event -> assertThat(event.getMDCPropertyMap()).containsEntry("client", "127.0.0.1"));
        }
        assertThat(log.text())
                .doesNotContain(server.key.text(), server.key.text().substring(0, 20), "gAAAA", content)
                .contains("received before", "delivered 1 files");
    }
}
