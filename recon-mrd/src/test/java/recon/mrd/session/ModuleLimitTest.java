package recon.mrd.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import recon.mrd.format.MrdException;
import recon.mrd.wire.MrdInput;
import recon.mrd.wire.MrdMessage;
import recon.mrd.wire.MrdOutput;

/** How long modules may do nothing, and what becomes of those that do. */
@Timeout(30)
class ModuleLimitTest {
    private static final long MAX_BYTES = 4096;
    private static final MrdSession.Limits SHORT =
            new MrdSession.Limits(MAX_BYTES, Duration.ofMillis(200), Duration.ofSeconds(10));
    private static final MrdSession.Limits WITHOUT_GRACE =
            new MrdSession.Limits(MAX_BYTES, Duration.ofMillis(200), Duration.ofMillis(100));

    /** Long enough for a module to begin to wait, however busy the machine is. */
    private static final MrdSession.Limits LONG =
            new MrdSession.Limits(MAX_BYTES, Duration.ofMillis(1500), Duration.ofSeconds(10));

    private static final MrdSession.Saving NOWHERE =
            new MrdSession.Saving(Path.of("nowhere"), false, Clock.systemUTC(), 0);
    private static final String TOO_LONG =
            "ERROR   module some took no data and sent nothing for 0.2 s (MRD_MODULE_TIMEOUT_SECONDS)";

    private final ByteArrayOutputStream answer = new ByteArrayOutputStream();

    private List<MrdMessage> answerOf(SessionModule module) throws Exception {
        return answerOf(module, SHORT);
    }

    private List<MrdMessage> answerOf(SessionModule module, MrdSession.Limits limits) throws Exception {
        ByteArrayInputStream in = new ByteArrayInputStream(
                bytes(new MrdMessage.ConfigFile("some"), new MrdMessage.Header("none"), new MrdMessage.Close()));
        new MrdSession(in, answer, limits, NOWHERE).serve(config -> Optional.of(module), "some");
        return answered();
    }

    private List<MrdMessage> answered() throws IOException {
        MrdInput in = new MrdInput(new ByteArrayInputStream(answer.toByteArray()), MAX_BYTES);
        List<MrdMessage> messages = new ArrayList<>();
        for (Optional<MrdMessage> next = in.read(); next.isPresent(); next = in.read()) {
            messages.add(next.get());
        }
        return messages;
    }

    private static byte[] bytes(MrdMessage... messages) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        MrdOutput out = new MrdOutput(bytes);
        for (MrdMessage message : messages) {
            out.write(message);
        }
        out.flush();
        return bytes.toByteArray();
    }

    @Test
    void aModuleThatHangsIsInterruptedAndTheClientIsTold() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        assertThat(answerOf(session -> {
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        interrupted.countDown();
                    }
                }))
                .containsExactly(new MrdMessage.Text(TOO_LONG), new MrdMessage.Close());
        assertThat(interrupted.getCount()).isZero();
    }

    @Test
    void aModuleMaySayWhatItWasAt() throws Exception {
        assertThat(answerOf(session -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        throw new MrdException("it waited for a table", e);
                    }
                }))
                .containsExactly(new MrdMessage.Text(TOO_LONG + "; it waited for a table"), new MrdMessage.Close());
    }

    @Test
    void aModuleThatDoesNotHeedTheInterruptIsLeftBehindAndSaysNothingMore() throws Exception {
        CountDownLatch clientHasGone = new CountDownLatch(1);
        CompletableFuture<ModuleSession> leftBehind = new CompletableFuture<>();
        List<MrdMessage> messages = answerOf(
                session -> {
                    while (clientHasGone.getCount() > 0) {
                        try {
                            clientHasGone.await();
                        } catch (InterruptedException e) {
                            // as a library that knows better
                        }
                    }
                    leftBehind.complete(session);
                },
                WITHOUT_GRACE);
        assertThat(messages).containsExactly(new MrdMessage.Text(TOO_LONG), new MrdMessage.Close());
        clientHasGone.countDown();
        ModuleSession session = leftBehind.get(10, TimeUnit.SECONDS);
        assertThatThrownBy(() -> session.send("late")).hasMessage("the session of this module is over");
        assertThatThrownBy(session::next).hasMessage("the session of this module is over");
        assertThat(answered()).hasSize(2);
    }

    @Test
    void whileAModuleWaitsForItsClientNoTimePasses() throws Exception {
        PipedOutputStream client = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(client, 1 << 16);
        client.write(bytes(new MrdMessage.ConfigFile("some"), new MrdMessage.Header("none")));
        CountDownLatch longEnough = new CountDownLatch(1);
        Thread slow = new Thread(() -> {
            try {
                longEnough.await(LONG.module().toMillis() * 4 / 3, TimeUnit.MILLISECONDS);
                client.write(bytes(new MrdMessage.Close()));
                client.flush();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        slow.start();
        new MrdSession(in, answer, LONG, NOWHERE).serve(config -> Optional.of(ModuleSession::next), "some");
        slow.join();
        assertThat(answered()).containsExactly(new MrdMessage.Close());
    }

    @Test
    void aModuleThatCannotEvenBeLoadedIsTold() throws Exception {
        assertThat(answerOf(session -> {
                    throw new NoClassDefFoundError("site/Missing");
                }))
                .containsExactly(
                        new MrdMessage.Text("ERROR   java.lang.NoClassDefFoundError: site/Missing"),
                        new MrdMessage.Close());
    }

    @Test
    void whoeverServesMayBeInterrupted() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> answerOf(session -> {
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        interrupted.countDown();
                    }
                }))
                .isInstanceOf(InterruptedException.class);
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(answered()).isEmpty();
    }

    @Test
    void aClientThatNeverComesToItsHeaderIsNotKeptInMemory() throws Exception {
        MrdMessage[] names = new MrdMessage[50];
        Arrays.fill(names, new MrdMessage.ConfigFile("some"));
        new MrdSession(new ByteArrayInputStream(bytes(names)), answer, SHORT, NOWHERE)
                .serve(config -> Optional.empty(), "some");
        assertThat(answered())
                .containsExactly(
                        new MrdMessage.Text("ERROR   no header came in the first 3 messages"), new MrdMessage.Close());
    }
}
