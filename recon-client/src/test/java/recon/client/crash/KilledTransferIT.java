package recon.client.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.client.crash.RecordProxy.Effect;
import recon.client.crash.RecordProxy.Fault;
import recon.client.crash.RecordProxy.Place;
import recon.client.crash.RecordProxy.Way;

/** One of the two programs is killed in the middle of a large file, and started again: the file goes on where it was. */
@Timeout(120)
class KilledTransferIT {
    private static final long SIZE = 40_000_000;
    private static final long PLACE = SIZE / 2;

    /** Frames around the file, the handshakes, and all other messages. */
    private static final long OVERHEAD = 40_000;

    @TempDir
    private Path directory;

    private final Violations violations = new Violations();
    private CrashSite site;
    private ServerRun server;
    private RecordProxy proxy;
    private Path input;

    @BeforeEach
    void begin() throws Exception {
        site = new CrashSite(directory.resolve("site"), ResumeSite.OPTIONS);
        server = site.start().ready();
        proxy = new RecordProxy(site.port());
        input = ResumeSite.file(site.path("scan"), 1, SIZE);
    }

    @AfterEach
    void end() throws IOException {
        proxy.close();
        site.close();
    }

    private ClientRun submit() throws IOException {
        return site.client(proxy.port(), "--files", input.toString(), "--output", "downloads");
    }

    /** What somebody does by hand; its failure fails the test. */
    private interface Step {
        void take() throws Exception;
    }

    private Runnable step(Step step) {
        return () -> {
            try {
                step.take();
            } catch (Exception e) {
                violations.add("%s", e);
            }
        };
    }

    /** How many bytes are there of the one file that is not whole. */
    private static long partialBytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder, 3)) {
            List<Path> parts = files.filter(
                            file -> file.getFileName().toString().startsWith(".incoming-"))
                    .toList();
            return parts.size() == 1 ? Files.size(parts.get(0)) : -1;
        }
    }

    private void checkEnd(ClientRun last) throws Exception {
        int exit = last.end();
        assertThat(exit).as(last.said()).isZero();
        assertThat(Files.mismatch(input, site.path("downloads").resolve(SiteScript.result(1))))
                .isEqualTo(-1);
        SiteCheck check = new SiteCheck(site, violations);
        check.everyJobEnded(1);
        String job = site.rows().all().get(0).id();
        check.ended(job, "delivered");
        assertThat(Collections.frequency(site.script().runs(), job)).isEqualTo(1);
        check.nothingIsLeft(server);
        assertThat(violations.found()).isEmpty();
    }

    @Test
    void theSameCommandGoesOnWithTheUploadOfAClientThatWasKilled() throws Exception {
        AtomicReference<ClientRun> client = new AtomicReference<>();
        CountDownLatch killed = new CountDownLatch(1);
        proxy.plan(List.of(new Fault(Place.ofByte(Way.UP, PLACE), Effect.CUT, step(() -> {
            client.get().kill();
            killed.countDown();
        }))));
        client.set(submit());
        assertThat(killed.await(60, TimeUnit.SECONDS)).isTrue();
        boolean taken =
                Patience.until(Patience.SHORT, () -> partialBytes(site.path("inputs")) > PLACE - ResumeRun.SLICE_BYTES);
        assertThat(taken).isTrue();
        checkEnd(submit());
        assertThat(proxy.bytes(Way.UP)).isLessThan(SIZE + ResumeRun.SLICE_BYTES + OVERHEAD);
    }

    @Test
    void fetchGoesOnWithTheDownloadOfAClientThatWasKilled() throws Exception {
        AtomicReference<ClientRun> client = new AtomicReference<>();
        CountDownLatch killed = new CountDownLatch(1);
        proxy.plan(List.of(new Fault(Place.ofByte(Way.DOWN, PLACE), Effect.CUT, step(() -> {
            client.get().kill();
            killed.countDown();
        }))));
        client.set(submit());
        assertThat(killed.await(60, TimeUnit.SECONDS)).isTrue();
        long here = partialBytes(site.path("downloads"));
        assertThat(here).isPositive();
        long before = proxy.bytes(Way.DOWN);
        String job = client.get().job().orElseThrow();
        checkEnd(site.client(proxy.port(), "--fetch", job, "--output", "downloads"));
        assertThat(proxy.bytes(Way.DOWN) - before).isLessThan(SIZE - here + OVERHEAD);
    }

    @Test
    void anUploadGoesOnAfterTheServerWasKilled() throws Exception {
        AtomicLong here = new AtomicLong();
        proxy.plan(List.of(new Fault(Place.ofByte(Way.UP, PLACE), Effect.CUT, step(() -> {
            server.kill();
            here.set(partialBytes(site.path("inputs")));
            server = site.start().ready();
        }))));
        checkEnd(submit());
        assertThat(here.get()).isPositive();
        assertThat(proxy.bytes(Way.UP)).isLessThan(PLACE + SIZE - here.get() + OVERHEAD);
    }

    @Test
    void aDownloadGoesOnAfterTheServerWasKilled() throws Exception {
        proxy.plan(List.of(new Fault(Place.ofByte(Way.DOWN, PLACE), Effect.CUT, step(() -> {
            server.kill();
            server = site.start().ready();
        }))));
        checkEnd(submit());
        assertThat(proxy.faults()).isEqualTo(1);
        assertThat(proxy.bytes(Way.DOWN)).isLessThan(SIZE + ResumeRun.SLICE_BYTES + OVERHEAD);
    }
}
