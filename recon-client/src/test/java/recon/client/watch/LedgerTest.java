package recon.client.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import recon.client.submit.FileMark;
import recon.client.submit.KnownFile;
import recon.client.submit.KnownSubmission;
import recon.common.job.JobId;
import recon.common.job.ReconOptions;
import recon.common.job.Sha256;
import recon.common.job.SubmissionId;
import recon.common.wire.ReconOptionsJson;

class LedgerTest {
    private static final ReconOptions OPTIONS = ReconOptionsJson.parse("{\"a\": \"tab\\t and %\"}");
    private static final String STRANGE = "P 1\t%\u00e9\n.7";

    private Path directory;
    private Path file;

    @BeforeEach
    @BeforeProperty
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("ledger");
        file = directory.resolve("test.ledger");
    }

    @AfterEach
    @AfterProperty
    void removeDirectory() throws IOException {
        Files.deleteIfExists(file);
        Files.deleteIfExists(directory);
    }

    private KnownFile known(String name, String content) {
        return new KnownFile(directory.resolve(name), mark(name, content), digest(content));
    }

    private static FileMark mark(String name, String content) {
        return new FileMark(content.length(), (name + content).hashCode(), "1-2");
    }

    private static Sha256 digest(String content) {
        var digest = Sha256.begin();
        digest.update(content.getBytes(StandardCharsets.UTF_8));
        return Sha256.of(digest);
    }

    private Ledger open() throws IOException {
        return Ledger.open(file, directory);
    }

    private static KnownSubmission begin(Ledger ledger, KnownFile... files) throws IOException {
        return ((Ledger.Begun.New) ledger.begin(List.of(files), OPTIONS, Optional.empty())).submission();
    }

    @Test
    void whatWasBegunIsTheSameSubmissionAfterACrash() throws Exception {
        KnownSubmission begun;
        try (Ledger ledger = open()) {
            begun = begin(ledger, known(STRANGE, "one"), known("P1.dat", "two"));
            assertThat(begun.begunBefore()).isFalse();
        }
        try (Ledger ledger = open()) {
            assertThat(ledger.pending()).singleElement().satisfies(pending -> {
                assertThat(pending.submission())
                        .isEqualTo(new KnownSubmission(begun.id(), begun.files(), OPTIONS, true));
                assertThat(pending.job()).isEmpty();
            });
            assertThat(ledger.isSent(STRANGE, mark(STRANGE, "one"))).isTrue();
            assertThat(ledger.isSent(STRANGE, mark(STRANGE, "other"))).isFalse();
        }
    }

    @Test
    void aJobIsWaitedForUntilItHasEnded() throws Exception {
        JobId job = JobId.random();
        KnownSubmission begun;
        try (Ledger ledger = open()) {
            begun = begin(ledger, known("P1.7", "one"));
            ledger.queued(begun.id(), job, directory.resolve("P1"));
        }
        try (Ledger ledger = open()) {
            assertThat(ledger.pending()).singleElement().satisfies(pending -> {
                assertThat(pending.job()).contains(job);
                assertThat(pending.folder()).isEqualTo("P1");
            });
            ledger.ended(begun.id());
            assertThat(ledger.pending()).isEmpty();
        }
        try (Ledger ledger = open()) {
            assertThat(ledger.pending()).isEmpty();
            assertThat(ledger.begin(List.of(known("P2.7", "one")), OPTIONS, Optional.empty()))
                    .isEqualTo(new Ledger.Begun.Known(begun.id()));
            assertThat(ledger.isSent("P2.7", mark("P2.7", "one"))).isTrue();
        }
    }

    @Test
    void theSameContentWaitsForASubmissionThatMayComeToNothing() throws Exception {
        try (Ledger ledger = open()) {
            KnownSubmission begun = begin(ledger, known("P1.7", "one"));
            assertThat(ledger.begin(List.of(known("P2.7", "one")), OPTIONS, Optional.empty()))
                    .isEqualTo(new Ledger.Begun.Unsure(begun.id()));
            ledger.dropped(begun.id());
            assertThat(ledger.isUnsettled(begun.id())).isFalse();
            assertThat(ledger.isSent("P1.7", mark("P1.7", "one"))).isFalse();
            assertThat(begin(ledger, known("P2.7", "one")).id()).isNotEqualTo(begun.id());
        }
    }

    @Test
    void aKnownContentGoesAlongWithANewOne() throws Exception {
        try (Ledger ledger = open()) {
            begin(ledger, known("P1.7", "one"), known("P1.dat", "same"));
            assertThat(begin(ledger, known("P2.7", "two"), known("P2.dat", "same"))
                            .files())
                    .hasSize(2);
        }
    }

    @Test
    void whatWasRefusedIsKnownUntilItChanges() throws Exception {
        try (Ledger ledger = open()) {
            ledger.refused(Map.of("P1.7", mark("P1.7", "one")));
        }
        try (Ledger ledger = open()) {
            assertThat(ledger.isRefused("P1.7", mark("P1.7", "one"))).isTrue();
            assertThat(ledger.isRefused("P1.7", mark("P1.7", "two"))).isFalse();
            begin(ledger, known("P1.7", "one"));
            assertThat(ledger.isRefused("P1.7", mark("P1.7", "one"))).isFalse();
        }
    }

    @Test
    void whatWasRefusedAndCannotBeMarkedIsKnownToo() throws Exception {
        try (Ledger ledger = open()) {
            ledger.refused(Map.of("P1.7", mark("P1.7", "one")));
            assertThat(ledger.isRefusedForGood("P1.7", mark("P1.7", "one"))).isFalse();
            ledger.refusedForGood(Map.of("P1.7", mark("P1.7", "one")));
        }
        try (Ledger ledger = open()) {
            assertThat(ledger.isRefused("P1.7", mark("P1.7", "one"))).isTrue();
            assertThat(ledger.isRefusedForGood("P1.7", mark("P1.7", "one"))).isTrue();
            assertThat(ledger.isRefusedForGood("P1.7", mark("P1.7", "two"))).isFalse();
            ledger.refused(Map.of("P1.7", mark("P1.7", "one")));
            assertThat(ledger.isRefusedForGood("P1.7", mark("P1.7", "one"))).isFalse();
        }
    }

    @Test
    void optionsAreUsedUpByTheirJobUntilTheyAreWrittenAnew() throws Exception {
        KnownFile json = known("P1.json", "{}");
        KnownSubmission begun;
        try (Ledger ledger = open()) {
            assertThat(ledger.isUsedUp(json)).isFalse();
            begun = ((Ledger.Begun.New) ledger.begin(List.of(known("P1.7", "one")), OPTIONS, Optional.of(json)))
                    .submission();
            assertThat(ledger.isUsedUp(json)).isTrue();
        }
        try (Ledger ledger = open()) {
            assertThat(ledger.pending())
                    .singleElement()
                    .satisfies(
                            pending -> assertThat(pending.submission().files()).containsExactly(known("P1.7", "one")));
            assertThat(ledger.isUsedUp(json)).isTrue();
            assertThat(ledger.optionsFile(begun.id())).contains(json);
            assertThat(ledger.optionsFile(SubmissionId.random())).isEmpty();
            FileMark mark = json.mark();
            assertThat(ledger.isUsedUp(new KnownFile(
                            json.path(), new FileMark(mark.size(), mark.modified(), "moved"), json.sha256())))
                    .isTrue();
            assertThat(ledger.isUsedUp(new KnownFile(
                            json.path(),
                            new FileMark(mark.size(), mark.modified() + 1, mark.identity()),
                            json.sha256())))
                    .isFalse();
            assertThat(ledger.isUsedUp(new KnownFile(json.path(), mark, digest("[]"))))
                    .isFalse();
            assertThat(ledger.isUsedUp(known("P2.json", "{}"))).isFalse();
        }
    }

    @Test
    void optionsOfASubmissionThatCameToNothingCanBeUsed() throws Exception {
        KnownFile json = known("P1.json", "{}");
        try (Ledger ledger = open()) {
            ledger.begin(List.of(known("P1.7", "one")), OPTIONS, Optional.of(json));
            ledger.dropped(ledger.pending().get(0).submission().id());
            assertThat(ledger.isUsedUp(json)).isFalse();
            begin(ledger, known("P1.7", "two"));
        }
        try (Ledger ledger = open()) {
            assertThat(ledger.isUsedUp(json)).isFalse();
            assertThat(ledger.pending()).hasSize(1);
        }
    }

    @Test
    void aLongHistoryIsMadeShortAndStillKnown() throws Exception {
        Files.createFile(directory.resolve("P1.7"));
        try (Ledger ledger = open()) {
            for (int i = 0; i < 600; i++) {
                KnownSubmission begun = begin(ledger, known("P1.7", "content " + i));
                ledger.queued(begun.id(), JobId.random(), directory.resolve("P1"));
                ledger.ended(begun.id());
            }
            ledger.begin(List.of(known("P2.7", "pending")), OPTIONS, Optional.of(known("P2.json", "{}")));
        }
        long before = Files.size(file);
        try (Ledger ledger = open()) {
            assertThat(Files.size(file)).isLessThan(before / 2);
            assertThat(ledger.isSent("P1.7", mark("P1.7", "content 599"))).isTrue();
            assertThat(ledger.begin(List.of(known("P1.7", "content 7")), OPTIONS, Optional.empty()))
                    .isInstanceOf(Ledger.Begun.Known.class);
            assertThat(ledger.isUsedUp(known("P2.json", "{}"))).isTrue();
            begin(ledger, known("P3.7", "after"));
        }
        try (Ledger ledger = open()) {
            assertThat(ledger.pending()).hasSize(2);
            assertThat(ledger.isUsedUp(known("P2.json", "{}"))).isTrue();
        }
        Files.delete(directory.resolve("P1.7"));
    }

    @Test
    void damageThatIsNotAtTheEndIsReported() throws Exception {
        try (Ledger ledger = open()) {
            begin(ledger, known("P1.7", "one"));
            begin(ledger, known("P2.7", "two"));
        }
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(1, lines.get(1).replace("P1.7", "P9.7"));
        Files.writeString(file, String.join("\n", lines) + "\n");
        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("damaged in line 2");
    }

    @Property(tries = 150)
    void whateverACrashLeavesOfTheLastRecordTheOthersAreThere(
            @ForAll @IntRange(min = 1, max = 8) int count,
            @ForAll @IntRange(max = 10_000) int cut,
            @ForAll @Size(max = 40) byte[] garbage)
            throws IOException {
        Files.deleteIfExists(file);
        List<KnownSubmission> begun = new ArrayList<>();
        long whole = 0;
        try (Ledger ledger = open()) {
            for (int i = 0; i < count; i++) {
                whole = Files.size(file);
                begun.add(begin(ledger, known("P" + i + ".7", "content " + i)));
            }
        }
        byte[] bytes = Files.readAllBytes(file);
        int end = (int) whole + cut % (bytes.length - (int) whole);
        byte[] torn = Arrays.copyOf(bytes, end + garbage.length);
        System.arraycopy(garbage, 0, torn, end, garbage.length);
        Files.write(file, torn);
        try (Ledger ledger = open()) {
            assertThat(ledger.pending())
                    .extracting(pending -> pending.submission().id())
                    .containsExactlyElementsOf(begun.stream()
                            .limit(count - 1L)
                            .map(KnownSubmission::id)
                            .toList());
            assertThat(Files.size(file)).isEqualTo(whole);
            begin(ledger, known("after.7", "after"));
        }
        try (Ledger ledger = open()) {
            assertThat(ledger.pending()).hasSize(count);
        }
    }
}
