package recon.common.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobTypesTest {
    private static final String UUID_TEXT = "3f0c1e9a-5b7d-4a55-9c5e-0d2f6b8a1c33";

    private static InputFile file(String name, String path) {
        return new InputFile(new FileName(name), path);
    }

    @Test
    void aJobIdIsAUuidInLowerCase() {
        assertThat(JobId.parse(UUID_TEXT)).hasToString(UUID_TEXT);
        assertThat(JobId.parse(UUID_TEXT.toUpperCase(Locale.ROOT))).isEqualTo(JobId.parse(UUID_TEXT));
        assertThat(JobId.random()).isNotEqualTo(JobId.random());
        assertThat(JobId.parse(UUID_TEXT).inputDirectoryName()).isEqualTo("job_" + UUID_TEXT + "_input");
        assertThat(JobId.parse(UUID_TEXT).outputDirectoryName()).isEqualTo("job_" + UUID_TEXT + "_output");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1-1-1-1-1", "3f0c1e9a5b7d4a559c5e0d2f6b8a1c33", "../../../../../../../../../../../../"})
    void otherTextIsNoJobId(String text) {
        assertThatThrownBy(() -> JobId.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a job id (a UUID of 36 characters): \"" + text + "\"");
    }

    @Test
    void aSubmissionIdIsAUuidToo() {
        assertThat(SubmissionId.parse(UUID_TEXT.toUpperCase(Locale.ROOT))).hasToString(UUID_TEXT);
        assertThat(SubmissionId.random()).isNotEqualTo(SubmissionId.random());
        assertThat(SubmissionId.parse(SubmissionId.random().toString()).toString())
                .hasSize(36);
        assertThatThrownBy(() -> SubmissionId.parse("1-1-1-1-1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a submission id (a UUID of 36 characters): \"1-1-1-1-1\"");
        assertThatThrownBy(() -> SubmissionId.parse("x\n"))
                .hasMessage("not a submission id (a UUID of 36 characters): \"x?\"");
    }

    @ParameterizedTest
    @CsvSource({
        "urgent, urgent, urgent",
        "urgent, normal, normal",
        "urgent, low, low",
        "normal, urgent, normal",
        "normal, normal, normal",
        "normal, low, low",
        "low, urgent, low",
        "low, normal, low",
        "low, low, low",
    })
    void aPriorityIsCapped(String asked, String cap, String given) {
        assertThat(Priority.parse(asked).atMost(Priority.parse(cap))).isEqualTo(Priority.parse(given));
    }

    @Test
    void prioritiesAreWordsInLowerCaseTheMostUrgentFirst() {
        assertThat(Arrays.stream(Priority.values()).map(Priority::word)).containsExactly("urgent", "normal", "low");
        for (Priority priority : Priority.values()) {
            assertThat(Priority.parse(priority.word())).isSameAs(priority);
        }
        for (String word : List.of("", "URGENT", " low", "asap")) {
            assertThatThrownBy(() -> Priority.parse(word))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no priority \"" + word + "\"; there are urgent, normal and low");
        }
    }

    /** FIPS 180-4; the vectors are those of NIST's example file and the digest of nothing. */
    @ParameterizedTest
    @CsvSource({
        "'', e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "abc, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq,"
                + " 248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    })
    void theDigestIsSha256(String text, String hex) {
        MessageDigest digest = Sha256.begin();
        digest.update(text.getBytes(StandardCharsets.US_ASCII));
        assertThat(Sha256.of(digest)).isEqualTo(new Sha256(hex)).hasToString(hex);
    }

    @Test
    void aDigestIs64HexadecimalDigitsInLowerCase() {
        String digits = "0123456789abcdef".repeat(4);
        assertThat(new Sha256(digits).hex()).isEqualTo(digits);
        for (String text : List.of(
                "",
                digits + "0",
                digits.substring(1),
                digits.toUpperCase(Locale.ROOT),
                "g" + digits.substring(1),
                digits + "\n")) {
            assertThatThrownBy(() -> new Sha256(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("not a SHA-256 digest (64 characters 0-9 and a-f): \"")
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
        }
    }

    @Test
    void aRequestNeedsAFile() {
        assertThatThrownBy(() -> new JobRequest(List.of(), ReconOptions.NONE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new JobRequest(List.of(file("a.7", "/x/a.7"), file("b", "b")), ReconOptions.NONE).primaryFile())
                .hasToString("a.7");
    }

    @Test
    void twoFilesOfOneNameAreRefusedWithBothPaths() {
        assertThatThrownBy(
                        () -> new JobRequest(List.of(file("a.7", "/x/a.7"), file("a.7", "/y/a.7")), ReconOptions.NONE))
                .hasMessageStartingWith("two input files are named a.7: /x/a.7 and /y/a.7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "9lives", "-o", "a b", "a=b", "\u00e9", "a\n"})
    void anOptionNameIsAnIdentifier(String name) {
        assertThatThrownBy(() -> new ReconOptions.Argument(name, "1")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void optionsAreCheckedForNulAndTwins() {
        assertThatThrownBy(() -> new ReconOptions.Argument("a", "x\0y")).hasMessageContaining("NUL");
        assertThatThrownBy(() -> new ReconOptions(
                        "{}", List.of(new ReconOptions.Argument("a", "1"), new ReconOptions.Argument("a", "2"))))
                .hasMessageContaining("given twice");
    }

    @Test
    void statesAreWordsInLowerCase() {
        assertThat(JobState.DELIVERING.word()).isEqualTo("delivering");
        for (JobState state : JobState.values()) {
            assertThat(JobState.parse(state.word())).isSameAs(state);
        }
        for (String word : List.of("", "Queued", "lost")) {
            assertThatThrownBy(() -> JobState.parse(word))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no state of a job: \"" + word + "\"; there are receiving, queued, running, delivering,"
                            + " delivered, failed, cancelled, expired");
        }
    }

    @Test
    void fourStatesAreEnds() {
        assertThat(Arrays.stream(JobState.values()).filter(JobState::isEnded))
                .containsExactly(JobState.DELIVERED, JobState.FAILED, JobState.CANCELLED, JobState.EXPIRED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/etc/x", "../x", "a/../b", "a//b", "a/", "a/./b", "a\\..\\b", "a/b\0"})
    void aResultPathCannotLeaveItsDirectory(String text) {
        assertThatThrownBy(() -> ResultPath.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aResultPathIsNamesBelowADirectory() {
        ResultPath path = ResultPath.parse("series/1/im.dcm");
        assertThat(path.fileName()).hasToString("im.dcm");
        assertThat(path).hasToString("series/1/im.dcm").isEqualByComparingTo(ResultPath.parse("series/1/im.dcm"));
        assertThat(path.resolveAgainst(Path.of("/out"))).isEqualTo(Path.of("/out/series/1/im.dcm"));
        assertThat(ResultPath.of(Path.of("/out"), Path.of("/out/series/1/im.dcm")))
                .isEqualTo(path);
        assertThatThrownBy(() -> ResultPath.of(Path.of("/out"), Path.of("/etc/x")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aResultPathHasALimitedDepth() {
        assertThat(ResultPath.parse("a/".repeat(31) + "a").names()).hasSize(32);
        assertThatThrownBy(() -> ResultPath.parse("a/".repeat(32) + "a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ResultPath(List.of())).hasMessageContaining("outside 1..32");
    }

    @Property(tries = 500)
    void noTextLeadsOutOfTheDirectory(@ForAll String text) {
        Path directory = Path.of("/srv/out");
        try {
            Path resolved = ResultPath.parse(text).resolveAgainst(directory);
            assertThat(resolved.normalize()).startsWithRaw(directory).isNotEqualTo(directory);
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageNotContaining("\0");
        }
    }

    @Test
    void namesInErrorsHoldNoControlCharacters() {
        for (String name : List.of("\n\n\n", "a\u001b[31m", "\t")) {
            assertThatThrownBy(() -> new FileName(name))
                    .satisfies(e -> assertThat(e.getMessage().chars()).noneMatch(Character::isISOControl));
        }
        assertThatThrownBy(() -> new FileName(" ".repeat(100_000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
        assertThatThrownBy(() -> JobId.parse("x\n".repeat(100_000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400).doesNotContain("\n"));
    }

    @Test
    void aClientMustNotChooseWhereAScriptWrites() {
        assertThatThrownBy(() -> new ReconOptions.Argument("output-dir", "/etc"))
                .hasMessage("reconstruction option \"output-dir\" is reserved: the server itself gives it to the"
                        + " script; use another name");
    }
}
