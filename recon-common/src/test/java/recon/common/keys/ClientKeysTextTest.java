package recon.common.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import recon.common.crypto.KeyOwner;
import recon.common.crypto.SharedKey;
import recon.common.options.Problems;

class ClientKeysTextTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String OTHER = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";

    private final Problems problems = new Problems();

    private ClientKeysText parse(String text) {
        return ClientKeysText.parse("client_keys", text, List.of(), Optional.empty(), problems);
    }

    private List<String> problemsOf(String text) {
        parse(text);
        return problems.list();
    }

    @Test
    void readsNamesKeysAndOperators() {
        List<ClientKey> keys = parse(
                        "# scanners\n\n scanner1=" + KEY + "\r\nControl-Room_2.b = " + OTHER + "\toperator\n")
                .keys();
        assertThat(problems.list()).isEmpty();
        assertThat(keys)
                .extracting(ClientKey::owner)
                .containsExactly(new KeyOwner("scanner1", false), new KeyOwner("Control-Room_2.b", true));
        assertThat(keys).extracting(key -> key.key().text()).containsExactly(KEY, OTHER);
        assertThat(keys.toString()).doesNotContain(KEY, OTHER);
    }

    @Test
    void aTextWithoutKeysIsNoProblem() {
        assertThat(parse("").keys()).isEmpty();
        assertThat(parse("\n# nobody\n").keys()).isEmpty();
        assertThat(problems.list()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "Server", "SHARED", "admin"})
    void namesThatMeanOthersAreReserved(String name) {
        assertThat(problemsOf(name + " = " + KEY))
                .containsExactly(
                        "client_keys:1: the names \"shared\", \"server\" and \"admin\" are reserved; choose another");
    }

    @ParameterizedTest
    @ValueSource(strings = {"scanner 1", "a@b", "../x", "scänner", "a/b", "\u202ea"})
    void aNameHoldsNothingThatCouldMisleadInALog(String name) {
        assertThat(problemsOf(name + " = " + KEY)).singleElement().asString().contains("holds only the letters");
    }

    @Test
    void aNameHasAtMost64Characters() {
        assertThat(problemsOf("a".repeat(64) + " = " + KEY)).isEmpty();
        assertThat(problemsOf("a".repeat(65) + " = " + KEY))
                .containsExactly("client_keys:1: a client's name has 1 to 64 characters; this one has 65");
        assertThat(ClientKey.problemOfName("")).isPresent();
    }

    @Test
    void everyLineThatIsWrongIsNamed() {
        assertThat(problemsOf(
                        "scanner1\n" + KEY + "\na = short\nb = " + KEY + " admin\nc = " + OTHER + " # old\nd =\n"))
                .hasSize(6)
                .allMatch(problem -> problem.matches("client_keys:[1-6]: .*"))
                .noneMatch(
                        problem -> problem.contains("AAEC") || problem.contains("cw_0") || problem.contains("short"));
    }

    @Test
    void namesAreOnesOwnWhateverTheirCase() {
        assertThat(problemsOf("scanner1 = " + KEY + "\n\nSCANNER1 = " + OTHER))
                .containsExactly("client_keys:3: the name is used twice: line 1 has it already");
    }

    @Test
    void keysAreOnesOwn() {
        SharedKey shared = SharedKey.parse(OTHER);
        SharedKey administrators = SharedKey.generate(new SecureRandom());
        String text = "a = " + KEY + "\nb = " + KEY + "\nc = " + OTHER + "\nd = " + administrators.text() + " operator";
        ClientKeysText.parse("f", text, List.of(shared), Optional.of(administrators), problems);
        assertThat(problems.list())
                .containsExactly(
                        "f:2: the key is used twice: line 1 has it already",
                        "f:3: the key is used twice: it is the shared key or a previous one",
                        "f:4: the key is used twice: it is the administrator's; make another one for one of the two");
    }

    /** The last character of a key's text has two bits that mean nothing. */
    @Test
    void aKeyIsTheSameHoweverItIsSpelled() {
        String spelled = KEY.substring(0, 42) + "9=";
        assertThat(SharedKey.parse(spelled).text()).isEqualTo(KEY);
        assertThat(problemsOf("a = " + KEY + "\nb = " + spelled)).hasSize(1);
    }

    @Test
    void changesLeaveEverythingElseAsItIs() {
        String text = "# first\r\nscanner1 = " + KEY + "\n\n  # second\nConsole = " + OTHER + " operator";
        ClientKeysText keys = parse(text);
        assertThat(keys.without("SCANNER1")).isEqualTo(text.replace("scanner1 = " + KEY + "\n", ""));
        assertThat(keys.without("console")).isEqualTo(text.replace("Console = " + OTHER + " operator", ""));
        SharedKey key = SharedKey.generate(new SecureRandom());
        assertThat(keys.with(new ClientKey(new KeyOwner("new", true), key)))
                .isEqualTo(text + "\nnew = " + key.text() + " operator\n");
    }

    @Provide
    Arbitrary<Set<String>> names() {
        return Arbitraries.strings()
                .withChars("abcXYZ019._-")
                .ofMinLength(1)
                .ofMaxLength(64)
                .set()
                .ofMaxSize(8);
    }

    @Property(tries = 200)
    void whatIsWrittenIsRead(@ForAll("names") Set<String> names, @ForAll("names") Set<String> removed) {
        SecureRandom random = new SecureRandom();
        List<ClientKey> written = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        String text = "# the keys of clients";
        for (String name : names) {
            if (taken.add(name.toLowerCase(Locale.ROOT))) {
                ClientKey key = new ClientKey(new KeyOwner(name, name.length() % 2 == 0), SharedKey.generate(random));
                written.add(key);
                text = parse(text).with(key);
            }
        }
        assertSame(parse(text).keys(), written);
        for (String name : removed) {
            text = parse(text).without(name);
            written.removeIf(key -> key.isNamed(name));
        }
        assertSame(parse(text).keys(), written);
        assertThat(text).startsWith("# the keys of clients");
        assertThat(problems.list()).isEmpty();
    }

    private static void assertSame(List<ClientKey> read, List<ClientKey> written) {
        assertThat(read).usingElementComparator((a, b) -> a.isSameAs(b) ? 0 : 1).containsExactlyElementsOf(written);
    }

    /** Pieces of a file with keys among them, put together anyhow. */
    @Provide
    Arbitrary<List<String>> pieces() {
        Arbitrary<String> keys = Arbitraries.of(
                KEY, OTHER, KEY.substring(1), KEY + OTHER, KEY.substring(0, 43), KEY.replace('_', '/'), "?" + OTHER);
        Arbitrary<String> rest = Arbitraries.of(
                " ", "=", " = ", "\n", "\r\n", "\r", "\t", "#", "operator", "a", "shared", "scanner1", "\u0000", "ä");
        return Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(1, keys), net.jqwik.api.Tuple.of(2, rest))
                .list()
                .ofMaxSize(25);
    }

    @Property(tries = 2000)
    void noProblemShowsAnyPartOfAKey(@ForAll("pieces") List<String> pieces) {
        Problems found = new Problems();
        ClientKeysText.parse(
                "client_keys", String.join("", pieces), List.of(SharedKey.parse(OTHER)), Optional.empty(), found);
        String words = String.join("\n", found.list());
        for (String key : List.of(KEY, OTHER)) {
            for (int at = 0; at + 8 <= key.length(); at++) {
                assertThat(words).doesNotContain(key.substring(at, at + 8));
            }
        }
    }
}
