package recon.server.work;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import recon.server.testing.RecordedLog;

@Timeout(60)
class ResourceGateTest {
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final FakeMachine machine = new FakeMachine();
    private final Semaphore pauses = new Semaphore(0);
    private final Semaphore ticks = new Semaphore(0);
    private final RecordedLog log = new RecordedLog();
    private ResourceGate gate;

    /** Figures and faults by name. */
    private static final class FakeMachine implements Machine {
        private final AtomicInteger reads = new AtomicInteger();
        private volatile long availableBytes = 600L << 20;
        private volatile OptionalDouble cpuPercent = OptionalDouble.empty();
        private volatile boolean memoryIsUnreadable;
        private volatile boolean cpuMeetsABug;

        @Override
        public long availableMemoryBytes() throws IOException {
            reads.incrementAndGet();
            if (memoryIsUnreadable) {
                throw new IOException("no meminfo");
            }
            return availableBytes;
        }

        @Override
        public OptionalDouble foreignCpuPercent() {
            reads.incrementAndGet();
            if (cpuMeetsABug) {
                throw new IllegalStateException("bug");
            }
            return cpuPercent;
        }
    }

    private void startGate(int maxCpuLoadPercent, int minAvailableMemoryMb) throws Exception {
        gate = new ResourceGate(maxCpuLoadPercent, minAvailableMemoryMb, INTERVAL, machine, duration -> {
            assertThat(duration).isEqualTo(INTERVAL);
            pauses.release();
            ticks.acquire();
        });
        gate.start();
        if (maxCpuLoadPercent + minAvailableMemoryMb > 0) {
            awaitPause();
        }
    }

