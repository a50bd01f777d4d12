package recon.server.work;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;

/**
 * A machine without {@code /proc}, as the Java runtime sees it. That knows the time of the server itself, but not of its
 * scripts: while one runs, and in the first look after it, nothing is said about the processors.
 */
final class OtherMachine implements Machine {
    private final OperatingSystemMXBean system;
    private final String name;
    private final BooleanSupplier scriptRuns;
    private boolean scriptRan = true;

    OtherMachine() {
        this(
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class),
                System.getProperty("os.name"),
                () -> ProcessHandle.current().descendants().findAny().isPresent());
    }

    OtherMachine(OperatingSystemMXBean system, String name, BooleanSupplier scriptRuns) {
        this.system = system;
        this.name = name;
        this.scriptRuns = scriptRuns;
    }

    @Override
    public long availableMemoryBytes() throws IOException {
        // Windows counts what its caches would give back as free. Others do not, and would seem full all the time.
        if (!name.toLowerCase(Locale.ROOT).startsWith("windows")) {
            throw new IOException("the available memory is not known on " + name);
        }
        return system.getFreeMemorySize();
    }

    @Override
    public OptionalDouble foreignCpuPercent() throws IOException {
        boolean ran = scriptRan;
        scriptRan = scriptRuns.getAsBoolean();
        double all = system.getCpuLoad();
        double server = system.getProcessCpuLoad();
        if (ran || scriptRan) {
            return OptionalDouble.empty();
        }
        if (!(all >= 0)) { // which is how it says that it does not know
            throw new IOException("the load of the processors is not known on " + name);
        }
        return OptionalDouble.of(100 * Math.max(0, all - Math.max(0, server)));
    }
}
