package recon.mrd.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class MetaAttributesTest {
    @Test
    void xmlIsToTheLetterWhatOthersWrite() {
        MetaAttributes attributes = new MetaAttributes()
                .set("DataRole", "Image")
                .set("ImageProcessingHistory", "FIRE", "PYTHON")
                .set("WindowCenter", "2048.0");
        attributes.set("DataRole", "a<b & c>\"d\"");
        assertThat(attributes.toXml())
                .isEqualTo("<?xml version='1.0' encoding='UTF-8'?>\n"
                        + "<ismrmrdMeta><meta><name>DataRole</name><value>a&lt;b &amp; c&gt;\"d\"</value></meta>"
                        + "<meta><name>ImageProcessingHistory</name><value>FIRE</value><value>PYTHON</value></meta>"
                        + "<meta><name>WindowCenter</name><value>2048.0</value></meta></ismrmrdMeta>");
    }

    @Test
    void nothingIsAnEmptyText() throws MrdException {
        assertThat(new MetaAttributes().toXml()).isEmpty();
        assertThat(MetaAttributes.parse(" \n").names()).isEmpty();
    }

    @Test
    void aNameThatComesTwiceKeepsAllItsValues() throws MrdException {
        MetaAttributes attributes = MetaAttributes.parse("<ismrmrdMeta><meta><name>a</name><value>1</value></meta>"
                + "<meta><name>b</name></meta><meta><value>x</value></meta>"
                + "<meta><name>a</name><value>2</value></meta></ismrmrdMeta>");
        assertThat(attributes.names()).containsExactly("a", "b");
        assertThat(attributes.all("a")).containsExactly("1", "2");
        assertThat(attributes.first("a")).contains("1");
        assertThat(attributes.first("b")).isEmpty();
        assertThat(attributes.all("none")).isEmpty();
        attributes.remove("a");
        assertThat(attributes.has("a")).isFalse();
    }

    @Test
    void aDocumentTypeAndRubbishAreRefused() {
        assertThatThrownBy(() -> MetaAttributes.parse("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"))
                .isInstanceOf(MrdException.class)
                .hasMessage("the XML of an image's attributes has a document type, which is not allowed");
        assertThatThrownBy(() -> MetaAttributes.parse("<a>"))
                .hasMessageStartingWith("the XML of an image's attributes is not well-formed: ");
    }

    @Property(tries = 200)
    void anyTextComesBack(@ForAll @NotEmpty List<@StringLength(max = 20) String> values) throws MrdException {
        MetaAttributes attributes = new MetaAttributes().set("name", values);
        List<String> read = MetaAttributes.parse(attributes.toXml()).all("name");
        assertThat(read).hasSameSizeAs(values);
        for (int i = 0; i < values.size(); i++) {
            String allowed = values.get(i)
                    .codePoints()
                    .map(c -> isXml(c) ? c : '?')
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            assertThat(read.get(i)).isEqualTo(allowed);
        }
    }

    private static boolean isXml(int c) {
        boolean control = c < ' ' && "\t\n\r".indexOf(c) < 0;
        boolean surrogate = c >= 0xD800 && c < 0xE000;
        return !control && !surrogate && c != 0xFFFE && c != 0xFFFF;
    }
}
