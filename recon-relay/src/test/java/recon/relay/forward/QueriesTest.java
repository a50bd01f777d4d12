package recon.relay.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.KeyOwner;
import recon.common.crypto.SharedKey;
import recon.common.wire.Report;
import recon.common.wire.Report.QueueDetails.Row;
import recon.common.wire.Request;
import recon.relay.backend.Backend;
import recon.relay.backend.Backends;

/** The one status and the one queue of several servers, asked over loopback. */
@Timeout(60)
class QueriesTest {
    private static final Report.ServerStatus IDLE = new Report.ServerStatus("00h 00m 56s", 2, 0, 0, 0, "");

    private static final Report.ServerStatus DRAINING = new Report.ServerStatus("x", 2, 0, 0, 0, "", true);

    private final FernetCipher cipher = new FernetCipher(List.of(SharedKey.generate(new SecureRandom())));
    private final List<FakeServer> servers = new ArrayList<>();
    private Backends backends;

    private FakeServer server(Report.ServerStatus status, Row... queue) throws IOException {
        FakeServer server = new FakeServer(cipher, status, queue);
        servers.add(server);
        return server;
    }

    private Queries start() {
        return start(Backends.Strategy.LEAST_LOADED);
    }

    private Queries start(Backends.Strategy strategy) {
        backends = FakeServer.all(strategy, servers);
        backends.start();
        return new Queries(backends);
    }

    @AfterEach
    void close() throws IOException {
        backends.stop();
        for (FakeServer server : servers) {
            server.close();
        }
    }

    /** A job that is named by its file, and came and changed at these seconds. */
    private static Row row(String file, String status, String priority, int came, int changed) {
        String id = UUID.nameUUIDFromBytes(file.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .toString();
        return new Row(id, status, file, 1, at(came), "job_" + id + "_input", priority, at(changed), "", "");
    }

    private static String at(int second) {
        return "2026-01-31 23:59:%02d UTC".formatted(second);
    }

    @Test
    void theStatusIsTheSumAndNamesEachServer() throws Exception {
        FakeServer first = server(new Report.ServerStatus("x", 2, 1, 3, 4, "the disk is full"));
        FakeServer second = server(new Report.ServerStatus("x", 5, 5, 7, 0, ""));
        Report.ServerStatus status = start().status();
        assertThat(status.uptime()).startsWith("00h 00m ");
        assertThat(status.maxWorkers()).isEqualTo(7);
        assertThat(status.busyWorkers()).isEqualTo(6);
        assertThat(status.queuedJobs()).isEqualTo(10);
        assertThat(status.undeliveredJobs()).isEqualTo(4);
        assertThat(status.waitingBecause()).isEqualTo("the disk is full");
        assertThat(status.backends())
                .containsExactly(
                        new Report.ServerStatus.Backend(first.name(), true, false, 2, 1, 3, ""),
                        new Report.ServerStatus.Backend(second.name(), true, false, 5, 5, 7, ""));
    }

    @Test
    void aServerThatIsAwayIsShownWithTheReasonAndNotCounted() throws Exception {
        server(IDLE).close();
        FakeServer there = server(IDLE);
        Report.ServerStatus status = start().status();
        assertThat(status.maxWorkers()).isEqualTo(2);
        assertThat(status.backends())
                .extracting(Report.ServerStatus.Backend::healthy)
                .containsExactly(false, true);
        assertThat(status.backends().get(0).problem()).isNotEmpty();
        assertThat(backends.healthy()).extracting(Backend::name).containsExactly(there.name());
    }

    @Test
    void withoutAnyServerTheStatusSaysSo() throws Exception {
        server(IDLE).close();
        assertThat(start().status().waitingBecause()).isEqualTo("no server behind this relay answers");
    }

    @Test
    void theQueueIsOneInTheOrderOfAServersAndNamesWhoHasAJob() throws Exception {
        FakeServer first = server(
                IDLE,
                row("runs", "running", "low", 9, 10),
                row("waits-2", "queued", "normal", 2, 2),
                row("waits-low", "queued", "low", 1, 1),
                row("undelivered", "delivering", "normal", 0, 0),
                row("old", "delivered", "normal", 0, 20),
                row("oldest", "failed", "urgent", 0, 18));
        FakeServer second = server(
                IDLE,
                row("of a Python server", "processing", "?", 10, 11),
                row("waits-urgent", "queued", "urgent", 5, 5),
                row("waits-1", "queued", "normal", 1, 1),
                row("waits-strange", "queued", "whenever", 3, 3),
                row("comes in", "receiving", "normal", 0, 0),
                row("newest", "cancelled", "normal", 0, 21));
        Report.QueueDetails queue = start().queue(new Request.GetQueueDetails(true, 100), KeyOwner.SHARED);
        assertThat(queue.total()).isEqualTo(12);
        assertThat(queue.jobs())
                .extracting(Row::primaryFile)
                .containsExactly(
                        "runs",
                        "of a Python server",
                        "waits-urgent",
                        "waits-1",
                        "waits-2",
                        "waits-strange",
                        "waits-low",
                        "comes in",
                        "undelivered",
                        "newest",
                        "old",
                        "oldest");
        assertThat(queue.jobs().get(0).backend()).isEqualTo(first.name());
        assertThat(queue.jobs().get(1).backend()).isEqualTo(second.name());
        assertThat(first.asked()).contains(new Request.GetQueueDetails(true, 100));
    }

    @Test
    void theLimitHoldsForTheOneQueueAndTheTotalForAll() throws Exception {
        server(IDLE, row("a", "queued", "normal", 1, 1), row("c", "queued", "normal", 3, 3));
        server(IDLE, row("b", "queued", "normal", 2, 2), row("d", "delivered", "normal", 4, 4));
        Report.QueueDetails queue = start().queue(new Request.GetQueueDetails(true, 2), KeyOwner.SHARED);
        assertThat(queue.jobs()).extracting(Row::primaryFile).containsExactly("a", "b", "d");
        assertThat(queue.total()).isEqualTo(4);
    }

    @Test
    void aServerThatGoesAwayIsLeftOutOfTheQueueAndIsOut() throws Exception {
        FakeServer goes = server(IDLE, row("a", "queued", "normal", 1, 1));
        server(IDLE, row("b", "queued", "normal", 2, 2));
        Queries queries = start();
        goes.close();
        assertThat(queries.queue(new Request.GetQueueDetails(false, 100), KeyOwner.SHARED)
                        .jobs())
                .extracting(Row::primaryFile)
                .containsExactly("b");
        assertThat(backends.healthy()).hasSize(1);
        assertThat(backends.all().get(0).problem()).isNotEmpty();
    }

    @Test
    void aServerThatDrainsIsShownButGetsNoJobs() throws Exception {
        FakeServer drains = server(DRAINING);
        FakeServer works = server(new Report.ServerStatus("x", 1, 1, 9, 0, ""));
        Report.ServerStatus status = start().status();
        assertThat(status.draining()).isFalse();
        assertThat(status.backends())
                .extracting(Report.ServerStatus.Backend::draining)
                .containsExactly(true, false);
        for (int i = 0; i < 3; i++) {
            assertThat(backends.choose(Set.of()).orElseThrow().name()).isEqualTo(works.name());
        }
        Backend last = backends.named(works.name()).orElseThrow();
        assertThat(backends.choose(Set.of(last))).isEmpty();
        assertThat(backends.healthy()).extracting(Backend::name).contains(drains.name());
    }

    @Test
    void aServerThatIsDrainedHereGetsNoJobsUntilItIsResumed() throws Exception {
        FakeServer one = server(IDLE);
        FakeServer two = server(IDLE);
        start();
        Backend drained = backends.current(one.name()).orElseThrow();
        drained.drain(true);
        for (int i = 0; i < 3; i++) {
            assertThat(backends.choose(Set.of()).orElseThrow().name()).isEqualTo(two.name());
        }
        assertThat(drained.isEmpty()).contains(true);
        drained.jobs().comes();
        assertThat(drained.isEmpty()).contains(false);
        assertThat(drained.details().server().draining()).isTrue();
        assertThat(drained.details().loadPercent()).isEqualTo(50);
        drained.drain(false);
        drained.jobs().hasCome(false);
        assertThat(backends.choose(Set.of())).containsSame(drained);
        one.close();
        assertThat(drained.isEmpty()).isEmpty();
        assertThat(drained.details().lastError()).isNotEmpty();
        assertThat(drained.details().lastErrorAtUtc()).endsWith(" UTC");
    }

    @Test
    void serversAreExchangedAndThoseThatStayAreTheSame() throws Exception {
        FakeServer stays = server(IDLE);
        FakeServer goes = server(IDLE);
        start(Backends.Strategy.ROUND_ROBIN);
        Backend stayed = backends.current(stays.name()).orElseThrow();
        Backend gone = backends.current(goes.name()).orElseThrow();
        FakeServer comes = server(IDLE);
        backends.replace(FakeServer.addresses(List.of(stays, comes)));
        assertThat(backends.healthy()).extracting(Backend::name).containsExactly(stays.name(), comes.name());
        assertThat(backends.current(stays.name())).containsSame(stayed);
        assertThat(backends.current(goes.name())).isEmpty();
        assertThat(backends.named(goes.name())).containsSame(gone); // for the jobs that it has
        assertThat(gone.takesJobs()).isFalse();
        backends.balance(Backends.Strategy.LEAST_LOADED);
        backends.checkEvery(Duration.ofHours(2));
        Set<String> chosen = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            chosen.add(backends.choose(Set.of()).orElseThrow().name());
        }
        assertThat(chosen).containsExactlyInAnyOrder(stays.name(), comes.name());

        backends.replace(FakeServer.addresses(List.of(goes)));
        assertThat(backends.choose(Set.of())).containsSame(gone);
    }

