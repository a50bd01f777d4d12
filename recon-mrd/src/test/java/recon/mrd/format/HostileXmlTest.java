package recon.mrd.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** XML that was written to take memory or time, or to make the reader fetch something, in headers and attributes. */
@Timeout(20)
class HostileXmlTest {
    private enum Kind {
        HEADER("ismrmrdHeader"),
        ATTRIBUTES("ismrmrdMeta");

        private final String root;

        Kind(String root) {
            this.root = root;
        }

        private void parse(String xml) throws MrdException {
            switch (this) {
                case HEADER -> MrdHeader.parse(xml);
                case ATTRIBUTES -> MetaAttributes.parse(xml);
            }
        }

        private String document(String content) {
            return "<" + root + ">" + content + "</" + root + ">";
        }

        private void refuses(String xml, String why) {
            assertThatThrownBy(() -> parse(xml))
                    .isInstanceOf(MrdException.class)
                    .hasMessageContaining(why)
                    .hasMessageNotContaining("\n");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void entitiesOfEntitiesAreRefused(Kind kind) {
        String laughs = IntStream.range(1, 10)
                .mapToObj(i -> "<!ENTITY l" + i + " \"" + ("&l" + (i - 1) + ";").repeat(10) + "\">")
                .collect(Collectors.joining());
        kind.refuses(
                "<!DOCTYPE x [<!ENTITY l0 \"lol\">" + laughs + "]>" + kind.document("&l9;"), "has a document type");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void oneLongEntityNamedOftenIsRefused(Kind kind) {
        kind.refuses(
                "<!DOCTYPE x [<!ENTITY a \"" + "a".repeat(100_000) + "\">]>" + kind.document("&a;".repeat(100_000)),
                "has a document type");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void noFileIsRead(Kind kind, @TempDir Path directory) throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "a secret");
        for (String type : new String[] {
            "<!DOCTYPE x [<!ENTITY e SYSTEM \"%s\">]>",
            "<!DOCTYPE x SYSTEM \"%s\">",
            "<!DOCTYPE x [<!ENTITY %% p SYSTEM \"%s\"> %%p;]>"
        }) {
            kind.refuses(type.formatted(secret.toUri()) + kind.document("&e;"), "has a document type");
        }
        String included =
                "<i:include xmlns:i='http://www.w3.org/2001/XInclude' parse='text' href='" + secret.toUri() + "'/>";
        kind.parse(kind.document(included)); // an element like any other
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void nobodyIsAskedOverTheNetwork(Kind kind) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + listener.getLocalPort() + "/x";
            for (String type : new String[] {
                "<!DOCTYPE x [<!ENTITY e SYSTEM \"%s\">]>",
                "<!DOCTYPE x SYSTEM \"%s\">",
                "<!DOCTYPE x [<!ENTITY %% p SYSTEM \"%s\"> %%p;]>"
            }) {
                kind.refuses(type.formatted(url) + kind.document("&e;"), "has a document type");
            }
            kind.parse("<?xml-stylesheet href=\"" + url + "\"?>"
                    + kind.document("<a xmlns:s='http://www.w3.org/2001/XMLSchema-instance' s:schemaLocation='x " + url
                            + "'/>"));
            listener.setSoTimeout(1);
            assertThatThrownBy(listener::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void deepNestingIsRefused(Kind kind) {
        kind.refuses("<" + kind.root + ">" + "<a>".repeat(1_000_000), "is nested deeper than 64 elements");
    }

    /** Each takes some hundred bytes, be it as short as this. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void millionsOfElementsAreRefused(Kind kind) {
        kind.refuses(kind.document("<a/>".repeat(4_000_000)), "has more than 100000 elements");
    }

    /** A parser that looks for each among all those before took a minute for this. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void thousandsOfNamespacesAreRefused(Kind kind) {
        String names = IntStream.range(0, 200_000)
                .mapToObj(i -> " xmlns:a" + i + "='b'")
                .collect(Collectors.joining());
        kind.refuses("<" + kind.root + names + "/>", "attributes");
    }

    /** Names with one hash code are not sought one by one. */
    @Test
    void userParametersMayHaveNamesThatCollide() throws Exception {
        int count = 1 << 15;
        String parameters = IntStream.range(0, count)
                .mapToObj(i -> "<userParameterLong><name>" + colliding(i) + "</name></userParameterLong>")
                .collect(Collectors.joining());
        MrdHeader header = MrdHeader.parse(Kind.HEADER.document("<userParameters>" + parameters + "</userParameters>"));
        assertThat(header.user().longs()).hasSize(count).containsEntry(colliding(7), 0L);
    }

    private static String colliding(int number) {
        return IntStream.range(0, 15)
                .mapToObj(bit -> (number >> bit & 1) == 0 ? "Aa" : "BB")
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aByteOrderMarkIsNoContent(Kind kind) throws Exception {
        kind.parse("\uFEFF<?xml version='1.0' encoding='UTF-8'?>" + kind.document(""));
    }

    /** The texts of messages and files are UTF-8; what was UTF-16 is no XML then. */
    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32"})
    void otherEncodingsAreRefused(String charset) {
        for (Kind kind : Kind.values()) {
            String xml = "\uFEFF<?xml version='1.0' encoding='UTF-16'?>" + kind.document("<a>\u00e9</a>");
            kind.refuses(
                    new String(xml.getBytes(Charset.forName(charset)), StandardCharsets.UTF_8), "is not well-formed");
        }
    }

    @Test
    void aRefusalIsOneLineWhateverTheValue() {
        Kind.HEADER.refuses(
                Kind.HEADER.document("<sequenceParameters><TR>1\n2</TR></sequenceParameters>"),
                "says \"1 2\" for <TR>, which is not a number");
    }
}
