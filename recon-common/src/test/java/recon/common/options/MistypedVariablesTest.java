package recon.common.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MistypedVariablesTest {
    private static List<String> notices(String... variables) {
        return MistypedVariables.notices(
                Arrays.stream(variables).collect(Collectors.toMap(Function.identity(), name -> "value")), Items.all());
    }

    @Test
    void areNamedWithTheVariableThatWasMeant() {
        assertThat(notices("RECON_SERVER_PRT", "RECON_SCRIPT_PATH", "RECON_SHAREDKEY"))
                .containsExactly(
                        "environment RECON_SCRIPT_PATH has no effect; did you mean RECON_RECON_SCRIPT_PATH?",
                        "environment RECON_SERVER_PRT has no effect; did you mean RECON_SERVER_PORT?",
                        "environment RECON_SHAREDKEY has no effect; did you mean RECON_SHARED_KEY?");
    }

    @Test
    void areNotThoseThatSetAnItem() {
        assertThat(notices(
                        Items.all().stream().map(item -> "RECON_" + item.name()).toArray(String[]::new)))
                .isEmpty();
    }

    @Test
    void areNotThoseThatTheServerGivesToScripts() {
        assertThat(notices("RECON_JOB_ID", "RECON_INPUT_DIR", "RECON_OUTPUT_DIR", "RECON_OPTIONS_FILE"))
                .isEmpty();
    }

    @Test
    void areNotThoseOfOtherPrograms() {
        assertThat(notices("RECON_HOME", "RECON_PATH", "RECON_", "PATH", "SERVER_PRT", "RECON_" + "X".repeat(5000)))
                .isEmpty();
    }

    @Test
    void areAmongTheNoticesOfTheOptions(@TempDir Path directory) {
        Map<String, String> environment = Map.of("RECON_LOG_LEVL", "debug");
        assertThat(Options.load(directory, Map.of(), environment).notices())
                .containsExactly("environment RECON_LOG_LEVL has no effect; did you mean RECON_LOG_LEVEL?");
    }
}
