package recon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.common.job.JobState;
import recon.common.job.Sha256;
import recon.common.job.SubmissionId;
import recon.common.wire.Event;
import recon.common.wire.Message;
import recon.common.wire.Request;
import recon.common.wire.Transfer;
import recon.server.testing.FakeScript;
import recon.server.testing.TestClient;
import recon.server.testing.TestServer;
import recon.server.testing.faulty.Faults;
import recon.server.testing.faulty.FaultyFileSystem;
import recon.server.testing.faulty.FaultyStore;

/**
 * Lets each file operation and each use of the store in a job's life fail, one after the other, and sees that the client
 * is told, that what was accepted ends, and that the server goes on as if nothing had been.
 */
class FailingIoIT {
    /** More than enough attempts for a client: one fault costs one conversation. */
    private static final int MOST_CONVERSATIONS = 8;

    /** An operation of another thread may come late: only several rounds without a fault say that there are no more. */
    private static final int LAST_ROUNDS = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private final Faults faults = new Faults();
    private final Map<String, byte[]> inputs = new LinkedHashMap<>();
    private TestServer server;

    /** How one conversation about a job ended. */
    private sealed interface Ending {
        record Completed(Map<String, byte[]> results) implements Ending {}

        record Failed(String reason) implements Ending {}

        /** Refused, or broken off: the client comes again with the same submission. */
        record Broken(String why) implements Ending {}
    }

    @BeforeEach
    void start() throws IOException {
        byte[] scan = new byte[200_000];
        new Random(7).nextBytes(scan);
        inputs.put("a.7", scan);
        inputs.put("empty.dat", new byte[0]);
        TestServer.Setup setup = new TestServer.Setup();
        setup.storeFaults = real -> FaultyStore.over(real, faults);
        server =
                new TestServer(FaultyFileSystem.over(directory.toRealPath(), faults), FakeScript.copiesInputs(), setup);
    }

    @AfterEach
    void stop() throws IOException {
        faults.heal();
        server.close();
    }

    @Test
    void anyOneOperationMayFail() throws Exception {
        for (String reason : List.of(Faults.NO_SPACE, Faults.IO_ERROR)) {
            int nth = 0;
            for (int without = 0;
                    without < LAST_ROUNDS;
                    without += faults.failed().isEmpty() ? 1 : 0) {
                nth++;
                faults.fail(nth, 1, reason);
                requireGoodEnd(untilItEnds(SubmissionId.random()), reason);
                requireNothingIsLeft();
            }
            assertThat(nth).as("operations in a job's life").isGreaterThan(30);
        }
    }

    @Test
    void theDiskMayBeFullForAWhileFromAnyOperationOn() throws Exception {
        int nth = 0;
        for (int without = 0; without < LAST_ROUNDS; without += faults.failed().isEmpty() ? 1 : 0) {
            nth++;
            faults.fail(nth, Long.MAX_VALUE, Faults.NO_SPACE);
            SubmissionId submission = SubmissionId.random();
            CompletableFuture<Ending> first = CompletableFuture.supplyAsync(() -> {
                try {
                    return converse(submission);
                } finally {
                    faults.stopWaiting();
                }
            });
            faults.awaitFailures(4, PATIENCE); // or the end
            faults.heal();
            Ending ending = first.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (ending instanceof Ending.Broken) {
                ending = untilItEnds(submission);
            }
            requireGoodEnd(ending, Faults.NO_SPACE);
            requireNothingIsLeft();
        }
        assertThat(nth).as("operations in a job's life").isGreaterThan(30);
    }

    private Ending untilItEnds(SubmissionId submission) {
        List<String> broken = new ArrayList<>();
        for (int i = 0; i < MOST_CONVERSATIONS; i++) {
            Ending ending = converse(submission);
            if (!(ending instanceof Ending.Broken broke)) {
                return ending;
            }
            broken.add(broke.why());
        }
        throw new AssertionError("after " + faults.failed() + " no conversation came to an end: " + broken);
    }

