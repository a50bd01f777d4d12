package recon.common.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import recon.common.crypto.SharedKey;
import recon.common.job.Priority;
import recon.common.options.Item.User;

class OptionsTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String OTHER_KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";

    @TempDir
    Path directory;

    private static Options resolve(String text) {
        return resolve(text, Map.of(), Map.of());
    }

    private static Options resolve(String text, Map<String, String> commandLine, Map<String, String> environment) {
        Problems problems = new Problems();
        OptionsFile file = OptionsFile.parse("recon.opts", Path.of("/etc/recon"), text, problems);
        return Options.resolve(commandLine, environment, file, problems);
    }

    private static List<String> problems(String text) {
        return resolve(text).problems().list();
    }

    @Test
    void theCommandLineCountsMostThenTheEnvironmentThenTheFileThenTheDefault() {
        String text = "SERVER_PORT = 2\nMAX_CONCURRENT_JOBS = 2\nMAX_CONNECTIONS = 2\n";
        Options options = resolve(
                text,
                Map.of("server_port", "4"),
                Map.of("RECON_SERVER_PORT", "3", "RECON_MAX_CONCURRENT_JOBS", "3", "MAX_CONNECTIONS", "3"));
        assertThat(options.problems().list()).isEmpty();
        assertThat(options.integer(Items.SERVER_PORT)).isEqualTo(4);
        assertThat(options.where(Items.SERVER_PORT)).isEqualTo("command line");
        assertThat(options.integer(Items.MAX_CONCURRENT_JOBS)).isEqualTo(3);
        assertThat(options.where(Items.MAX_CONCURRENT_JOBS)).isEqualTo("environment RECON_MAX_CONCURRENT_JOBS");
        assertThat(options.integer(Items.MAX_CONNECTIONS)).isEqualTo(2);
        assertThat(options.where(Items.MAX_CONNECTIONS)).isEqualTo("recon.opts:3");
        assertThat(options.integer(Items.MAX_QUEUED_JOBS)).isEqualTo(10_000);
        assertThat(options.where(Items.MAX_QUEUED_JOBS)).isEqualTo("recon.opts");
    }

    @Test
    void variablesOfTheEnvironmentThatAreNoItemArePassedOver() {
        Options options = resolve("", Map.of(), Map.of("RECON_JOB_ID", "x", "RECON_SCRIPT_PATH", "y", "PATH", "/bin"));
        assertThat(options.problems().list()).isEmpty();
        assertThat(options.text(Items.RECON_SCRIPT_PATH)).isEqualTo("default_recon_script.sh");
        options = resolve("", Map.of(), Map.of("RECON_RECON_SCRIPT_PATH", "y.sh"));
        assertThat(options.text(Items.RECON_SCRIPT_PATH)).isEqualTo("y.sh");
    }

    @Test
    void reportsEveryProblemAtOnceInTheOrderOfTheLines() {
        Options options = resolve(
                """
                SERVER_PORT = 70000
                MAX_JOBS = 4
                SERVER_HOST = x
                nonsense
                LOG_FORMAT = xml
                IDLE_TIMEOUT_SECONDS =
                SERVER_PORT = 1
                MATLAB_COMMAND = "matlab -batch
                """, Map.of("LOG_LEVELS", "debug", "SERVER_PORT", "many"), Map.of("RECON_MAX_CONNECTIONS", "0"));
        assertThat(options.problems().list())
                .containsExactly(
                        "environment RECON_MAX_CONNECTIONS: MAX_CONNECTIONS = 0 is not a whole number in 1..65535",
                        "command line: SERVER_PORT = many is not a whole number in 0..65535",
                        "command line: unknown item LOG_LEVELS; did you mean LOG_LEVEL?",
                        "recon.opts:1: SERVER_PORT = 70000 is not a whole number in 0..65535",
                        "recon.opts:2: unknown item MAX_JOBS; IGNORE_UNKNOWN_ITEMS can name items of a newer version",
                        "recon.opts:3: unknown item SERVER_HOST; did you mean SERVER_HOSTNAME?",
                        "recon.opts:4: expected ITEM = VALUE",
                        "recon.opts:5: LOG_FORMAT = xml is not one of text, json",
                        "recon.opts:6: IDLE_TIMEOUT_SECONDS is blank; give a whole number in 1..86400, or remove the line"
                                + " for the default, 60",
                        "recon.opts:7: SERVER_PORT is set again; line 1 sets it already",
                        "recon.opts:8: MATLAB_COMMAND = \"matlab -batch has a quote \" without its end");
        assertThatThrownBy(() -> options.problems().throwIfAny())
                .isInstanceOfSatisfying(
                        OptionsException.class,
                        e -> assertThat(e.problems())
                                .hasSize(11)
                                .isEqualTo(options.problems().list()))
                .hasMessageContaining("recon.opts:8");
    }

    @Test
    void aWrongValueLeavesTheDefaultSoThatTheRestCanBeChecked() {
        Options options = resolve("SERVER_PORT = no\n");
        assertThat(options.integer(Items.SERVER_PORT)).isEqualTo(60_000);
    }

    @Test
    void aCommentBehindAValueIsExplained() {
        assertThat(problems("SERVER_PORT = 60000 # default\n"))
                .singleElement()
                .asString()
                .endsWith("; a comment needs a line of its own");
    }

    @Test
    void unknownItemsCanBeIgnoredByName() {
        assertThat(problems("NEW_ITEM = 1\nOTHER = 2\nignore_unknown_items = new_item, OTHER\n"))
                .isEmpty();
        assertThat(problems("QUITE_ANOTHER_THING = 1\n"))
                .containsExactly("recon.opts:1: unknown item QUITE_ANOTHER_THING;"
                        + " IGNORE_UNKNOWN_ITEMS can name items of a newer version");
    }

    @Test
    void legacyItemsAreAcceptedWhateverTheySay() {
        String text = """
                SCANNER_USERNAME = sdc
                SCANNER_PASSWORD = p
                SSH_PORT = x
                SOURCE_DATA_PATH =
                SCANNER_DICOM_SOURCE_DIR = /tmp/scanner_dicoms/
                """;
        assertThat(problems(text)).isEmpty();
    }

    @Test
    void controlCharactersAreRefused() {
        assertThat(problems("SERVER_HOSTNAME = a\0b\n"))
                .containsExactly("recon.opts:1: SERVER_HOSTNAME holds a control character");
    }

    @Test
    void whatMayBeAKeyIsNeverShown() {
        assertThat(problems("SERVER_PORT = " + KEY + "\nLOG_LEVEL = " + "x!".repeat(100) + "\n"))
                .containsExactly(
                        "recon.opts:1: SERVER_PORT = (not shown, it may be a key) is not a whole number in 0..65535",
                        "recon.opts:2: LOG_LEVEL = " + "x!".repeat(40)
                                + "... is not one of error, warn, info, debug, trace");
        Options options = resolve("", Map.of(KEY, "1"), Map.of());
        assertThat(options.problems().list()).singleElement().asString().startsWith("command line: unknown item;");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65535", "+7"})
    void takesNumbersToTheEndsOfTheirRange(String port) {
        assertThat(problems("SERVER_PORT = " + port)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "65536", "4294967296", "1.0", "0x10", "1e3", "60 000"})
    void refusesOtherNumbers(String port) {
        assertThat(problems("SERVER_PORT = " + port))
                .containsExactly("recon.opts:1: SERVER_PORT = " + port + " is not a whole number in 0..65535");
    }

    @Test
    void numbersMayBeBeyondAnInt() {
        Options options = resolve("MAX_JOB_BYTES = 5000000000\nMIN_FREE_DISK_MB = 1000000001\n");
        assertThat(options.wholeNumber(Items.MAX_JOB_BYTES)).isEqualTo(5_000_000_000L);
        assertThat(options.countLimit(Items.MAX_JOB_BYTES)).hasValue(5_000_000_000L);
        assertThatThrownBy(() -> options.integer(Items.MAX_JOB_BYTES)).isInstanceOf(ArithmeticException.class);
        assertThat(options.problems().list())
                .containsExactly("recon.opts:2: MIN_FREE_DISK_MB = 1000000001 is not a whole number in 0..1000000000");
    }

    @Test
    void zeroOfACountCanMeanNoLimit() {
        assertThat(resolve("MAX_JOB_BYTES = 0\n").countLimit(Items.MAX_JOB_BYTES))
                .isEmpty();
        assertThat(resolve("MAX_JOB_BYTES = 1\n").countLimit(Items.MAX_JOB_BYTES))
                .hasValue(1);
    }

    @Test
    void flagsAreTrueOrFalseInAnyCase() {
        assertThat(resolve("RERUN_INTERRUPTED = False\n").flag(Items.RERUN_INTERRUPTED))
                .isFalse();
        assertThat(resolve("RERUN_INTERRUPTED = TRUE\n").flag(Items.RERUN_INTERRUPTED))
                .isTrue();
        assertThat(resolve("").flag(Items.RERUN_INTERRUPTED)).isTrue();
        assertThat(problems("RERUN_INTERRUPTED = yes"))
                .containsExactly("recon.opts:1: RERUN_INTERRUPTED = yes is not true or false");
        assertThat(problems("RERUN_INTERRUPTED ="))
                .singleElement()
                .asString()
                .startsWith("recon.opts:1: RERUN_INTERRUPTED")
                .contains("true or false");
    }

    @Test
    void hoursAreHours() {
        assertThat(resolve("RESULT_RETENTION_HOURS = 87600\n").hours(Items.RESULT_RETENTION_HOURS))
                .isEqualTo(Duration.ofDays(3650));
    }

    @Test
    void zeroSecondsCanMeanNoLimit() {
        Options options = resolve("SCRIPT_TIMEOUT_SECONDS = 0\n");
        assertThat(options.limit(Items.SCRIPT_TIMEOUT_SECONDS)).isEmpty();
        assertThat(options.limit(Items.MESSAGE_MAX_AGE_SECONDS)).contains(Duration.ofMinutes(5));
        assertThat(options.seconds(Items.IDLE_TIMEOUT_SECONDS)).isEqualTo(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @CsvSource({
        "/abs/x, /abs/x",
        "rel/x, /etc/recon/rel/x",
        "../x, /etc/x",
        "~, {home}",
        "~/x/./y, {home}/x/y",
        "~other/x, /etc/recon/~other/x"
    })
    void pathsInTheFileAreBelowItsDirectory(String written, String expected) {
        Options options = resolve("CLIENT_DOWNLOAD_DIR = " + written);
        assertThat(options.path(Items.CLIENT_DOWNLOAD_DIR))
                .isEqualTo(Path.of(expected.replace("{home}", System.getProperty("user.home"))));
    }

    @Test
    void pathsOfCommandLineAndEnvironmentAreBelowTheWorkingDirectory() {
        Options options = resolve("", Map.of("CLIENT_DOWNLOAD_DIR", "a"), Map.of("RECON_LOG_FILEPATH", "b"));
        assertThat(options.path(Items.CLIENT_DOWNLOAD_DIR))
                .isEqualTo(Path.of("a").toAbsolutePath());
        assertThat(options.optionalPath(Items.LOG_FILEPATH))
                .contains(Path.of("b").toAbsolutePath());
        assertThat(options.directory()).isEqualTo(Path.of("/etc/recon"));
    }

    @Test
    void aBlankPathIsNoneWhereThatMeansSomething() {
        Options options = resolve("LOG_FILEPATH =\n");
        assertThat(options.optionalPath(Items.LOG_FILEPATH)).isEmpty();
        assertThatThrownBy(() -> options.path(Items.LOG_FILEPATH)).hasMessage("LOG_FILEPATH is blank");
        assertThat(problems("CLIENT_DOWNLOAD_DIR =\n"))
                .containsExactly("recon.opts:1: CLIENT_DOWNLOAD_DIR is blank; give a path, or remove the line for the"
                        + " default, client_downloads");
    }

    @Test
    void commandsAreSplitAtBlanksOutsideQuotes() {
        Options options = resolve("""
                PYTHON_COMMAND = '/opt/my python/bin/python3'  -u ''
                MATLAB_COMMAND = octave-cli --eval
                """);
        assertThat(options.command(Items.PYTHON_COMMAND)).containsExactly("/opt/my python/bin/python3", "-u", "");
        assertThat(options.command(Items.MATLAB_COMMAND)).containsExactly("octave-cli", "--eval");
        assertThat(resolve("PYTHON_COMMAND = \"/opt/my python/python3\"\n").command(Items.PYTHON_COMMAND))
                .containsExactly("/opt/my python/python3");
        assertThat(problems("PYTHON_COMMAND = '\n"))
                .containsExactly("recon.opts:1: PYTHON_COMMAND = ' has a quote ' without its end");
    }

    @Test
    void listsLeaveBlankElementsOut() {
        assertThat(resolve("TRUSTED_IPS = a , b,,\n").list(Items.TRUSTED_IPS)).containsExactly("a", "b");
        assertThat(resolve("").list(Items.TRUSTED_IPS)).isEmpty();
    }

    @Test
    void choicesAreConstantsInAnyCase() {
        LogSettings log = LogSettings.from(resolve("LOG_LEVEL = Debug\nLOG_FORMAT = JSON\nLOG_FILEPATH = /l\n"));
        assertThat(log)
                .isEqualTo(
                        new LogSettings(Optional.of(Path.of("/l")), LogSettings.Format.JSON, LogSettings.Level.DEBUG));
    }

    @Test
    void everyWordOfAChoiceHasItsConstant() {
        for (String word : ((ItemType.Choice) Items.LOG_LEVEL.type()).words()) {
            assertThat(resolve("LOG_LEVEL = " + word).choice(Items.LOG_LEVEL, LogSettings.Level.class))
                    .hasToString(word.toUpperCase(Locale.ROOT));
        }
    }

    @Test
    void everyWordOfThePriorityHasItsConstant() {
        assertThat(((ItemType.Choice) Items.MAX_CLIENT_PRIORITY.type()).words())
                .containsExactlyElementsOf(
                        Arrays.stream(Priority.values()).map(Priority::word).toList());
    }

    @Test
    void anItemOfAnotherCatalogueIsNotKnown() {
        Item item = new Item("VERIFY", new ItemType.Text(false), "all", "all", User.BOTH, "What to verify.");
        Problems problems = new Problems();
        OptionsFile file = OptionsFile.parse("o", "VERIFY = none\nVERIFI =", problems);
        Options options = Options.resolve(List.of(item), Map.of(), Map.of(), file, problems, List.of());
        assertThat(options.text(item)).isEqualTo("none");
        assertThat(options.problems().list()).containsExactly("o:2: unknown item VERIFI; did you mean VERIFY?");
        assertThatThrownBy(() -> options.text(Items.SERVER_PORT))
                .hasMessage("SERVER_PORT is not in the catalogue of items");
    }

    @Test
    void aParsersObjectionIsAProblemAtTheItemsPlace() {
        Options options = resolve("\nTRUSTED_IPS = x\n");
        Problems problems = options.problems();
        int length = options.parsed(
                Items.TRUSTED_IPS,
                text -> {
                    if (!text.isEmpty()) {
                        throw new IllegalArgumentException("no good");
                    }
                    return text.length();
                },
                problems);
        assertThat(length).isZero();
        assertThat(problems.list()).containsExactly("recon.opts:2: TRUSTED_IPS: no good");
        assertThat(options.problems().list())
                .as("the options' own list stays as it is")
                .isEmpty();
    }

    @Test
    void theFirstKeyIsTheCurrentOneAndTheOthersFollow() {
        Options options = resolve("SHARED_KEY = " + KEY + "\nPREVIOUS_SHARED_KEYS = " + OTHER_KEY + ", " + KEY + "\n");
        Problems problems = options.problems();
        assertThat(options.keys(problems)).extracting(SharedKey::text).containsExactly(KEY, OTHER_KEY, KEY);
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void aMissingUneditedOrMalformedKeySaysWhatToRun() {
        for (String text : List.of(
                "",
                "SHARED_KEY =\n",
                "SHARED_KEY = " + Items.KEY_PLACEHOLDER,
                "SHARED_KEY = c2VjcmV0\n",
                "SHARED_KEY = " + KEY + "\nPREVIOUS_SHARED_KEYS = c2VjcmV0\n")) {
            Options options = resolve(text);
            Problems problems = options.problems();
            options.keys(problems);
            assertThat(problems.list())
                    .singleElement()
                    .asString()
                    .startsWith("recon.opts")
                    .contains("java -jar recon-client.jar keygen", "java -jar recon-server.jar --generate-key")
                    .doesNotContain("c2VjcmV0", KEY);
        }
    }

    @Test
    void aMissingFileIsCreatedAndTheOperatorToldWhatToEdit() {
        Path file = directory.resolve("recon.opts");
        Options options = Options.load(file, Map.of(), Map.of("RECON_SHARED_KEY", KEY));
        assertThat(file).exists();
        assertThat(options.notices())
                .singleElement()
                .asString()
                .startsWith(file + " did not exist and has been created")
                .contains("edit SHARED_KEY");
        Problems problems = options.problems();
        assertThat(options.keys(problems)).hasSize(1);
        assertThat(problems.list()).isEmpty();
        assertThat(Options.load(file, Map.of(), Map.of()).notices()).isEmpty();
    }

    @Test
    void aKeyIsNotMissingWhereTheFileCouldNotBeRead() throws Exception {
        Path latin1 = Files.write(directory.resolve("latin1"), new byte[] {(byte) 0xe9});
        for (Path file : List.of(directory, latin1, directory.resolve("no/recon.opts"))) {
            Options options = Options.load(file, Map.of(), Map.of());
            Problems problems = options.problems();
            assertThat(options.keys(problems)).isEmpty();
            assertThat(problems.list()).hasSize(1);
            assertThat(Options.load(file, Map.of(), Map.of("RECON_SHARED_KEY", KEY))
                            .keys(problems))
                    .hasSize(1);
        }
    }

    @Test
    void aFileThatCannotBeCreatedOrReadIsAProblem() {
        Path file = directory.resolve("no/recon.opts");
        assertThat(Options.load(file, Map.of(), Map.of()).problems().list())
                .containsExactly(file + ": does not exist and cannot be created: no such file or directory");
        assertThat(Options.load(directory, Map.of(), Map.of()).problems().list())
                .containsExactly(directory + ": cannot be read: Is a directory");
    }

    @ParameterizedTest
    @CsvSource({"rw-r-----, true", "rw----r--, true", "rw--w----, true", "rw-------, false", "r--------, false"})
    void aKeyThatOthersCanReachIsWarnedOf(String mode, boolean warned) throws Exception {
        assumeThat(Files.getFileStore(directory).supportsFileAttributeView("posix"))
                .as("skipped: needs a file system with POSIX modes")
                .isTrue();
        Path file = Files.writeString(directory.resolve("recon.opts"), "SHARED_KEY = " + KEY + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        List<String> notices = Options.load(file, Map.of(), Map.of()).notices();
        if (warned) {
            assertThat(notices)
                    .containsExactly(file + " holds a key and is open to other users (mode " + mode
                            + "); run: chmod 600 " + file);
        } else {
            assertThat(notices).isEmpty();
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.writeString(file, "SHARED_KEY = " + Items.KEY_PLACEHOLDER + "\n");
        assertThat(Options.load(file, Map.of(), Map.of()).notices())
                .as("no key")
                .isEmpty();
    }

    @Test
    void theNearestNameIsWhatWasMeant() {
        List<String> known = Items.all().stream().map(Item::name).toList();
        assertThat(NearestName.of("SEVER_PORT", known)).contains("SERVER_PORT");
        assertThat(NearestName.of("SHAREDKEY", known)).contains("SHARED_KEY");
        assertThat(NearestName.of("WATCH_DIRECTORY", known)).contains("CLIENT_WATCH_DIRECTORY");
        assertThat(NearestName.of("XYZ", known)).isEmpty();
        assertThat(NearestName.of("SHARED_KEY".repeat(5), known)).isEmpty();
        assertThat(NearestName.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(NearestName.distance("", "abc")).isEqualTo(3);
    }

    @Test
    void theCataloguesNamesAreShorterThanAKey() {
        assertThat(Items.all()).allSatisfy(item -> assertThat(item.name()).hasSizeLessThanOrEqualTo(40));
        assertThatThrownBy(() -> new Item("lower", new ItemType.Text(true), "", "", User.BOTH, ""))
                .hasMessage("not the name of an item: lower");
    }

    @Test
    void withoutAnAdministratorsKeyThereIsNoAdministration() {
        for (String text : List.of("", Items.ADMIN_KEY_PLACEHOLDER, Items.KEY_PLACEHOLDER)) {
            Problems problems = new Problems();
            OptionsFile file = OptionsFile.parse("x", "SERVER_ADMIN_SHARED_KEY = " + text, problems);
            assertThat(Options.resolve(Map.of(), Map.of(), file, problems)
                            .adminKey(Items.SERVER_ADMIN_SHARED_KEY, List.of(Items.SHARED_KEY), problems))
                    .isEmpty();
            assertThat(problems.list()).isEmpty();
        }
    }

    @Test
    void theAdministratorsKeyIsNoClientsKey() {
        String key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        for (String item : List.of("SHARED_KEY", "PREVIOUS_SHARED_KEYS")) {
            Problems problems = new Problems();
            OptionsFile file =
                    OptionsFile.parse("x", item + " = " + key + "\nSERVER_ADMIN_SHARED_KEY = " + key, problems);
            Options.resolve(Map.of(), Map.of(), file, problems)
                    .adminKey(
                            Items.SERVER_ADMIN_SHARED_KEY,
                            List.of(Items.SHARED_KEY, Items.PREVIOUS_SHARED_KEYS),
                            problems);
            assertThat(problems.list())
                    .singleElement()
                    .asString()
                    .contains("x:2", "SERVER_ADMIN_SHARED_KEY is the key of " + item)
                    .doesNotContain(key);
        }
    }
}
