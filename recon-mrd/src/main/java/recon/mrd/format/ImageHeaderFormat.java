package recon.mrd.format;

import java.nio.ByteBuffer;
import java.util.List;
import recon.mrd.format.HeaderField.Kind;

/**
 * The bytes of an image header, little-endian and packed, the same in files and on the wire:
 *
 * <pre>
 *   0 version u16             34 channels u16                     96 average u16       108 acquisition_time_stamp u32
 *   2 data_type u16           36 position f32[3]                  98 slice u16         112 physiology_time_stamp u32[3]
 *   4 flags u64               48, 60, 72 read, phase, slice_dir  100 contrast u16      124 image_type u16
 *  12 measurement_uid u32     84 patient_table_position f32[3]   102 phase u16         126 image_index u16
 *  16 matrix_size u16[3]                                         104 repetition u16    128 image_series_index u16
 *  22 field_of_view f32[3]                                       106 set u16           130 user_int i32[8]
 *                                                                                      162 user_float f32[8]
 *                                                                                      194 attribute_string_len u32
 * </pre>
 */
public final class ImageHeaderFormat {
    /** All fields in the order of their offsets. */
    public static final List<HeaderField> FIELDS = new HeaderLayout()
            .add("version", Kind.U16, 1)
            .add("data_type", Kind.U16, 1)
            .add("flags", Kind.U64, 1)
            .add("measurement_uid", Kind.U32, 1)
            .add("matrix_size", Kind.U16, 3)
            .add("field_of_view", Kind.F32, 3)
            .add("channels", Kind.U16, 1)
            .add("position", Kind.F32, 3)
            .add("read_dir", Kind.F32, 3)
            .add("phase_dir", Kind.F32, 3)
            .add("slice_dir", Kind.F32, 3)
            .add("patient_table_position", Kind.F32, 3)
            .add("average", Kind.U16, 1)
            .add("slice", Kind.U16, 1)
            .add("contrast", Kind.U16, 1)
            .add("phase", Kind.U16, 1)
            .add("repetition", Kind.U16, 1)
            .add("set", Kind.U16, 1)
            .add("acquisition_time_stamp", Kind.U32, 1)
            .add("physiology_time_stamp", Kind.U32, AcquisitionHeader.PHYSIOLOGY_COUNT)
            .add("image_type", Kind.U16, 1)
            .add("image_index", Kind.U16, 1)
            .add("image_series_index", Kind.U16, 1)
            .add("user_int", Kind.I32, AcquisitionHeader.USER_COUNT)
            .add("user_float", Kind.F32, AcquisitionHeader.USER_COUNT)
            .add("attribute_string_len", Kind.U32, 1)
            .fields();

    /** Bytes of a whole header. */
    public static final int BYTES = FIELDS.stream().mapToInt(HeaderField::bytes).sum();

    private ImageHeaderFormat() {}

    /**
     * Takes the next {@link #BYTES} bytes; the buffer's byte order is little-endian afterwards.
     *
     * @throws MrdException if it says that the pixels are of a type that there is not
     * @throws java.nio.BufferUnderflowException if there are fewer
     */
    public static ImageHeader read(ByteBuffer bytes) throws MrdException {
        HeaderInput in = new HeaderInput(bytes);
        int version = in.u16();
        int code = in.u16();
        PixelType type = PixelType.of(code)
                .orElseThrow(() -> new MrdException("an image has data_type " + code + ", outside 1..8"));
        return new ImageHeader(
                version,
                type,
                in.u64(),
                in.u32(),
                in.u16(),
                in.u16(),
                in.u16(),
                in.vector(),
                in.u16(),
                in.vector(),
                in.vector(),
                in.vector(),
                in.vector(),
                in.vector(),
                in.u16(),
                in.u16(),
                in.u16(),
                in.u16(),
                in.u16(),
                in.u16(),
                in.u32(),
                in.u32s(AcquisitionHeader.PHYSIOLOGY_COUNT),
                in.u16(),
                in.u16(),
                in.u16(),
                in.i32s(AcquisitionHeader.USER_COUNT),
                in.f32s(AcquisitionHeader.USER_COUNT),
                in.u32());
    }

    /**
     * Puts {@link #BYTES} bytes; the buffer's byte order is little-endian afterwards.
     *
     * @throws java.nio.BufferOverflowException if there is less room
     */
    public static void write(ImageHeader head, ByteBuffer bytes) {
        HeaderOutput out = new HeaderOutput(bytes);
        out.u16(head.version());
        out.u16(head.pixelType().code());
        out.u64(head.flags());
        out.u32(head.measurementUid());
        out.u16(head.columns());
        out.u16(head.rows());
        out.u16(head.slices());
        out.vector(head.fieldOfViewMm());
        out.u16(head.channels());
        out.vector(head.positionMm());
        out.vector(head.readDirection());
        out.vector(head.phaseDirection());
        out.vector(head.sliceDirection());
        out.vector(head.patientTablePositionMm());
        out.u16(head.average());
        out.u16(head.slice());
        out.u16(head.contrast());
        out.u16(head.phase());
        out.u16(head.repetition());
        out.u16(head.set());
        out.u32(head.acquisitionTimeStamp());
        head.physiologyTimeStamp().forEach(out::u32);
        out.u16(head.imageType());
        out.u16(head.imageIndex());
        out.u16(head.imageSeriesIndex());
        head.userInt().forEach(out::i32);
        head.userFloat().forEach(out::f32);
        out.u32(head.attributeBytes());
    }
}