    private void requireGoodEnd(Ending ending, String reason) {
        if (ending instanceof Ending.Completed completed) {
            assertThat(completed.results().keySet()).isEqualTo(inputs.keySet());
            inputs.forEach((name, content) ->
                    assertThat(completed.results().get(name)).as(name).isEqualTo(content));
        } else {
            assertThat(((Ending.Failed) ending).reason())
                    .as("%s", faults.failed())
                    .contains(reason);
        }
    }

    /** The next job meets no trouble, and afterwards there is no directory that no job needs. */
    private void requireNothingIsLeft() throws IOException {
        List<String> before = faults.failed();
        faults.heal();
        assertThat(untilItEnds(SubmissionId.random())).as("after %s", before).isInstanceOf(Ending.Completed.class);
        server.housekeeping.cleanUp();
        assertThat(server.store.counts().keySet())
                .as("after %s", before)
                .isSubsetOf(JobState.DELIVERED, JobState.FAILED);
        assertThat(names(server.inputs)).as("inputs after %s", before).isEmpty();
        assertThat(names(server.outputs))
                .as("outputs after %s", before)
                .isEqualTo(server.store.holdingResults().stream()
                        .map(job -> job.outputDirectoryName())
                        .collect(Collectors.toSet()));
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(path -> path.getFileName().toString())
                    .filter(name -> !name.startsWith(".recon-server"))
                    .collect(Collectors.toSet());
        }
    }

    private Ending converse(SubmissionId submission) {
        try (TestClient client = server.connect()) {
            client.send(new Request.SubmitJob(offered(), "{}", true, Optional.of(submission), "normal"));
            Map<String, byte[]> results = new LinkedHashMap<>();
            while (true) {
                Message message = client.receive();
                if (message instanceof Transfer.RequestFile wanted) {
                    String name = wanted.filepath().substring(wanted.filepath().lastIndexOf('/') + 1);
                    send(client, name, inputs.get(name));
                } else if (message instanceof Transfer.Start start) {
                    results.put(start.filename(), receive(client, start));
                } else if (message instanceof Transfer.RefuseFile refused) {
                    return new Ending.Broken(refused.detail());
                } else {
                    Event event = (Event) message;
                    client.acknowledge(event);
                    if (event instanceof Event.ReconComplete) {
                        return new Ending.Completed(results);
                    } else if (event instanceof Event.JobFailed failed) {
                        return new Ending.Failed(failed.error());
                    } else if (event instanceof Event.EventError error) {
                        return new Ending.Broken(error.message());
                    }
                }
            }
        } catch (IOException e) {
            return new Ending.Broken(e.toString());
        }
    }

    private List<Request.SubmitJob.OfferedFile> offered() {
        return inputs.entrySet().stream()
                .map(file -> new Request.SubmitJob.OfferedFile(
                        file.getKey(), "/data/" + file.getKey(), OptionalLong.of(file.getValue().length)))
                .toList();
    }

    private static void send(TestClient client, String name, byte[] content) throws IOException {
        client.send(new Transfer.Start(name, content.length));
        Transfer.StartAck ready = (Transfer.StartAck) client.receive();
        if (!ready.ready()) {
            throw new IOException(ready.detail());
        }
        for (int at = 0; at < content.length; at += 50_000) {
            byte[] piece = java.util.Arrays.copyOfRange(content, at, Math.min(content.length, at + 50_000));
            client.send(new Transfer.Chunk(name, piece, piece.length));
        }
        client.send(new Transfer.End(name));
        Transfer.EndAck kept = (Transfer.EndAck) client.receive();
        if (!kept.success()) {
            throw new IOException(kept.detail());
        }
    }

    private static byte[] receive(TestClient client, Transfer.Start start) throws IOException {
        client.send(new Transfer.StartAck(start.filename(), true, ""));
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        Message message = client.receive();
        while (message instanceof Transfer.Chunk chunk) {
            content.write(chunk.data(), 0, chunk.length());
            message = client.receive();
        }
        if (!(message instanceof Transfer.End)) {
            throw new IOException("broken off: " + message.label());
        }
        MessageDigest digest = Sha256.begin();
        digest.update(content.toByteArray());
        Transfer.Receipt receipt = new Transfer.Receipt(content.size(), Sha256.of(digest));
        client.send(new Transfer.EndAck(start.filename(), true, "", Optional.of(receipt)));
        return content.toByteArray();
    }
}
