package recon.server.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.ReplayGuard;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.Sha256;
import recon.common.job.SubmissionId;
import recon.common.net.Connection;
import recon.common.wire.Event;
import recon.common.wire.RefusedException;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.Transfer;
import recon.common.wire.TransportChoice;
import recon.server.testing.FakeScript;
import recon.server.testing.RecordedLog;
import recon.server.testing.TestClient;
import recon.server.testing.TestServer;

/** What becomes of an upload over TLS that broke off. */
@Timeout(60)
class BrokenUploadIT {
    private static final int SIZE = 1_000_000;
    private static final int SENT = 600_000;

    @TempDir
    private Path directory;

    private final RecordedLog log = new RecordedLog();
    private final TestServer.Setup setup = new TestServer.Setup();
    private final CountDownLatch letGo = new CountDownLatch(1);
    private final SubmissionId id = SubmissionId.random();
    private final byte[] content = new byte[SIZE];
    private TestServer server;

    @AfterEach
    void stopServer() throws IOException {
        letGo.countDown();
        server.close();
        log.close();
    }

    private void start() throws IOException {
        server = new TestServer(directory, FakeScript.waitsFor(letGo), setup);
    }

    /** Submits over TLS; the server's answer is still to be read. */
    private SecureChannel submit(String name) throws IOException {
        SecureChannel channel = new SecureChannel(
                new Connection(new Socket(InetAddress.getLoopbackAddress(), server.port()), Duration.ofSeconds(20)),
                new FernetCipher(List.of(server.key)),
                new ReplayGuard(Duration.ZERO, Clock.systemUTC()),
                FernetCipher.MAX_TOKEN_BYTES);
        channel.ask(
                new Request.SubmitJob(
                        List.of(new Request.SubmitJob.OfferedFile(name, "/data/" + name, OptionalLong.of(SIZE))),
                        "{}",
                        true,
                        Optional.of(id),
                        "normal"),
                TransportChoice.TLS);
        return channel;
    }

    private static Transfer.Wanted wanted(SecureChannel channel) throws IOException {
        return channel.expect(Transfer.RequestFiles.class, "request_files")
                .files()
                .get(0);
    }

    /** Leaves the first bytes at the server, and returns the job. */
    private JobId breakOff() throws Exception {
        try (SecureChannel channel = submit("a.7")) {
            assertThat(wanted(channel)).isEqualTo(Transfer.Wanted.WHOLE);
            channel.sendLater(new Transfer.Start("a.7", SIZE));
            channel.sendData(content, SENT);
            channel.flush();
        }
        log.await("what came in is kept");
        log.await("connection ended"); // and nobody holds the upload any more
        return server.store.inState(JobState.RECEIVING).get(0).id();
    }

    private Path partial(JobId job) {
        return server.inputs.resolve(job.inputDirectoryName()).resolve(".incoming-0.part");
    }

    private Sha256 sha256(int bytes) {
        MessageDigest digest = Sha256.begin();
        digest.update(content, 0, bytes);
        return Sha256.of(digest);
    }

    private JobId goOn() throws IOException {
        try (SecureChannel channel = submit("a.7")) {
            assertThat(wanted(channel)).isEqualTo(new Transfer.Wanted(SENT, Optional.of(sha256(SENT))));
            channel.sendLater(new Transfer.Start("a.7", SIZE, Optional.empty(), SENT));
            channel.sendData(new byte[SIZE - SENT], SIZE - SENT);
            channel.send(new Transfer.End("a.7", Optional.of(sha256(SIZE))));
            Transfer.AckFiles ack = channel.expect(Transfer.AckFiles.class, "ack_files");
            assertThat(ack.receipts()).containsExactly(new Transfer.Receipt(SIZE, sha256(SIZE)));
            return channel.expect(Event.JobQueued.class, "job_queued").jobId();
        }
    }

    private void keepHouse() {
        server.housekeeping.start();
        server.housekeeping.stop(); // it looks once
    }

    @Test
    void goesOnAsTheSameJob() throws Exception {
        start();
        JobId job = breakOff();
        keepHouse();
        assertThat(partial(job)).hasSize(SENT);
        assertThat(goOn()).isEqualTo(job);
        assertThat(partial(job)).doesNotExist();
    }

    @Test
    void isKeptWhileTheQueueIsFull() throws Exception {
        setup.maxQueued = 1;
        start();
        JobId job = breakOff();
        try (TestClient running = server.connect();
                TestClient waiting = server.connect()) {
            running.submitOurs(Map.of("b.7", new byte[1]));
            log.await("running the script");
            waiting.submitOurs(Map.of("c.7", new byte[1]));
            try (SecureChannel channel = submit("a.7")) {
                assertThatExceptionOfType(RefusedException.class)
                        .isThrownBy(() -> wanted(channel))
                        .withMessageContaining("the queue is full")
                        .matches(RefusedException::isForNow);
            }
            log.await("submission refused: the queue is full");
            assertThat(partial(job)).hasSize(SENT);
        }
    }

    @Test
    void isForgottenWhenItsTimeIsOver() throws Exception {
        start();
        JobId job = breakOff();
        Files.setLastModifiedTime(partial(job), FileTime.from(Instant.now().minus(Duration.ofDays(1))));
        keepHouse();
        assertThat(server.store.find(job)).isEmpty();
        assertThat(server.jobFiles()).isEmpty();
    }

    @Test
    void isNotForgottenWhileItsClientGoesOn() throws Exception {
        start();
        JobId job = breakOff();
        Files.setLastModifiedTime(partial(job), FileTime.from(Instant.now().minus(Duration.ofDays(1))));
        try (SecureChannel channel = submit("a.7")) {
            assertThat(wanted(channel).offset()).isEqualTo(SENT);
            keepHouse();
            assertThat(partial(job)).hasSize(SENT);
        }
    }

    @Test
    void aNameThatPartialFilesHaveIsRefused() throws Exception {
        start();
        try (SecureChannel channel = submit(".incoming-1.part")) {
            assertThatThrownBy(() -> wanted(channel))
                    .hasMessageContaining("\".incoming-1.part\" is what files are called here until they are whole");
        }
        assertThat(server.jobFiles()).isEmpty();
    }
}
