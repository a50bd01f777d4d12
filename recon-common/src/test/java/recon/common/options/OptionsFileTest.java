package recon.common.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.common.crypto.SharedKey;

class OptionsFileTest {
    @TempDir
    Path directory;

    private final Problems problems = new Problems();

    private OptionsFile parse(String text) {
        return OptionsFile.parse("recon.opts", text, problems);
    }

    private String value(OptionsFile file, String item) {
        return file.entries().get(item).value();
    }

    @Test
    void keepsValueAndLineOfEachItem() {
        OptionsFile file = parse("# comment\n\n  server_Port=60000  \n\tLOG_LEVEL\t=  info\t\n");
        assertThat(problems.list()).isEmpty();
        assertThat(file.entries())
                .containsOnlyKeys("SERVER_PORT", "LOG_LEVEL")
                .containsEntry("SERVER_PORT", new OptionsFile.Entry("60000", 3))
                .containsEntry("LOG_LEVEL", new OptionsFile.Entry("info", 4));
    }

    @Test
    void takesAByteOrderMarkAndLineEndsOfOtherSystems() {
        OptionsFile file = parse("\uFEFFA = 1\r\nB = 2\r\n\r\nC = 3");
        assertThat(problems.list()).isEmpty();
        assertThat(file.entries().values())
                .containsExactly(
                        new OptionsFile.Entry("1", 1), new OptionsFile.Entry("2", 2), new OptionsFile.Entry("3", 4));
    }

    @Test
    void removesOnePairOfMatchingQuotes() {
        OptionsFile file = parse("A = \"*.7\"\nB = ' x '\nC = \"x'\nD = \"\nE = \"\"\nF = \"'x'\"\nG = \"a\" \"b\"\n");
        assertThat(problems.list()).isEmpty();
        assertThat(file.entries().values().stream().map(OptionsFile.Entry::value))
                .containsExactly("*.7", " x ", "\"x'", "\"", "", "'x'", "\"a\" \"b\"");
    }

    @Test
    void aValueMayHoldEqualsAndHash() {
        OptionsFile file = parse("SHARED_KEY = abc=\nA = x # y = z\nB =\n");
        assertThat(value(file, "SHARED_KEY")).isEqualTo("abc=");
        assertThat(value(file, "A")).isEqualTo("x # y = z");
        assertThat(value(file, "B")).isEmpty();
    }

    @Test
    void namesEveryLineThatIsNoSetting() {
        parse("SERVER_PORT 60000\nA = 1\n= 5\nB C = 2\n[section]\n9A = 1\n");
        assertThat(problems.list())
                .containsExactly(
                        "recon.opts:1: expected ITEM = VALUE",
                        "recon.opts:3: expected ITEM = VALUE",
                        "recon.opts:4: expected ITEM = VALUE",
                        "recon.opts:5: expected ITEM = VALUE",
                        "recon.opts:6: expected ITEM = VALUE");
    }

    @Test
    void anItemThatIsSetAgainIsAProblemAndTheFirstHolds() {
        OptionsFile file = parse("A = 1\nB = 2\na = 3\n");
        assertThat(problems.list()).containsExactly("recon.opts:3: A is set again; line 1 sets it already");
        assertThat(value(file, "A")).isEqualTo("1");
    }

    @Test
    void aKeyOnALineOfItsOwnIsNotRepeated() {
        parse("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n");
        assertThat(problems.list())
                .containsExactly("recon.opts:1: expected ITEM = VALUE", "recon.opts:2: expected ITEM = VALUE");
    }

    @Test
    void keepsABoundedNumberOfProblems() {
        parse("x\n".repeat(100_000));
        assertThat(problems.list()).hasSize(Problems.MAX_KEPT + 1).endsWith("and 99900 more problems");
    }

