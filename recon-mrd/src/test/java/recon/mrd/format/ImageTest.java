package recon.mrd.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageTest {
    @Test
    void fieldsLieWhereTheSpecificationPutsThem() {
        Map<String, Integer> offsets = new HashMap<>();
        ImageHeaderFormat.FIELDS.forEach(field -> offsets.put(field.name(), field.offset()));
        assertThat(ImageHeaderFormat.BYTES).isEqualTo(198);
        assertThat(offsets)
                .containsEntry("flags", 4)
                .containsEntry("matrix_size", 16)
                .containsEntry("channels", 34)
                .containsEntry("patient_table_position", 84)
                .containsEntry("set", 106)
                .containsEntry("acquisition_time_stamp", 108)
                .containsEntry("image_series_index", 128)
                .containsEntry("user_float", 162)
                .containsEntry("attribute_string_len", 194);
        WaveformHeaderFormat.FIELDS.forEach(field -> offsets.put("w " + field.name(), field.offset()));
        assertThat(offsets)
                .containsEntry("w flags", 8)
                .containsEntry("w number_of_samples", 28)
                .containsEntry("w waveform_id", 36);
    }

    @Property(tries = 300)
    void anyHeaderOfAnImageComesBackAsItWas(@ForAll @Size(198) byte[] bytes) throws MrdException {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        in.putShort(2, (short) (1 + (bytes[2] & 7)));
        ImageHeader head = ImageHeaderFormat.read(in);
        ByteBuffer out = ByteBuffer.allocate(198);
        ImageHeaderFormat.write(head, out);
        assertThat(out.hasRemaining()).isFalse();
        assertThat(ImageHeaderFormat.read(out.flip())).isEqualTo(head);
        assertThat(head.toBuilder().build()).isEqualTo(head);
    }

    @Property(tries = 100)
    void anyHeaderOfAWaveformComesBackAsItWas(@ForAll @Size(40) byte[] bytes) {
        WaveformHeader head = WaveformHeaderFormat.read(ByteBuffer.wrap(bytes));
        ByteBuffer out = ByteBuffer.allocate(40);
        WaveformHeaderFormat.write(head, out);
        assertThat(out.hasRemaining()).isFalse();
        assertThat(WaveformHeaderFormat.read(out.flip())).isEqualTo(head);
    }

    @ParameterizedTest
    @CsvSource({"U16, 65535", "I16, -1", "U32, 4294967295", "I32, -1", "F32, 2.5", "F64, 2.5"})
    void pixelsAreNumbersOfTheirType(PixelType type, double expected) throws MrdException {
        byte[] pixels = new byte[2 * type.bytes()];
        ByteBuffer out = ByteBuffer.wrap(pixels).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case F32 -> out.putFloat(4, 2.5f);
            case F64 -> out.putDouble(8, 2.5);
            default -> {
                for (int i = type.bytes(); i < pixels.length; i++) {
                    pixels[i] = -1;
                }
            }
        }
        Image image = Image.of(ImageHeader.builder().pixelType(type).matrix(2, 1, 1), new MetaAttributes(), pixels);
        assertThat(image.values()).containsExactly(0, expected);
    }

    @Test
    void complexPixelsAreNoNumbers() {
        Image image =
                Image.of(ImageHeader.builder().pixelType(PixelType.COMPLEX_F64), new MetaAttributes(), new byte[16]);
        assertThatThrownBy(image::values).isInstanceOf(MrdException.class).hasMessageContaining("COMPLEX_F64");
    }

    @Test
    void pixelsMustBeAsManyAsTheHeaderSays() {
        ImageHeader head = ImageHeader.builder().matrix(3, 2, 1).channels(2).build();
        assertThatThrownBy(() -> new Image(head, "", new byte[23]))
                .hasMessage("23 bytes of pixels where 3 x 2 x 1 of 2 channels of I16 belong, which are 24");
    }

    @Test
    void theHeaderSaysHowLongTheAttributesAre() {
        MetaAttributes attributes = new MetaAttributes().set("ä", "€");
        Image image = Image.of(ImageHeader.builder(), attributes, new short[] {-5});
        assertThat(image.head().attributeBytes()).isEqualTo(attributes.toXml().length() + 3);
        assertThat(image.pixels()).containsExactly(-5, -1);
        assertThat(image).isEqualTo(new Image(image.head(), attributes.toXml(), new byte[] {-5, -1}));
    }

    @Test
    void anImageHasTheCountersOfItsReadout() {
        AcquisitionHeader readout = AcquisitionHeader.builder()
                .measurementUid(7)
                .idx(new EncodingCounters(1, 2, 3, 4, 5, 6, 7, 8, 9))
                .acquisitionTimeStamp(11)
                .userInt(List.of(1, 2, 3, 4, 5, 6, 7, 8))
                .build();
        ImageHeader head = ImageHeader.from(readout).build();
        assertThat(List.of(head.average(), head.slice(), head.contrast(), head.phase(), head.repetition(), head.set()))
                .containsExactly(3, 4, 5, 6, 7, 8);
        assertThat(head.measurementUid()).isEqualTo(7);
        assertThat(head.acquisitionTimeStamp()).isEqualTo(11);
        assertThat(head.userInt()).isEqualTo(readout.userInt());
    }
}
