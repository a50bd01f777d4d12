package recon.mrd.dicom;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Data elements in the order of their tags. What is put is checked against the rules of its VR; what was read is kept
 * as it is. Not thread-safe.
 *
 * <p>Text that is not ASCII is stored in the data set's own SpecificCharacterSet, which becomes ISO_IR 192 (UTF-8) when
 * there was none.
 */
public final class DataSet {
    private final TreeMap<Integer, Element> elements = new TreeMap<>(Integer::compareUnsigned);
    private final Charset inheritedCharset;

    public DataSet() {
        this(StandardCharsets.ISO_8859_1);
    }

    /** A data set in a sequence of another, whose character set holds here too unless this one names its own. */
    DataSet(Charset inheritedCharset) {
        this.inheritedCharset = inheritedCharset;
    }

    /** One with the same elements, in which others can be put. */
    DataSet(DataSet other) {
        this(other.inheritedCharset);
        elements.putAll(other.elements);
    }

    /** Adds the element, in place of one with the same tag. */
    public DataSet put(Element element) {
        elements.put(element.tag(), element);
        return this;
    }

    /** Type 2: the element is there and has no value. */
    public DataSet putEmpty(Attribute attribute) {
        return attribute.vr() == Vr.SQ
                ? putItems(attribute, List.of())
                : put(new Element.Value(attribute.tag(), attribute.vr(), new byte[0]));
    }

    /**
     * Puts text values.
     *
     * @throws IllegalArgumentException if the VR holds no text or does not allow one of the values
     */
    public DataSet putText(Attribute attribute, String... values) {
        Vr vr = attribute.vr();
        if (!vr.isText() || (vr.form() == Vr.Form.LONG_TEXT && values.length > 1)) {
            throw refused(attribute, vr + " does not hold " + values.length + " texts");
        }
        for (String value : values) {
            try {
                TextRules.check(vr, value);
            } catch (IllegalArgumentException e) {
                throw refused(attribute, e.getMessage());
            }
        }
        return put(new Element.Value(attribute.tag(), vr, encoded(attribute, String.join("\\", values))));
    }

    private byte[] encoded(Attribute attribute, String text) {
        if (text.chars().allMatch(c -> c < 0x80)) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
        if (!elements.containsKey(Attribute.SpecificCharacterSet.tag())) {
            putText(Attribute.SpecificCharacterSet, CharacterSets.UTF_8);
        }
        try {
            ByteBuffer bytes = charset().newEncoder().encode(CharBuffer.wrap(text));
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return copy;
        } catch (CharacterCodingException e) {
            throw refused(attribute, "the data set's character set " + charset() + " cannot hold the value");
        }
    }

    /**
     * Puts the values of an IS or a binary integer.
     *
     * @throws IllegalArgumentException if the VR holds no integers or one is outside its range
     */
    public DataSet putInts(Attribute attribute, int... values) {
        Vr vr = attribute.vr();
        if (vr == Vr.IS) {
            List<String> texts = new ArrayList<>();
            for (int value : values) {
                texts.add(Integer.toString(value));
            }
            return putText(attribute, texts.toArray(String[]::new));
        }
        if (vr.form() != Vr.Form.INTEGER) {
            throw refused(attribute, vr + " holds no integers");
        }
        try {
            return put(new Element.Value(attribute.tag(), vr, Numbers.encode(vr, values)));
        } catch (IllegalArgumentException e) {
            throw refused(attribute, e.getMessage());
        }
    }

    /**
     * Puts the values of a DS, FD or FL; a DS keeps the digits that its 16 characters can hold.
     *
     * @throws IllegalArgumentException if the VR is none of these, or a DS value is not finite
     */
    public DataSet putDecimals(Attribute attribute, double... values) {
        Vr vr = attribute.vr();
        if (vr == Vr.DS) {
            List<String> texts = new ArrayList<>();
            for (double value : values) {
                texts.add(DecimalString.of(value));
            }
            return putText(attribute, texts.toArray(String[]::new));
        }
        if (vr.form() != Vr.Form.FLOAT) {
            throw refused(attribute, vr + " holds no decimals");
        }
        return put(new Element.Value(attribute.tag(), vr, Numbers.encode(vr, values)));
    }

    public DataSet putBytes(Attribute attribute, byte[] bytes) {
        if (attribute.vr().form() != Vr.Form.BYTES) {
            throw refused(attribute, attribute.vr() + " holds no plain bytes");
        }
        if (bytes.length % attribute.vr().unitBytes() != 0) {
            throw refused(
                    attribute,
                    bytes.length + " bytes are no multiple of " + attribute.vr().unitBytes());
        }
        return put(new Element.Value(attribute.tag(), attribute.vr(), bytes));
    }

