package recon.common.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With SIGWINCH, which does nothing to a program that does not catch it. */
@Timeout(30)
class SignalHandlerTest {
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    static void raise(String name) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        signal.getMethod("raise", signal)
                .invoke(null, signal.getConstructor(String.class).newInstance(name));
    }

    private String next() throws InterruptedException {
        return received.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void isToldOfEverySignalByName() throws Exception {
        try (SignalHandler handler = SignalHandler.install(List.of("WINCH"), received::add)) {
            assertThat(handler).isNotNull();
            raise("WINCH");
            assertThat(next()).isEqualTo("WINCH");
            raise("WINCH");
            assertThat(next()).isEqualTo("WINCH");
        }
    }

    @Test
    void givesTheSignalBackToTheFormerHandler() throws Exception {
        try (SignalHandler outer = SignalHandler.install(List.of("WINCH"), name -> received.add("outer"))) {
            assertThat(outer).isNotNull();
            SignalHandler.install(List.of("WINCH"), name -> received.add("inner"))
                    .close();
            raise("WINCH");
            assertThat(next()).isEqualTo("outer");
        }
        assertThat(received).isEmpty();
    }

    @Test
    void leavesAloneWhatTheSystemDoesNotHaveOrTheRuntimeNeeds() throws Exception {
        try (SignalHandler handler = SignalHandler.install(List.of("NOSUCH", "SEGV", "WINCH"), received::add)) {
            assertThat(handler).isNotNull();
            raise("WINCH");
            assertThat(next()).isEqualTo("WINCH");
        }
    }
}
