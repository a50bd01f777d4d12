package recon.server.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.OperatingSystemMXBean;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class OtherMachineTest {
    private final AtomicBoolean scriptRuns = new AtomicBoolean();

    private OtherMachine machine(String name, double all, double server) {
        Map<String, Object> figures =
                Map.of("getFreeMemorySize", 5_000_000_000L, "getCpuLoad", all, "getProcessCpuLoad", server);
        OperatingSystemMXBean system = (OperatingSystemMXBean) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {OperatingSystemMXBean.class},
                (proxy, method, arguments) -> figures.get(method.getName()));
        return new OtherMachine(system, name, scriptRuns::get);
    }

    @Test
    void theServersOwnShareIsNotForeign() throws Exception {
        OtherMachine machine = machine("Windows 11", 0.75, 0.25);
        assertThat(machine.foreignCpuPercent()).as("the first look").isEmpty();
        assertThat(machine.foreignCpuPercent()).hasValue(50);
        assertThat(machine("Mac OS X", 0.2, 0.3).foreignCpuPercent()).isEmpty();
    }

    @Test
    void nothingIsSaidWhileAScriptRunsAndInTheLookAfterIt() throws Exception {
        OtherMachine machine = machine("Windows 11", 1, 0);
        machine.foreignCpuPercent();
        assertThat(machine.foreignCpuPercent()).hasValue(100);
        scriptRuns.set(true);
        assertThat(machine.foreignCpuPercent()).isEmpty();
        scriptRuns.set(false);
        assertThat(machine.foreignCpuPercent()).isEmpty();
        assertThat(machine.foreignCpuPercent()).hasValue(100);
    }

    @Test
    void anUnknownLoadIsAnErrorAndAnUnknownShareIsNone() throws Exception {
        OtherMachine unknown = machine("Mac OS X", -1, 0);
        unknown.foreignCpuPercent();
        assertThatThrownBy(unknown::foreignCpuPercent)
                .hasMessage("the load of the processors is not known on Mac OS X");
        OtherMachine share = machine("Mac OS X", 0.5, -1);
        share.foreignCpuPercent();
        assertThat(share.foreignCpuPercent()).hasValue(50);
    }

    @Test
    void onlyWindowsTellsWhatIsAvailable() throws Exception {
        assertThat(machine("Windows Server 2022", 0, 0).availableMemoryBytes()).isEqualTo(5_000_000_000L);
        assertThatThrownBy(() -> machine("Mac OS X", 0, 0).availableMemoryBytes())
                .hasMessage("the available memory is not known on Mac OS X");
    }

    @Test
    void theRealRuntimeAnswers() throws Exception {
        OtherMachine machine = new OtherMachine();
        assertThat(machine.foreignCpuPercent()).isEmpty();
    }
}
