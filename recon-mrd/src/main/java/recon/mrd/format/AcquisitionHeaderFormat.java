package recon.mrd.format;

import java.util.List;
import recon.mrd.format.HeaderField.Kind;

/**
 * The bytes of an acquisition header, little-endian and packed, the same in files and on the wire:
 *
 * <pre>
 *   0 version u16              34 number_of_samples u16     172 center_sample u16         230 patient_table_position f32[3]
 *   2 flags u64                36 available_channels u16    174 encoding_space_ref u16    242 idx u16[17]
 *  10 measurement_uid u32      38 active_channels u16       176 trajectory_dimensions u16 276 user_int i32[8]
 *  14 scan_counter u32         40 channel_mask u64[16]      178 sample_time_us f32        308 user_float f32[8]
 *  18 acquisition_time_stamp   168 discard_pre u16          182 position f32[3]           340
 *  22 physiology_time_stamp    170 discard_post u16         194, 206, 218 read, phase, slice_dir f32[3]
 * </pre>
 */
public final class AcquisitionHeaderFormat {
    /** The counters of {@code idx}, offsets from its start. */
    static final List<HeaderField> COUNTER_FIELDS = new HeaderLayout()
            .add("kspace_encode_step_1", Kind.U16, 1)
            .add("kspace_encode_step_2", Kind.U16, 1)
            .add("average", Kind.U16, 1)
            .add("slice", Kind.U16, 1)
            .add("contrast", Kind.U16, 1)
            .add("phase", Kind.U16, 1)
            .add("repetition", Kind.U16, 1)
            .add("set", Kind.U16, 1)
            .add("segment", Kind.U16, 1)
            .add("user", Kind.U16, EncodingCounters.USER_COUNT)
            .fields();

    /** All fields in the order of their offsets. */
    public static final List<HeaderField> FIELDS = new HeaderLayout()
            .add("version", Kind.U16, 1)
            .add("flags", Kind.U64, 1)
            .add("measurement_uid", Kind.U32, 1)
            .add("scan_counter", Kind.U32, 1)
            .add("acquisition_time_stamp", Kind.U32, 1)
            .add("physiology_time_stamp", Kind.U32, AcquisitionHeader.PHYSIOLOGY_COUNT)
            .add("number_of_samples", Kind.U16, 1)
            .add("available_channels", Kind.U16, 1)
            .add("active_channels", Kind.U16, 1)
            .add("channel_mask", Kind.U64, AcquisitionHeader.CHANNEL_MASK_WORDS)
            .add("discard_pre", Kind.U16, 1)
            .add("discard_post", Kind.U16, 1)
            .add("center_sample", Kind.U16, 1)
            .add("encoding_space_ref", Kind.U16, 1)
            .add("trajectory_dimensions", Kind.U16, 1)
            .add("sample_time_us", Kind.F32, 1)
            .add("position", Kind.F32, 3)
            .add("read_dir", Kind.F32, 3)
            .add("phase_dir", Kind.F32, 3)
            .add("slice_dir", Kind.F32, 3)
            .add("patient_table_position", Kind.F32, 3)
            .nest("idx", COUNTER_FIELDS)
            .add("user_int", Kind.I32, AcquisitionHeader.USER_COUNT)
            .add("user_float", Kind.F32, AcquisitionHeader.USER_COUNT)
            .fields();

    /** Bytes of a whole header. */
    public static final int BYTES = FIELDS.stream().mapToInt(HeaderField::bytes).sum();

    private AcquisitionHeaderFormat() {}
}
