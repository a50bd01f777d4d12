package recon.mrd.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Puts the fields of packed little-endian headers into a buffer, whose byte order is little-endian afterwards. */
final class HeaderOutput {
    private final ByteBuffer out;

    HeaderOutput(ByteBuffer out) {
        this.out = out.order(ByteOrder.LITTLE_ENDIAN);
    }

    void u16(int value) {
        out.putShort((short) value);
    }

    void u32(long value) {
        out.putInt((int) value);
    }

    void u64(long value) {
        out.putLong(value);
    }

    void i32(int value) {
        out.putInt(value);
    }

    void f32(float value) {
        out.putFloat(value);
    }

    void vector(Vector3 value) {
        out.putFloat(value.x()).putFloat(value.y()).putFloat(value.z());
    }

    /** Bytes that mean nothing, as 0. */
    void pad(int bytes) {
        out.put(new byte[bytes]);
    }
}
