package recon.mrd.format;

import java.nio.ByteBuffer;
import java.util.List;
import recon.mrd.format.HeaderField.Kind;

/**
 * The bytes of a waveform header, little-endian, each field at a multiple of its size, the same in files and on the wire:
 *
 * <pre>
 *  0 version u16, 6 unused    20 scan_counter u32         32 sample_time_us f32
 *  8 flags u64                24 time_stamp u32           36 waveform_id u16, 2 unused
 * 16 measurement_uid u32      28 number_of_samples u16    40
 *                             30 channels u16
 * </pre>
 */
public final class WaveformHeaderFormat {
    private static final int AFTER_VERSION = 6;
    private static final int AT_END = 2;

    /** All fields in the order of their offsets. */
    public static final List<HeaderField> FIELDS = new HeaderLayout()
            .add("version", Kind.U16, 1)
            .skip(AFTER_VERSION)
            .add("flags", Kind.U64, 1)
            .add("measurement_uid", Kind.U32, 1)
            .add("scan_counter", Kind.U32, 1)
            .add("time_stamp", Kind.U32, 1)
            .add("number_of_samples", Kind.U16, 1)
            .add("channels", Kind.U16, 1)
            .add("sample_time_us", Kind.F32, 1)
            .add("waveform_id", Kind.U16, 1)
            .fields();

    /** Bytes of a whole header. */
    public static final int BYTES = 40;

    private WaveformHeaderFormat() {}

    /**
     * Takes the next {@link #BYTES} bytes; the buffer's byte order is little-endian afterwards.
     *
     * @throws java.nio.BufferUnderflowException if there are fewer
     */
    public static WaveformHeader read(ByteBuffer bytes) {
        HeaderInput in = new HeaderInput(bytes);
        int version = in.u16();
        in.skip(AFTER_VERSION);
        WaveformHeader head = new WaveformHeader(
                version, in.u64(), in.u32(), in.u32(), in.u32(), in.u16(), in.u16(), in.f32(), in.u16());
        in.skip(AT_END);
        return head;
    }

    /**
     * Puts {@link #BYTES} bytes; the buffer's byte order is little-endian afterwards.
     *
     * @throws java.nio.BufferOverflowException if there is less room
     */
    public static void write(WaveformHeader head, ByteBuffer bytes) {
        HeaderOutput out = new HeaderOutput(bytes);
        out.u16(head.version());
        out.pad(AFTER_VERSION);
        out.u64(head.flags());
        out.u32(head.measurementUid());
        out.u32(head.scanCounter());
        out.u32(head.timeStamp());
        out.u16(head.numberOfSamples());
        out.u16(head.channels());
        out.f32(head.sampleTimeUs());
        out.u16(head.waveformId());
        out.pad(AT_END);
    }
}
