package recon.mrd.format;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is said about an image in words: names with one or more values each, in the order in which they were first set.
 * Their XML is to the letter what other programs write.
 */
public final class MetaAttributes {
    private static final String START = "<?xml version='1.0' encoding='UTF-8'?>\n<ismrmrdMeta>";
    private static final String END = "</ismrmrdMeta>";

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    /** None. */
    public MetaAttributes() {}

    /** The same as another's, to be changed by itself. */
    public MetaAttributes(MetaAttributes from) {
        values.putAll(from.values);
    }

    /**
     * Reads the XML. An empty text, or one of blanks, says nothing.
     *
     * @throws MrdException if it is no well-formed XML, or has a document type
     */
    public static MetaAttributes parse(String xml) throws MrdException {
        MetaAttributes attributes = new MetaAttributes();
        if (xml.isBlank()) {
            return attributes;
        }
        for (XmlElement meta :
                XmlElement.parse("the XML of an image's attributes", xml).children("meta")) {
            List<String> some = new ArrayList<>();
            meta.children("value").forEach(value -> some.add(value.wholeText()));
            Optional<XmlElement> name = meta.child("name");
            if (name.isPresent()) {
                attributes
                        .values
                        .computeIfAbsent(name.get().text(), none -> new ArrayList<>())
                        .addAll(some);
            }
        }
        return attributes;
    }

    /** Sets a name to these values; one that was there keeps its place. */
    @CanIgnoreReturnValue
    public MetaAttributes set(String name, String... some) {
        values.put(name, new ArrayList<>(List.of(some)));
        return this;
    }

    /** Sets a name to these values; one that was there keeps its place. */
    @CanIgnoreReturnValue
    public MetaAttributes set(String name, List<String> some) {
        values.put(name, new ArrayList<>(some));
        return this;
    }

    public void remove(String name) {
        values.remove(name);
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    public List<String> names() {
        return List.copyOf(values.keySet());
    }

    /** All values of a name; none if it is not set. */
    public List<String> all(String name) {
        return Collections.unmodifiableList(values.getOrDefault(name, List.of()));
    }

    /** The first value of a name. */
    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    /** As XML; nothing at all if nothing is set. */
    public String toXml() {
        if (values.isEmpty()) {
            return "";
        }
        StringBuilder xml = new StringBuilder(START);
        values.forEach((name, some) -> {
            xml.append("<meta><name>").append(escaped(name)).append("</name>");
            some.forEach(value -> xml.append("<value>").append(escaped(value)).append("</value>"));
            xml.append("</meta>");
        });
        return xml.append(END).toString();
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '\r' -> out.append("&#13;");
                default -> out.appendCodePoint(isXml(c) ? c : '?');
            }
        });
        return out.toString();
    }

    /** Char of XML 1.0: what may stand in a document. */
    private static boolean isXml(int c) {
        return c == '\t' || c == '\n' || (c >= ' ' && c < 0xD800) || (c >= 0xE000 && c < 0xFFFE) || c >= 0x10000;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MetaAttributes that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
