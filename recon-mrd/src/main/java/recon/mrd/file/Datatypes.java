package recon.mrd.file;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import recon.mrd.format.HeaderField;

/** Section IV.A.2.d, datatype messages: class and version in the first byte, then class bits, size, properties. */
final class Datatypes {
    /** Bytes of a variable-length element in a record: length, heap address, heap index. */
    static final int REFERENCE_BYTES = 16;

    private static final int FIXED_POINT = 0x10;
    private static final int FLOATING_POINT = 0x11;
    private static final int COMPOUND_V2 = 0x26;
    private static final int VARIABLE_LENGTH = 0x19;
    private static final int ARRAY_V2 = 0x2A;
    private static final int SIGNED = 0x08;
    /** Class bits of a float: little-endian, implied leading 1, sign in bit 31. */
    private static final int FLOAT_BITS = 0x1F20;

    /** The same with the sign in bit 63. */
    private static final int DOUBLE_BITS = 0x3F20;

    /** A member of a compound. */
    @SuppressWarnings("ArrayRecordComponent")
    record Member(String name, int offset, byte[] type) {}

    private Datatypes() {}

    /** As the body of a message, whose end is where the next byte would go. */
    static ByteBuffer message(byte[] type) {
        return ByteBuffer.wrap(type).position(type.length);
    }

    static byte[] unsigned(int bytes) {
        return integer(bytes, 0);
    }

    static byte[] signed(int bytes) {
        return integer(bytes, SIGNED);
    }

    private static byte[] integer(int bytes, int bits) {
        return bytes(head(FIXED_POINT, bits, bytes, 4).putShort((short) 0).putShort((short) (8 * bytes)));
    }

    /** IEEE 754, 32 bits: exponent of 8 bits from bit 23, mantissa of 23 bits from bit 0, bias 127. */
    static byte[] float32() {
        return bytes(head(FLOATING_POINT, FLOAT_BITS, 4, 12)
                .putShort((short) 0)
                .putShort((short) 32)
                .put(new byte[] {23, 8, 0, 23})
                .putInt(127));
    }

    /** IEEE 754, 64 bits: exponent of 11 bits from bit 52, mantissa of 52 bits from bit 0, bias 1023. */
    static byte[] float64() {
        return bytes(head(FLOATING_POINT, DOUBLE_BITS, 8, 12)
                .putShort((short) 0)
                .putShort((short) 64)
                .put(new byte[] {52, 11, 0, 52})
                .putInt(1023));
    }

    static byte[] array(byte[] element, int count) {
        int bytes = sizeOf(element) * count;
        ByteBuffer out = head(ARRAY_V2, 0, bytes, 12 + element.length);
        out.put((byte) 1).put(new byte[3]).putInt(count).putInt(0);
        return bytes(out.put(element));
    }

    static byte[] sequence(byte[] element) {
        return bytes(head(VARIABLE_LENGTH, 0, REFERENCE_BYTES, element.length).put(element));
    }

    /** Marked as ASCII also where the bytes are UTF-8: the C++ library reads no other, and the others ignore the mark. */
    static byte[] string() {
        byte[] character = unsigned(1);
        return bytes(head(VARIABLE_LENGTH, 1, REFERENCE_BYTES, character.length).put(character));
    }

    static byte[] compound(int bytes, List<Member> members) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Member member : members) {
            byte[] name = member.name().getBytes(StandardCharsets.US_ASCII);
            body.writeBytes(name);
            body.writeBytes(new byte[(int) Hdf5Space.padded(name.length + 1) - name.length]);
            body.writeBytes(
                    bytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(member.offset())));
            body.writeBytes(member.type());
        }
        return bytes(head(COMPOUND_V2, members.size(), bytes, body.size()).put(body.toByteArray()));
    }

    /** The compound of a header of so many bytes. */
    static byte[] header(List<HeaderField> fields, int bytes) {
        return compound(
                bytes,
                fields.stream()
                        .map(field -> new Member(field.name(), field.offset(), field(field)))
                        .toList());
    }

    private static byte[] field(HeaderField field) {
        byte[] element = switch (field.kind()) {
            case U16, U32, U64 -> unsigned(field.kind().bytes());
            case I32 -> signed(field.kind().bytes());
            case F32 -> float32();
            case NESTED -> header(field.nested(), field.bytes());
        };
        return field.count() == 1 ? element : array(element, field.count());
    }

    private static int sizeOf(byte[] type) {
        return ByteBuffer.wrap(type).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
    }

    private static ByteBuffer head(int classAndVersion, int bits, int size, int propertyBytes) {
        ByteBuffer out = ByteBuffer.allocate(8 + propertyBytes).order(ByteOrder.LITTLE_ENDIAN);
        return out.putInt(classAndVersion | bits << 8).putInt(size);
    }

    private static byte[] bytes(ByteBuffer full) {
        byte[] bytes = new byte[full.capacity()];
        full.rewind().get(bytes);
        return bytes;
    }
}