    @Test
    void whereAllDrainTheRelayDrains() throws Exception {
        server(DRAINING);
        server(IDLE).close();
        Report.ServerStatus status = start().status();
        assertThat(status.draining()).isTrue();
        assertThat(backends.choose(Set.of())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Backends.Strategy.class)
    void idleServersTakeTurns(Backends.Strategy strategy) throws Exception {
        server(IDLE);
        server(IDLE);
        start(strategy);
        Backend first = backends.choose(Set.of()).orElseThrow();
        Backend second = backends.choose(Set.of()).orElseThrow();
        assertThat(second).isNotSameAs(first);
        assertThat(backends.choose(Set.of())).containsSame(first);
        assertThat(backends.choose(Set.of(first))).containsSame(second);
        assertThat(backends.choose(Set.of(first, second))).isEmpty();
    }

    @Test
    void theServerWithFewestJobsPerWorkerIsChosenUntilItHasAsManyAsTheOther() throws Exception {
        FakeServer busy = server(new Report.ServerStatus("x", 1, 1, 1, 0, ""));
        FakeServer less = server(new Report.ServerStatus("x", 2, 2, 0, 0, ""));
        start();
        assertThat(backends.named(busy.name())).isPresent();
        for (int i = 0; i < 2; i++) {
            Backend chosen = backends.choose(Set.of()).orElseThrow();
            assertThat(chosen.name()).isEqualTo(less.name());
            chosen.jobs().hasCome(true);
        }
        assertThat(backends.choose(Set.of()).orElseThrow().name()).isEqualTo(busy.name());
    }
}
