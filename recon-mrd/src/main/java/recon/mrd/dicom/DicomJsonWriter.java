package recon.mrd.dicom;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Writes {@link DicomJson}. */
final class DicomJsonWriter {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,2})?");

    private final JsonGenerator out;

    private DicomJsonWriter(JsonGenerator out) {
        this.out = out;
    }

    static String write(DataSet dataSet) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = DicomJson.FACTORY.createGenerator(text)) {
            new DicomJsonWriter(out).dataSet(dataSet, dataSet.charset());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    private void dataSet(DataSet dataSet, Charset around) throws IOException {
        Charset charset = dataSet.charset(around);
        out.writeStartObject();
        for (Element element : dataSet.elements()) {
            if (!DicomJson.isLeftOut(element.tag())) {
                out.writeFieldName(String.format("%08X", element.tag()));
                out.writeStartObject();
                out.writeStringField(DicomJson.VR, element.vr().name());
                if (element instanceof Element.Sequence sequence) {
                    sequence(sequence, charset);
                } else if (element instanceof Element.Value value && value.length() > 0) {
                    value(value, charset);
                }
                out.writeEndObject();
            }
        }
        out.writeEndObject();
    }

    private void sequence(Element.Sequence sequence, Charset charset) throws IOException {
        if (!sequence.items().isEmpty()) {
            out.writeArrayFieldStart(DicomJson.VALUE);
            for (DataSet item : sequence.items()) {
                dataSet(item, charset);
            }
            out.writeEndArray();
        }
    }

    private void value(Element.Value value, Charset charset) throws IOException {
        Vr vr = value.vr();
        boolean told = vr.isText()
                ? texts(vr, value.sharedBytes(), vr.usesCharacterSet() ? charset : StandardCharsets.ISO_8859_1)
                : numbers(vr, value.sharedBytes());
        if (!told) {
            out.writeBinaryField(DicomJson.INLINE_BINARY, value.sharedBytes());
        }
    }

    private boolean texts(Vr vr, byte[] bytes, Charset charset) throws IOException {
        int end = bytes.length;
        while (end > 0 && (bytes[end - 1] == ' ' || bytes[end - 1] == 0)) {
            end--;
        }
        byte[] unpadded = Arrays.copyOf(bytes, end);
        String text = new String(unpadded, charset);
        if (!Arrays.equals(text.getBytes(charset), unpadded)) {
            return false;
        }
        if (!text.isEmpty()) {
            out.writeArrayFieldStart(DicomJson.VALUE);
            for (String part : vr.form() == Vr.Form.LONG_TEXT ? new String[] {text} : text.split("\\\\", -1)) {
                text(vr, part);
            }
            out.writeEndArray();
        }
        return true;
    }

    private void text(Vr vr, String text) throws IOException {
        if (text.isEmpty()) {
            out.writeNull();
        } else if (vr == Vr.PN) {
            name(text);
        } else if ((vr == Vr.DS || vr == Vr.IS) && NUMBER.matcher(text).matches()) {
            out.writeNumber(text); // with all its digits and zeros
        } else {
            out.writeString(text);
        }
    }

    private void name(String name) throws IOException {
        String[] groups = name.split("=", -1);
        // Empty groups at the end, or too many groups, would not come back from groups: they stay one text.
        boolean plain = groups.length > DicomJson.NAME_GROUPS.length || groups[groups.length - 1].isEmpty();
        out.writeStartObject();
        for (int i = 0; i < (plain ? 1 : groups.length); i++) {
            if (plain || !groups[i].isEmpty()) {
                out.writeStringField(DicomJson.NAME_GROUPS[i], plain ? name : groups[i]);
            }
        }
        out.writeEndObject();
    }

    private boolean numbers(Vr vr, byte[] bytes) throws IOException {
        boolean isNumber = vr.form() == Vr.Form.INTEGER || vr.form() == Vr.Form.FLOAT || vr == Vr.AT;
        if (!isNumber || bytes.length % vr.unitBytes() != 0) {
            return false;
        }
        if (vr.form() == Vr.Form.FLOAT
                && !Arrays.stream(Numbers.decode(vr, bytes)).allMatch(Double::isFinite)) {
            return false;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.writeArrayFieldStart(DicomJson.VALUE);
        while (in.hasRemaining()) {
            switch (vr) {
                case AT -> out.writeString(String.format("%04X%04X", in.getShort(), in.getShort()));
                case US -> out.writeNumber(in.getShort() & 0xffff);
                case SS -> out.writeNumber(in.getShort());
                case UL -> out.writeNumber(in.getInt() & 0xffff_ffffL);
                case SL -> out.writeNumber(in.getInt());
                case SV -> out.writeNumber(in.getLong());
                case UV -> out.writeNumber(new BigInteger(Long.toUnsignedString(in.getLong())));
                case FL -> out.writeNumber(in.getFloat());
                default -> out.writeNumber(in.getDouble());
            }
        }
        out.writeEndArray();
        return true;
    }
}
