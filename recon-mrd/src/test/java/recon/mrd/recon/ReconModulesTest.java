package recon.mrd.recon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReconModulesTest {
    @Test
    void modulesAreFoundByTheirNames() {
        ReconModules modules = new ReconModules();
        assertThat(modules.names()).contains("null");
        assertThat(modules.named("null")).containsInstanceOf(NullModule.class);
        assertThat(modules.named("../null")).isEmpty();
    }
}