    public DataSet putItems(Attribute attribute, List<DataSet> items) {
        if (attribute.vr() != Vr.SQ) {
            throw refused(attribute, attribute.vr() + " holds no items");
        }
        return put(new Element.Sequence(attribute.tag(), items));
    }

    /** Takes an element out, if it is there. */
    public void remove(Attribute attribute) {
        elements.remove(attribute.tag());
    }

    public Collection<Element> elements() {
        return Collections.unmodifiableCollection(elements.values());
    }

    public Optional<Element> get(int tag) {
        return Optional.ofNullable(elements.get(tag));
    }

    /** The values of a text element without their padding; none if it is absent, empty, or holds no text. */
    public List<String> texts(Attribute attribute) {
        Optional<Element.Value> found = value(attribute).filter(v -> v.vr().isText() || v.vr() == Vr.UN);
        if (found.isEmpty()) {
            return List.of();
        }
        Vr vr = found.get().vr() == Vr.UN ? attribute.vr() : found.get().vr();
        Charset charset = vr.usesCharacterSet() ? charset() : StandardCharsets.ISO_8859_1;
        String text = new String(found.get().sharedBytes(), charset);
        String[] parts = vr.form() == Vr.Form.LONG_TEXT ? new String[] {text} : text.split("\\\\", -1);
        List<String> values = new ArrayList<>(parts.length);
        for (String part : parts) {
            values.add(trimmed(part));
        }
        return values.size() == 1 && values.get(0).isEmpty() ? List.of() : List.copyOf(values);
    }

    /** The first value of a text element, if it has one. */
    public Optional<String> text(Attribute attribute) {
        return texts(attribute).stream().findFirst().filter(v -> !v.isEmpty());
    }

    /** The first value of an IS or binary integer element, if it has one that is an int. */
    public OptionalInt integer(Attribute attribute) {
        OptionalDouble number = decimal(attribute);
        boolean isInt = number.isPresent() && number.getAsDouble() == (int) number.getAsDouble();
        return isInt ? OptionalInt.of((int) number.getAsDouble()) : OptionalInt.empty();
    }

    /** The first value of a DS, IS or binary number element, if it has one. */
    public OptionalDouble decimal(Attribute attribute) {
        double[] all = decimals(attribute);
        return all.length > 0 && Double.isFinite(all[0]) ? OptionalDouble.of(all[0]) : OptionalDouble.empty();
    }

    /** All values of a DS, IS or binary number element; what is no number is NaN. */
    public double[] decimals(Attribute attribute) {
        Optional<Element.Value> found = value(attribute);
        Vr vr = found.map(v -> v.vr() == Vr.UN ? attribute.vr() : v.vr()).orElse(Vr.UN);
        if (vr.form() == Vr.Form.TEXT) {
            return texts(attribute).stream().mapToDouble(DataSet::parsed).toArray();
        }
        if (found.isEmpty() || (vr.form() != Vr.Form.INTEGER && vr.form() != Vr.Form.FLOAT)) {
            return new double[0];
        }
        return Numbers.decode(vr, found.get().sharedBytes());
    }

    private static double parsed(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    public Optional<byte[]> bytes(Attribute attribute) {
        return value(attribute).map(Element.Value::bytes);
    }

    /** The items of a sequence; none if it is absent or empty. */
    public List<DataSet> items(Attribute attribute) {
        return get(attribute.tag()).orElse(null) instanceof Element.Sequence s ? s.items() : List.of();
    }

    Charset charset() {
        return charset(inheritedCharset);
    }

    /** The charset of its texts if it is an item in a data set of this one. */
    Charset charset(Charset around) {
        Element own = elements.get(Attribute.SpecificCharacterSet.tag());
        return own instanceof Element.Value v && v.length() > 0
                ? CharacterSets.of(new String(v.sharedBytes(), StandardCharsets.ISO_8859_1))
                : around;
    }

    private Optional<Element.Value> value(Attribute attribute) {
        return get(attribute.tag()).filter(Element.Value.class::isInstance).map(Element.Value.class::cast);
    }

    private static String trimmed(String text) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == 0)) {
            end--;
        }
        int start = 0;
        while (start < end && text.charAt(start) == ' ') {
            start++;
        }
        return text.substring(start, end);
    }

    private static IllegalArgumentException refused(Attribute attribute, String reason) {
        return new IllegalArgumentException(Attribute.describe(attribute.tag()) + ": " + reason);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DataSet d && elements.equals(d.elements);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(elements);
    }

    @Override
    public String toString() {
        return "DataSet" + elements.values();
    }
}
