package recon.mrd.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Reads acquisition headers as {@link AcquisitionHeaderFormat} lays them out. */
public final class AcquisitionHeaderReader {
    private final ByteBuffer in;

    private AcquisitionHeaderReader(ByteBuffer in) {
        this.in = in;
    }

    /**
     * Takes the next {@link AcquisitionHeaderFormat#BYTES} bytes; the buffer's byte order is little-endian afterwards.
     *
     * @throws java.nio.BufferUnderflowException if there are fewer
     */
    public static AcquisitionHeader read(ByteBuffer in) {
        return new AcquisitionHeaderReader(in.order(ByteOrder.LITTLE_ENDIAN)).header();
    }

    private AcquisitionHeader header() {
        return new AcquisitionHeader(
                u16(),
                in.getLong(),
                u32(),
                u32(),
                u32(),
                List.of(u32(), u32(), u32()),
                u16(),
                u16(),
                u16(),
                words(AcquisitionHeader.CHANNEL_MASK_WORDS),
                u16(),
                u16(),
                u16(),
                u16(),
                u16(),
                in.getFloat(),
                vector(),
                vector(),
                vector(),
                vector(),
                vector(),
                counters(),
                ints(AcquisitionHeader.USER_COUNT),
                floats(AcquisitionHeader.USER_COUNT));
    }

    private EncodingCounters counters() {
        return new EncodingCounters(
                u16(), u16(), u16(), u16(), u16(), u16(), u16(), u16(), u16(), shorts(EncodingCounters.USER_COUNT));
    }

    private int u16() {
        return Short.toUnsignedInt(in.getShort());
    }

    private long u32() {
        return Integer.toUnsignedLong(in.getInt());
    }

    private Vector3 vector() {
        return new Vector3(in.getFloat(), in.getFloat(), in.getFloat());
    }

    private List<Long> words(int count) {
        List<Long> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(in.getLong());
        }
        return values;
    }

    private List<Integer> shorts(int count) {
        List<Integer> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(u16());
        }
        return values;
    }

    private List<Integer> ints(int count) {
        List<Integer> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(in.getInt());
        }
        return values;
    }

    private List<Float> floats(int count) {
        List<Float> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(in.getFloat());
        }
        return values;
    }
}
