package recon.server.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LinuxMachineTest {
    private static final long SERVER = 500;
    private static final long STARTED = 1_245_424;

    @TempDir
    private Path proc;

    private LinuxMachine machine;

    @BeforeEach
    void recordedMachine() throws Exception {
        machine = new LinuxMachine(proc, SERVER);
        process(1, 0, "init", 0, 0);
        process(SERVER, 1, "java", 0, 0);
        processors(0, 0);
    }

    private void write(String name, String text) throws IOException {
        Path file = proc.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** The first lines of /proc/stat with so many ticks since the start of the test. */
    private void processors(long busy, long idle) throws IOException {
        write(
                "stat",
                "cpu  " + (1_222_798 + busy) + " 167510 128128 " + (934_071 + idle)
                        + " 17344 0 3023 12515 7 0\ncpu0 615162 79141 60881 476192 3936 0 1067 6315 0 0\n");
    }

    private void process(long pid, long parent, String name, long ticks, long ticksOfChildren) throws IOException {
        process(pid, parent, name, ticks, ticksOfChildren, STARTED);
    }

    private void process(long pid, long parent, String name, long ticks, long ticksOfChildren, long started)
            throws IOException {
        write(
                pid + "/stat",
                pid + " (" + name + ") R " + parent + " 18167 16029 0 -1 4194304 99 0 0 0 " + (ticks - ticks / 3)
                        + " " + (ticks / 3) + " " + (ticksOfChildren - ticksOfChildren / 2) + " "
                        + (ticksOfChildren / 2) + " 20 0 1 0 " + started
                        + " 3133440 390 18446744073709551615 94796297605120 94796297625001 140732575422752 0\n");
    }

    private void ended(long pid) throws IOException {
        Files.delete(proc.resolve(pid + "/stat"));
        Files.delete(proc.resolve(Long.toString(pid)));
    }

    private void expectForeign(double percent) throws IOException {
        assertThat(machine.foreignCpuPercent().orElseThrow()).isCloseTo(percent, offset(0.01));
    }

    @Test
    void theFirstLookAndOneWithinATickSayNothing() throws Exception {
        assertThat(machine.foreignCpuPercent()).isEmpty();
        assertThat(machine.foreignCpuPercent()).isEmpty();
    }

    @Test
    void whatTheServerAndItsDescendantsUseIsNotForeign() throws Exception {
        machine.foreignCpuPercent();
        process(SERVER, 1, "java", 100, 0);
        process(20, SERVER, "a (script) 1 2", 200, 0);
        process(900, 20, "matlab", 300, 0);
        process(800, 1, "other", 150, 0);
        processors(750, 250);
        expectForeign(15);
    }

    @Test
    void waitingForDiskCountsAsIdleAndTimeTakenByTheHypervisorDoesNot() throws Exception {
        write("stat", "cpu  0 0 0 0 0 0 0 0 0 0\n");
        machine.foreignCpuPercent();
        write("stat", "cpu  0 0 0 30 50 0 0 20 0 0\n");
        expectForeign(20);
    }

    @Test
    void childrenThatHaveEndedAreStillTheServersWork() throws Exception {
        process(20, SERVER, "script", 40, 0);
        machine.foreignCpuPercent();
        ended(20);
        process(SERVER, 1, "java", 10, 240); // the 40 of before among them
        processors(300, 700);
        expectForeign(9);
    }

    @Test
    void anOrphanStaysTheServersWorkUntilItEnds() throws Exception {
        process(20, SERVER, "script", 5, 0);
        process(900, 20, "left-behind", 40, 0);
        machine.foreignCpuPercent();
        ended(20);
        process(SERVER, 1, "java", 0, 5);
        process(900, 1, "left-behind", 140, 0);
        processors(100, 900);
        expectForeign(0);
        ended(900);
        process(SERVER, 1, "java", 50, 5);
        processors(250, 1750);
        expectForeign(10);
    }

    @Test
    void whatAnOrphanTookAwayUnseenIsNotAddedToTheLoadOfOthers() throws Exception {
        process(20, SERVER, "script", 5, 0);
        process(900, 20, "left-behind", 40, 0);
        machine.foreignCpuPercent();
        ended(20);
        ended(900);
        process(SERVER, 1, "java", 0, 5);
        processors(100, 900);
        expectForeign(10);
    }

    @Test
    void anotherProcessUnderAnOrphansNumberIsForeign() throws Exception {
        process(900, SERVER, "script", 40, 0);
        machine.foreignCpuPercent();
        process(900, 1, "other", 100, 0, STARTED + 1);
        process(SERVER, 1, "java", 0, 40);
        processors(100, 900);
        expectForeign(10);
    }

    @Test
    void sharesStayWithinTheirRangeWhereTheTicksDoNotAgree() throws Exception {
        machine.foreignCpuPercent();
        process(SERVER, 1, "java", 101, 0);
        processors(100, 0);
        expectForeign(0);
        processors(50, 100);
        expectForeign(0);
        processors(350, 50);
        expectForeign(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "cpu  1 2 3\n", "cpu0 1 2 3 4 5 6 7 8 9\n", "cpu  1 2 3 4 x 6 7 8 9\n"})
    void strangeTimesOfTheProcessorsAreAnError(String stat) throws Exception {
        write("stat", stat);
        assertThatThrownBy(machine::foreignCpuPercent).isInstanceOf(IOException.class);
    }

    @Test
    void aServerThatIsNotShownIsAnErrorAndSoIsAStrangeProcess() throws Exception {
        write("7/stat", "7 (x) R 1 2\n");
        assertThatThrownBy(machine::foreignCpuPercent).hasMessageContaining("3 fields");
        ended(7);
        ended(SERVER);
        assertThatThrownBy(machine::foreignCpuPercent).hasMessageContaining("500/stat cannot be read");
    }

    @Test
    void availableMemoryIsWhatMeminfoSaysInKilobytes() throws Exception {
        write("meminfo", "MemTotal:       24684096 kB\nMemFree:        23806104 kB\nMemAvailable:   23951004 kB\n");
        assertThat(machine.availableMemoryBytes()).isEqualTo(23_951_004L * 1024);
        write("meminfo", "MemTotal:       24684096 kB\n");
        assertThatThrownBy(machine::availableMemoryBytes).hasMessageContaining("no line MemAvailable");
        write("meminfo", "MemAvailable:   x kB\n");
        assertThatThrownBy(machine::availableMemoryBytes).hasMessage("\"x\" is not a number");
        Files.delete(proc.resolve("meminfo"));
        assertThatThrownBy(machine::availableMemoryBytes).isInstanceOf(IOException.class);
    }

    @Test
    void aBurningChildOfOursIsForeignToOthersOnly() throws Exception {
        assumeThat(LinuxMachine.available()).as("/proc").isTrue();
        Process other = new ProcessBuilder("sh", "-c", "read line").start();
        Process child = new ProcessBuilder(
                        "sh", "-c", "read go; i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; echo burnt; read line")
                .start();
        try (BufferedReader output = child.inputReader();
                var input = child.outputWriter()) {
            LinuxMachine ours = new LinuxMachine();
            LinuxMachine others = new LinuxMachine(Path.of("/proc"), other.pid());
            ours.foreignCpuPercent();
            others.foreignCpuPercent();
            long start = System.nanoTime();
            input.write("go\n");
            input.flush();
            assertThat(output.readLine()).isEqualTo("burnt");
            Duration burnt = child.info().totalCpuDuration().orElseThrow();
            input.write("end\n");
            input.flush();
            assertThat(child.waitFor()).isZero(); // so that its time is in what we have waited for
            double seen = others.foreignCpuPercent().orElseThrow()
                    - ours.foreignCpuPercent().orElseThrow();
            long passed = (System.nanoTime() - start) * Runtime.getRuntime().availableProcessors();
            assertThat(burnt).isGreaterThan(Duration.ofMillis(20));
            assertThat(seen).isGreaterThan(0.5 * 100 * burnt.toNanos() / passed);
        } finally {
            other.destroyForcibly();
            child.destroyForcibly();
        }
    }

    @Test
    void theRealMachineHasMemoryLeft() throws Exception {
        assumeThat(LinuxMachine.available()).as("/proc").isTrue();
        assertThat(new LinuxMachine().availableMemoryBytes()).isBetween(1L << 20, 1L << 50);
    }
}
