package recon.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.ReplayGuard;
import recon.common.crypto.SharedKey;
import recon.common.net.Connection;
import recon.common.wire.AdminReport;
import recon.common.wire.AdminRequest;
import recon.common.wire.SecureChannel;
import recon.common.wire.TransportChoice;
import recon.server.queue.JobControl.NotPossibleException;
import recon.server.testing.TestClient;

@Timeout(60)
class LogTailTest {
    private static final int PATIENCE_SECONDS = 30;

    @TempDir
    Path directory;

    private Path log;

    @BeforeEach
    void name() {
        log = directory.resolve("server.log");
    }

    /** A log that is sent over a connection. Before each look at it the test says when, and whether it is the last. */
    private static final class Tail implements AutoCloseable {
        private final SharedKey key = SharedKey.generate(new SecureRandom());
        private final ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final TestClient client;
        private final Semaphore arrived = new Semaphore(0);
        private final BlockingQueue<Boolean> answers = new ArrayBlockingQueue<>(1);
        private volatile String refuse = "";
        private final CompletableFuture<Void> sent = new CompletableFuture<>();
        private final CompletableFuture<String> received = new CompletableFuture<>();

        Tail(Path log, int lines) throws IOException {
            run("sender", sent, () -> {
                try (SecureChannel channel = new SecureChannel(
                        new Connection(door.accept(), Duration.ofSeconds(PATIENCE_SECONDS)),
                        new FernetCipher(List.of(key)),
                        new ReplayGuard(Duration.ZERO, Clock.systemUTC()),
                        FernetCipher.MAX_TOKEN_BYTES)) {
                    channel.receiveFirst(TransportChoice.AUTO);
                    new LogTail(channel, lines).send(log, this::mayGoOn);
                }
                return null;
            });
            client = TestClient.connect(door.getLocalPort(), key);
            client.send(new AdminRequest.Logs(lines, Optional.empty(), true));
            run("receiver", received, () -> {
                ByteArrayOutputStream text = new ByteArrayOutputStream();
                AdminReport.LogText part = (AdminReport.LogText) client.event();
                for (; !part.end(); part = (AdminReport.LogText) client.event()) {
                    text.write(part.output());
                }
                return text.toString(UTF_8);
            });
        }

        private static <T> void run(String name, CompletableFuture<T> end, Callable<T> work) {
            Thread thread = new Thread(
                    () -> {
                        try {
                            end.complete(work.call());
                        } catch (Exception e) {
                            end.completeExceptionally(e);
                        }
                    },
                    name);
            thread.setDaemon(true);
            thread.start();
        }

