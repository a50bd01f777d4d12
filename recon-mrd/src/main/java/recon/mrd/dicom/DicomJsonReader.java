package recon.mrd.dicom;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads {@link DicomJson}: first the JSON as maps, lists and texts, then the data set of these. */
final class DicomJsonReader {
    private static final int UNIT_MAX_BYTES = 8;

    /** A text is not in the character set that its data set names. */
    private static final class OtherCharacters extends Exception {
        private static final long serialVersionUID = 1;
    }

    private final boolean inUtf8;
    private int elementCount;

    private DicomJsonReader(boolean inUtf8) {
        this.inUtf8 = inUtf8;
    }

    static DataSet read(String json) throws DicomFormatException {
        Object root;
        try (JsonParser in = DicomJson.FACTORY.createParser(json)) {
            in.nextToken();
            root = tree(in);
            if (in.nextToken() != null) {
                throw new DicomFormatException("DICOM JSON: there is more behind the data set");
            }
        } catch (DicomFormatException e) {
            throw e;
        } catch (IOException e) {
            throw new DicomFormatException(
                    "DICOM JSON: " + String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
        }
        try {
            return new DicomJsonReader(false).dataSet(root, StandardCharsets.ISO_8859_1, 0);
        } catch (OtherCharacters e) {
            try {
                return new DicomJsonReader(true).dataSet(root, StandardCharsets.UTF_8, 0);
            } catch (OtherCharacters impossible) {
                throw new DicomFormatException("DICOM JSON: a text is not Unicode");
            }
        }
    }

    /** Maps, lists and texts; numbers are texts as they stand there. */
    private static Object tree(JsonParser in) throws IOException {
        JsonToken token = in.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, Object> members = new LinkedHashMap<>();
            while (in.nextToken() != JsonToken.END_OBJECT) {
                String name = in.currentName();
                in.nextToken();
                members.put(name, tree(in));
            }
            return members;
        }
        if (token == JsonToken.START_ARRAY) {
            List<Object> elements = new ArrayList<>();
            while (in.nextToken() != JsonToken.END_ARRAY) {
                elements.add(tree(in));
            }
            return elements;
        }
        if (token == null) {
            throw new DicomFormatException("DICOM JSON: it is empty");
        }
        return token == JsonToken.VALUE_NULL ? null : in.getText();
    }

    private DataSet dataSet(Object json, Charset around, int depth) throws DicomFormatException, OtherCharacters {
        if (!(json instanceof Map<?, ?> members)) {
            throw new DicomFormatException("DICOM JSON: no object where a data set belongs");
        }
        if (depth > DicomFormat.MAX_DEPTH) {
            throw new DicomFormatException("DICOM JSON: sequences nest deeper than " + DicomFormat.MAX_DEPTH);
        }
        DataSet to = new DataSet(around);
        TreeMap<Integer, Object> byTag = new TreeMap<>(Integer::compareUnsigned); // the character set comes first
        for (Map.Entry<?, ?> member : members.entrySet()) {
            byTag.put(tag(String.valueOf(member.getKey())), member.getValue());
        }
        int characterSet = Attribute.SpecificCharacterSet.tag();
        if (inUtf8 && (depth == 0 || byTag.containsKey(characterSet))) {
            byTag.remove(characterSet);
            to.putText(Attribute.SpecificCharacterSet, CharacterSets.UTF_8);
        }
        for (Map.Entry<Integer, Object> member : byTag.entrySet()) {
            if (!DicomJson.isLeftOut(member.getKey())) {
                element(to, member.getKey(), member.getValue(), depth);
            }
        }
        return to;
    }

    private static int tag(String name) throws DicomFormatException {
        if (!name.matches("[0-9A-Fa-f]{8}") || name.startsWith("FFFE") || name.startsWith("fffe")) {
            throw new DicomFormatException("DICOM JSON: \"" + shown(name) + "\" is no tag of an element");
        }
        return Integer.parseUnsignedInt(name, 16);
    }

    private void element(DataSet to, int tag, Object json, int depth) throws DicomFormatException, OtherCharacters {
        if (++elementCount > DicomFormat.MAX_ELEMENTS) {
            throw new DicomFormatException("DICOM JSON: more than " + DicomFormat.MAX_ELEMENTS + " elements");
        }
        if (!(json instanceof Map<?, ?> members)) {
            throw broken(tag, "is no object");
        }
        Vr vr = vr(tag, members.get(DicomJson.VR));
        List<?> values = members.get(DicomJson.VALUE) instanceof List<?> list ? list : List.of();
        if (vr == Vr.SQ) {
            List<DataSet> items = new ArrayList<>();
            for (Object item : values) {
                items.add(dataSet(item == null ? Map.of() : item, to.charset(), depth + 1));
            }
            to.put(new Element.Sequence(tag, items));
            return;
        }
        byte[] bytes;
        if (members.get(DicomJson.INLINE_BINARY) instanceof String base64) {
            bytes = binary(tag, base64);
        } else if (vr.isText()) {
            bytes = encoded(to, vr, joined(tag, vr, values));
        } else {
            bytes = numbers(tag, vr, values);
        }
        try {
            to.put(new Element.Value(tag, vr, bytes));
        } catch (IllegalArgumentException e) {
            throw new DicomFormatException("DICOM JSON: " + e.getMessage());
        }
    }

