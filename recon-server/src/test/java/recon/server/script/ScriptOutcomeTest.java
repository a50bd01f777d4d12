package recon.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import recon.server.script.ScriptOutcome.Failed;
import recon.server.script.ScriptOutcome.NotStarted;
import recon.server.script.ScriptOutcome.Succeeded;
import recon.server.script.ScriptOutcome.TimedOut;

class ScriptOutcomeTest {
    @ParameterizedTest
    @CsvSource({
        "3, script exited with code 3",
        "255, script exited with code 255",
        "126, script exited with code 126 (a command in it cannot be executed)",
        "127, script exited with code 127 (a command in it was not found)",
        "128, script exited with code 128",
        "137, script was killed by signal 9 (SIGKILL)",
        "139, script was killed by signal 11 (SIGSEGV)",
        "143, script was killed by signal 15 (SIGTERM)",
    })
    void namesTheExitCodeOrTheSignal(int exitCode, String reason) {
        assertThat(new Failed(exitCode, "x").reason()).isEqualTo(reason);
    }

    @Test
    void namesTheLimitAndWhereItIsSet() {
        assertThat(new TimedOut(Duration.ofMinutes(30), "").reason())
                .isEqualTo("script took longer than 1800 s (SCRIPT_TIMEOUT_SECONDS)");
        assertThat(new TimedOut(Duration.ofMillis(250), "").reason())
                .isEqualTo("script took longer than 0.250 s (SCRIPT_TIMEOUT_SECONDS)");
    }

    @Test
    void onlyAScriptThatRanHasOutput() {
        assertThat(new Succeeded(Duration.ofMillis(12_345)).reason()).isEqualTo("script finished in 12.3 s");
        assertThat(new NotStarted("script /x does not exist").lastOutput()).isEmpty();
        assertThat(new Failed(1, "no coil 7").lastOutput()).isEqualTo("no coil 7");
    }
}