        private boolean mayGoOn() throws IOException, NotPossibleException {
            if (!refuse.isEmpty()) {
                throw new NotPossibleException(refuse);
            }
            arrived.release();
            try {
                return answers.take();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        /** Waits until the look before has ended; what happens to the file now is seen at the next one. */
        void awaitPause() throws InterruptedException {
            assertThat(arrived.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }

        void look(boolean more) throws InterruptedException {
            awaitPause();
            answers.put(more);
        }

        void goOn(boolean more) throws InterruptedException {
            answers.put(more);
        }

        /** All that has come, after one last look. */
        String end() throws Exception {
            look(false);
            return all();
        }

        String all() throws Exception {
            sent.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return received.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        @Override
        public void close() throws IOException {
            client.close();
            door.close();
        }
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void aLogThatCannotBeReadIsSaidToBe() throws Exception {
        Files.createDirectory(log);
        for (Path unreadable :
                List.of(log, Files.writeString(directory.resolve("file"), "x").resolve("below.log"))) {
            try (Tail tail = new Tail(unreadable, 10)) {
                tail.look(false);
                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(tail::all)
                        .withCauseInstanceOf(NotPossibleException.class)
                        .withMessageContaining("the log cannot be read: ");
            }
        }
    }

    @Property(tries = 60)
    void beginsWithTheLastLines(
            @ForAll @Size(max = 30) List<@IntRange(max = 3_000) Integer> lengths,
            @ForAll boolean endsWithALine,
            @ForAll @IntRange(max = 12) int lines)
            throws Exception {
        String text = lengths.stream().map("x"::repeat).collect(Collectors.joining("\n"))
                + (endsWithALine && !lengths.isEmpty() ? "\n" : "");
        List<String> all = text.isEmpty() ? List.of() : List.of(text.split("(?<=\n)"));
        Path file = Files.createTempFile("recon-tail", ".log");
        try {
            Files.writeString(file, text);
            try (Tail tail = new Tail(file, lines)) {
                assertThat(tail.end())
                        .isEqualTo(String.join("", all.subList(Math.max(0, all.size() - lines), all.size())));
            }
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void aLogThatIsLargerThanAMessageComesWhole() throws Exception {
        String text = "0123456789abcde\n".repeat(20_000);
        append(log, text);
        try (Tail tail = new Tail(log, 1_000_000)) {
            assertThat(tail.end()).isEqualTo(text);
        }
    }

    @Test
    void whatIsAddedFollows() throws Exception {
        append(log, "one\ntwo\n");
        try (Tail tail = new Tail(log, 1)) {
            tail.look(true);
            tail.awaitPause();
            append(log, "thr");
            tail.goOn(true);
            tail.awaitPause();
            append(log, "ee\n");
            tail.goOn(true);
            assertThat(tail.end()).isEqualTo("two\nthree\n");
        }
    }

    @Test
    void aLogThatIsReplacedIsReadToItsEndFirst() throws Exception {
        append(log, "old\n");
        try (Tail tail = new Tail(log, 10)) {
            tail.look(true);
            tail.awaitPause();
            append(log, "its end\n");
            Files.move(log, directory.resolve("server.log.1"));
            append(log, "new, all of it\nmore\n");
            tail.goOn(true);
            assertThat(tail.end()).isEqualTo("old\nits end\nnew, all of it\nmore\n");
        }
    }

    @Test
    void aLogThatIsEmptiedIsReadFromItsBeginning() throws Exception {
        append(log, "a long line of before\n");
        try (Tail tail = new Tail(log, 10)) {
            tail.look(true);
            tail.awaitPause();
            Files.writeString(log, "short\n");
            tail.goOn(true);
            assertThat(tail.end()).isEqualTo("a long line of before\nshort\n");
        }
    }

    @Test
    void aLogThatIsNotThereYetIsAwaited() throws Exception {
        try (Tail tail = new Tail(log, 1)) {
            tail.look(true);
            tail.awaitPause();
            append(log, "one\ntwo\n");
            tail.goOn(true);
            assertThat(tail.end()).isEqualTo("one\ntwo\n");
        }
    }

    @Test
    void aLogThatIsGoneIsReadToItsEnd() throws Exception {
        append(log, "one\n");
        try (Tail tail = new Tail(log, 1)) {
            tail.look(true);
            tail.awaitPause();
            append(log, "two\n");
            Files.delete(log);
            tail.goOn(true);
            assertThat(tail.end()).isEqualTo("one\ntwo\n");
        }
    }

    @Test
    void nothingIsSentOnceTheReaderHasLeft() throws Exception {
        append(log, "one\n");
        try (Tail tail = new Tail(log, 0)) {
            tail.awaitPause();
            tail.client.close();
            tail.goOn(true);
            tail.sent.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(tail.arrived.availablePermits()).isZero();
        }
    }

    @Test
    void whoFindsThatItMayNotGoOnIsHeard() throws Exception {
        try (Tail tail = new Tail(log, 1)) {
            tail.awaitPause();
            tail.refuse = "there is no such job any more";
            tail.goOn(true);
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> tail.sent.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .withCauseInstanceOf(NotPossibleException.class)
                    .withMessageContaining("no such job");
        }
    }
}