    private static Vr vr(int tag, Object name) throws DicomFormatException {
        if (name instanceof String text && text.length() == 2 && text.charAt(0) < 0x80 && text.charAt(1) < 0x80) {
            return Vr.of((byte) text.charAt(0), (byte) text.charAt(1), "DICOM JSON: " + Attribute.describe(tag));
        }
        throw broken(tag, "has no vr");
    }

    private static byte[] binary(int tag, String base64) throws DicomFormatException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw broken(tag, "has an InlineBinary that is no base64");
        }
    }

    private byte[] encoded(DataSet in, Vr vr, String text) throws OtherCharacters {
        Charset charset = vr.usesCharacterSet() ? in.charset() : StandardCharsets.ISO_8859_1;
        byte[] bytes = text.getBytes(charset);
        if (!new String(bytes, charset).equals(text)) {
            if (!inUtf8) {
                throw new OtherCharacters();
            }
            return text.getBytes(StandardCharsets.UTF_8);
        }
        return bytes;
    }

    private static String joined(int tag, Vr vr, List<?> values) throws DicomFormatException {
        List<String> texts = new ArrayList<>();
        for (Object value : values) {
            if (value == null) {
                texts.add("");
            } else if (vr == Vr.PN && value instanceof Map<?, ?> groups) {
                texts.add(name(groups));
            } else if (value instanceof String text) {
                texts.add(vr == Vr.DS && text.length() > Vr.DS.maxChars() ? shorter(text) : text);
            } else {
                throw broken(tag, "has a value that is no text");
            }
        }
        return String.join("\\", texts);
    }

    /** Other programs print a decimal with more digits than a DS can have. */
    private static String shorter(String text) {
        try {
            return DecimalString.of(Double.parseDouble(text));
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static String name(Map<?, ?> groups) {
        StringBuilder name = new StringBuilder();
        int separators = 0;
        for (int i = 0; i < DicomJson.NAME_GROUPS.length; i++) {
            if (groups.get(DicomJson.NAME_GROUPS[i]) instanceof String text && !text.isEmpty()) {
                name.append("=".repeat(i - separators)).append(text);
                separators = i;
            }
        }
        return name.toString();
    }

    private static byte[] numbers(int tag, Vr vr, List<?> values) throws DicomFormatException {
        if (!values.isEmpty() && vr.form() == Vr.Form.BYTES && vr != Vr.AT) {
            throw broken(tag, vr + " has a Value where an InlineBinary belongs");
        }
        ByteBuffer out = ByteBuffer.allocate(Math.multiplyExact(values.size(), UNIT_MAX_BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (Object value : values) {
            try {
                number(out, vr, String.valueOf(value));
            } catch (ArithmeticException | NumberFormatException e) {
                throw broken(tag, vr + " has the value \"" + shown(String.valueOf(value)) + "\"");
            }
        }
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    private static void number(ByteBuffer out, Vr vr, String text) {
        if (text.length() > 400) { // as long as a double ever gets
            throw new NumberFormatException(text);
        }
        switch (vr) {
            case AT -> {
                int tag = Integer.parseUnsignedInt(text, 16);
                out.putShort((short) (tag >>> 16)).putShort((short) tag);
            }
            case FL -> out.putFloat(Float.parseFloat(text));
            case FD -> out.putDouble(Double.parseDouble(text));
            default -> integer(out, vr, text);
        }
    }

    private static void integer(ByteBuffer out, Vr vr, String text) {
        BigDecimal decimal = new BigDecimal(text);
        if (Math.abs((long) decimal.scale()) > 400) {
            throw new ArithmeticException("exponent");
        }
        BigInteger value = decimal.toBigIntegerExact();
        int bits = 8 * vr.unitBytes();
        boolean fits = vr.isSigned() ? value.bitLength() < bits : value.signum() >= 0 && value.bitLength() <= bits;
        if (!fits) {
            throw new ArithmeticException("out of range");
        }
        switch (bits) {
            case 16 -> out.putShort(value.shortValue());
            case 32 -> out.putInt(value.intValue());
            default -> out.putLong(value.longValue());
        }
    }

    private static String shown(String text) {
        return (text.length() > 40 ? text.substring(0, 40) + "..." : text).replaceAll("\\p{Cntrl}", "?");
    }

    private static DicomFormatException broken(int tag, String reason) {
        return new DicomFormatException("DICOM JSON: " + Attribute.describe(tag) + " " + reason);
    }
}
