package recon.mrd.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Takes the fields of packed little-endian headers from a buffer, whose byte order is little-endian afterwards. */
final class HeaderInput {
    private final ByteBuffer in;

    HeaderInput(ByteBuffer in) {
        this.in = in.order(ByteOrder.LITTLE_ENDIAN);
    }

    int u16() {
        return Short.toUnsignedInt(in.getShort());
    }

    long u32() {
        return Integer.toUnsignedLong(in.getInt());
    }

    long u64() {
        return in.getLong();
    }

    float f32() {
        return in.getFloat();
    }

    Vector3 vector() {
        return new Vector3(in.getFloat(), in.getFloat(), in.getFloat());
    }

    List<Integer> u16s(int count) {
        List<Integer> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(u16());
        }
        return values;
    }

    List<Long> u32s(int count) {
        List<Long> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(u32());
        }
        return values;
    }

    List<Long> u64s(int count) {
        List<Long> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(in.getLong());
        }
        return values;
    }

    List<Integer> i32s(int count) {
        List<Integer> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(in.getInt());
        }
        return values;
    }

    List<Float> f32s(int count) {
        List<Float> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(in.getFloat());
        }
        return values;
    }

    void skip(int bytes) {
        in.position(in.position() + bytes);
    }
}
