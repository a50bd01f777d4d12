package recon.mrd.format;

import java.nio.ByteBuffer;

/** Reads acquisition headers as {@link AcquisitionHeaderFormat} lays them out. */
public final class AcquisitionHeaderReader {
    private AcquisitionHeaderReader() {}

    /**
     * Takes the next {@link AcquisitionHeaderFormat#BYTES} bytes; the buffer's byte order is little-endian afterwards.
     *
     * @throws java.nio.BufferUnderflowException if there are fewer
     */
    public static AcquisitionHeader read(ByteBuffer bytes) {
        HeaderInput in = new HeaderInput(bytes);
        return new AcquisitionHeader(
                in.u16(),
                in.u64(),
                in.u32(),
                in.u32(),
                in.u32(),
                in.u32s(AcquisitionHeader.PHYSIOLOGY_COUNT),
                in.u16(),
                in.u16(),
                in.u16(),
                in.u64s(AcquisitionHeader.CHANNEL_MASK_WORDS),
                in.u16(),
                in.u16(),
                in.u16(),
                in.u16(),
                in.u16(),
                in.f32(),
                in.vector(),
                in.vector(),
                in.vector(),
                in.vector(),
                in.vector(),
                counters(in),
                in.i32s(AcquisitionHeader.USER_COUNT),
                in.f32s(AcquisitionHeader.USER_COUNT));
    }

    private static EncodingCounters counters(HeaderInput in) {
        return new EncodingCounters(
                in.u16(),
                in.u16(),
                in.u16(),
                in.u16(),
                in.u16(),
                in.u16(),
                in.u16(),
                in.u16(),
                in.u16(),
                in.u16s(EncodingCounters.USER_COUNT));
    }
}