    private void awaitPause() throws InterruptedException {
        assertThat(pauses.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    }

    private void letAnIntervalPass() throws InterruptedException {
        ticks.release();
        awaitPause();
    }

    private CompletableFuture<Boolean> worker() {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                answer.complete(gate.awaitOpen());
            } catch (InterruptedException e) {
                answer.completeExceptionally(e);
            }
        });
        thread.start();
        while (thread.getState() != Thread.State.WAITING && !answer.isDone()) {
            Thread.onSpinWait();
        }
        return answer;
    }

    private List<String> logged(Level level) {
        return log.events().stream()
                .filter(event -> event.getLoggerName().equals(ResourceGate.class.getName()))
                .filter(event -> event.getLevel() == level)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @AfterEach
    void stop() {
        gate.stop();
        log.close();
    }

    @Test
    void withBothLimitsOffNothingIsEverRead() throws Exception {
        machine.availableBytes = 0;
        machine.cpuPercent = OptionalDouble.of(100);
        startGate(0, 0);
        assertThat(gate.closedBecause()).isEmpty();
        assertThat(gate.awaitOpen()).isTrue();
        assertThat(machine.reads).hasValue(0);
        assertThat(pauses.availablePermits()).isZero();
    }

    @Test
    void aFigureWithoutLimitIsNotRead() throws Exception {
        machine.cpuPercent = OptionalDouble.of(100);
        startGate(0, 500);
        assertThat(gate.closedBecause()).isEmpty();
        assertThat(machine.reads).hasValue(1);
    }

    @Test
    void isClosedWhileMemoryIsShortAndLetsWorkersGoOnAfterwards() throws Exception {
        machine.availableBytes = (500L << 20) - 1;
        startGate(0, 500);
        String reason = "499 MB of memory are available (MIN_AVAILABLE_MEMORY_MB = 500)";
        assertThat(gate.closedBecause()).contains(reason);
        CompletableFuture<Boolean> first = worker();
        CompletableFuture<Boolean> second = worker();
        machine.availableBytes = 1L << 20;
        letAnIntervalPass();
        assertThat(gate.closedBecause()).contains("1 MB of memory are available (MIN_AVAILABLE_MEMORY_MB = 500)");
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        machine.availableBytes = 500L << 20;
        letAnIntervalPass();
        assertThat(first.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(second.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(gate.closedBecause()).isEmpty();
        assertThat(logged(Level.WARN)).containsExactly("no new job starts: " + reason);
        assertThat(logged(Level.INFO))
                .containsExactly("new jobs start again; what they waited for: 1 MB of memory are available"
                        + " (MIN_AVAILABLE_MEMORY_MB = 500)");
    }

    @Test
    void isClosedWhileOthersUseMoreThanTheLimit() throws Exception {
        machine.cpuPercent = OptionalDouble.of(80);
        startGate(80, 0);
        assertThat(gate.closedBecause()).isEmpty();
        machine.cpuPercent = OptionalDouble.of(80.2);
        letAnIntervalPass();
        assertThat(gate.closedBecause())
                .contains("other programs use 81 % of the processors (MAX_CPU_LOAD_PERCENT = 80)");
        machine.cpuPercent = OptionalDouble.empty();
        letAnIntervalPass();
        assertThat(gate.closedBecause()).isEmpty();
    }

    @Test
    void saysBothReasons() throws Exception {
        machine.cpuPercent = OptionalDouble.of(99);
        machine.availableBytes = 0;
        startGate(90, 1);
        assertThat(gate.closedBecause())
                .contains("other programs use 99 % of the processors (MAX_CPU_LOAD_PERCENT = 90);"
                        + " 0 MB of memory are available (MIN_AVAILABLE_MEMORY_MB = 1)");
    }

    @Test
    void aFigureThatCannotBeReadKeepsNobodyWaitingAndIsWarnedOfOnce() throws Exception {
        machine.availableBytes = 0;
        startGate(50, 500);
        assertThat(gate.closedBecause()).isPresent();
        machine.memoryIsUnreadable = true;
        machine.cpuMeetsABug = true;
        letAnIntervalPass();
        assertThat(gate.closedBecause()).isEmpty();
        letAnIntervalPass();
        assertThat(gate.awaitOpen()).isTrue();
        assertThat(logged(Level.WARN))
                .hasSize(3)
                .contains(
                        "MAX_CPU_LOAD_PERCENT keeps no job waiting while its figure cannot be read:"
                                + " java.lang.IllegalStateException: bug",
                        "MIN_AVAILABLE_MEMORY_MB keeps no job waiting while its figure cannot be read:"
                                + " java.io.IOException: no meminfo");
    }

    @Test
    void oneUnreadableFigureLeavesTheOtherInForce() throws Exception {
        machine.memoryIsUnreadable = true;
        machine.cpuPercent = OptionalDouble.of(51);
        startGate(50, 500);
        assertThat(gate.closedBecause()).isPresent();
        machine.memoryIsUnreadable = false;
        machine.availableBytes = 0;
        machine.cpuPercent = OptionalDouble.of(49);
        letAnIntervalPass();
        assertThat(gate.closedBecause())
                .hasValueSatisfying(reason -> assertThat(reason).startsWith("0 MB"));
    }

    @Test
    void stoppingSendsWaitingWorkersAwayAndEndsTheThread() throws Exception {
        machine.availableBytes = 0;
        startGate(0, 500);
        CompletableFuture<Boolean> worker = worker();
        gate.stop();
        assertThat(worker.get(20, TimeUnit.SECONDS)).isFalse();
        assertThat(gate.awaitOpen()).isFalse();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(t -> t.getName().equals("resource-gate"));
        assertThat(logged(Level.WARN)).hasSize(1);
        gate.stop();
    }

    @Test
    void looksAtTheRealMachine() throws Exception {
        gate = new ResourceGate(100, 1_000_000_000, Duration.ofHours(1));
        gate.start();
        if (LinuxMachine.available()) {
            assertThat(gate.closedBecause())
                    .hasValueSatisfying(reason -> assertThat(reason)
                            .matches("\\d+ MB of memory are available \\(MIN_AVAILABLE_MEMORY_MB = 1000000000\\)"));
        } else {
            assertThat(gate.awaitOpen()).isTrue();
        }
    }
}
