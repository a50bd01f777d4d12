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
class StopSignalsTest {
    @Test
    void theFirstIsARequestAndTheSecondEndsTheProgram() throws Exception {
        BlockingQueue<Integer> halts = new LinkedBlockingQueue<>();
        try (SignalHandler restored = SignalHandler.install(List.of("WINCH"), name -> {})) {
            assertThat(restored).isNotNull();
            StopSignals signals = StopSignals.install(List.of("WINCH"), halts::add);
            SignalHandlerTest.raise("WINCH");
            signals.await();
            assertThat(halts).isEmpty();
            SignalHandlerTest.raise("WINCH");
            assertThat(halts.poll(20, TimeUnit.SECONDS)).isEqualTo(143);
            signals.await();
        }
    }
}