    @Property(tries = 500)
    void anyTextGivesEntriesOrProblems(@ForAll String text) {
        Problems found = new Problems();
        OptionsFile file = OptionsFile.parse("fuzz", text, found);
        long settings = text.lines()
                .filter(line -> !line.isBlank() && !line.strip().startsWith("#"))
                .count();
        assertThat(file.entries().size() + found.list().size()).isLessThanOrEqualTo((int) settings + 1);
        assertThatCode(() -> new Resolver(Items.all(), file, found).resolve(Map.of(), Map.of()))
                .doesNotThrowAnyException();
    }

    @Test
    void readsAFileWhoseDirectoryIsTheBaseOfRelativePaths() throws Exception {
        Path path = Files.writeString(directory.resolve("recon.opts"), "SERVER_PORT = 1\n");
        OptionsFile file = OptionsFile.read(path, problems);
        assertThat(problems.list()).isEmpty();
        assertThat(file.source()).isEqualTo(path.toString());
        assertThat(file.directory()).isEqualTo(directory.toAbsolutePath());
        assertThat(value(file, "SERVER_PORT")).isEqualTo("1");
    }

    @Test
    void refusesAFileThatIsTooLargeOrNotUtf8OrNotThere() throws Exception {
        Path large = Files.writeString(directory.resolve("large"), "#".repeat(OptionsFile.MAX_BYTES) + "\n");
        Path latin1 = Files.write(directory.resolve("latin1"), "A = \u00e9".getBytes(StandardCharsets.ISO_8859_1));
        Path absent = directory.resolve("absent");
        for (Path file : List.of(large, latin1, absent, directory)) {
            assertThat(OptionsFile.read(file, problems).entries()).isEmpty();
        }
        assertThat(problems.list())
                .containsExactly(
                        large + ": is larger than 1048576 bytes; this is no options file",
                        latin1 + ": is not valid UTF-8; save it as UTF-8",
                        absent + ": cannot be read: no such file or directory",
                        directory + ": cannot be read: Is a directory");
    }

    @Test
    void namesTheReasonInWords() {
        assertThat(OptionsFile.reason(new AccessDeniedException("recon.opts"))).isEqualTo("permission denied");
        assertThat(OptionsFile.reason(new FileSystemLoopException("recon.opts")))
                .isEqualTo("FileSystemLoop");
        assertThat(OptionsFile.reason(new IOException("Stale file handle"))).isEqualTo("Stale file handle");
    }

    @Test
    void readsAFileOfTheLargestSize() throws Exception {
        Path file = Files.writeString(directory.resolve("a"), "A=1\n" + "#".repeat(OptionsFile.MAX_BYTES - 4));
        assertThat(OptionsFile.read(file, problems).entries()).containsOnlyKeys("A");
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void writesTheDefaultForItsOwnerOnly() throws Exception {
        Path file = directory.resolve("recon.opts");
        OptionsFile.writeDefault(file, Optional.empty());
        assertThat(file).hasContent(OptionsFile.defaultText(Optional.empty()));
        assertThat(filesIn(directory)).containsExactly(file);
        assumeThat(Files.getFileStore(directory).supportsFileAttributeView("posix"))
                .as("skipped: needs a file system with POSIX modes")
                .isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void writesAKeyInsteadOfThePlaceholder() throws Exception {
        Path file = directory.resolve("recon.opts");
        try (SharedKey key = SharedKey.generate(new SecureRandom())) {
            OptionsFile.writeDefault(file, Optional.of(key));
            assertThat(value(OptionsFile.read(file, problems), "SHARED_KEY")).isEqualTo(key.text());
        }
        assertThat(Files.readString(file)).doesNotContain(Items.KEY_PLACEHOLDER);
    }

    @Test
    void neverOverwritesAndLeavesNothingBehind() throws Exception {
        Path file = Files.writeString(directory.resolve("recon.opts"), "mine");
        assertThatThrownBy(() -> OptionsFile.writeDefault(file, Optional.empty()))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(file).hasContent("mine");
        assertThat(filesIn(directory)).containsExactly(file);
        Path nowhere = directory.resolve("no/recon.opts");
        assertThatThrownBy(() -> OptionsFile.writeDefault(nowhere, Optional.empty()))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("no such directory");
    }

    private static List<Path> filesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
