package recon.mrd.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AcquisitionHeaderTest {
    @Test
    void fieldsLieWhereTheSpecificationPutsThem() {
        Map<String, Integer> offsets = new HashMap<>();
        AcquisitionHeaderFormat.FIELDS.forEach(field -> offsets.put(field.name(), field.offset()));
        assertThat(AcquisitionHeaderFormat.BYTES).isEqualTo(340);
        assertThat(offsets)
                .hasSize(24)
                .containsEntry("flags", 2)
                .containsEntry("acquisition_time_stamp", 18)
                .containsEntry("number_of_samples", 34)
                .containsEntry("channel_mask", 40)
                .containsEntry("discard_pre", 168)
                .containsEntry("trajectory_dimensions", 176)
                .containsEntry("sample_time_us", 178)
                .containsEntry("patient_table_position", 230)
                .containsEntry("idx", 242)
                .containsEntry("user_int", 276)
                .containsEntry("user_float", 308);
        assertThat(AcquisitionHeaderFormat.COUNTER_FIELDS.get(9).offset()).isEqualTo(18);
    }

    @Property(tries = 300)
    void any340BytesComeBackAsTheyWere(@ForAll @Size(340) byte[] bytes) {
        AcquisitionHeader head = AcquisitionHeaderReader.read(ByteBuffer.wrap(bytes));
        ByteBuffer out = ByteBuffer.allocate(340);
        AcquisitionHeaderWriter.write(head, out);
        assertThat(out.hasRemaining()).isFalse();
        AcquisitionHeader again = AcquisitionHeaderReader.read(out.flip());
        assertThat(again).isEqualTo(head);
        assertThat(again.toBuilder().build()).isEqualTo(head);
    }

    @Test
    void cutHeaderIsNotRead() {
        assertThatThrownBy(() -> AcquisitionHeaderReader.read(ByteBuffer.allocate(339)))
                .isInstanceOf(BufferUnderflowException.class);
    }

    @Test
    void flagsAreBitsCountedFromOne() {
        assertThat(AcquisitionFlag.NOISE_MEASUREMENT.mask()).isEqualTo(0x40000);
        assertThat(AcquisitionFlag.USER_8.mask()).isEqualTo(Long.MIN_VALUE);
        AcquisitionHeader head = AcquisitionHeader.builder()
                .flags(AcquisitionFlag.REVERSE, AcquisitionFlag.USER_8)
                .build();
        assertThat(head.has(AcquisitionFlag.REVERSE)).isTrue();
        assertThat(head.has(AcquisitionFlag.USER_8)).isTrue();
        assertThat(head.has(AcquisitionFlag.NAVIGATION_DATA)).isFalse();
        for (AcquisitionFlag flag : AcquisitionFlag.values()) {
            assertThat(Long.numberOfTrailingZeros(flag.mask())).isEqualTo(flag.number() - 1);
        }
    }

    @Test
    void valuesOutOfRangeAreNamed() {
        AcquisitionHeaderBuilder builder = AcquisitionHeader.builder();
        assertThatThrownBy(() -> builder.numberOfSamples(65536).build())
                .hasMessage("number_of_samples 65536 is outside 0..65535");
        builder.numberOfSamples(1).scanCounter(-1);
        assertThatThrownBy(builder::build).hasMessage("scan_counter -1 is outside 0..4294967295");
        builder.scanCounter(0).userInt(List.of(1));
        assertThatThrownBy(builder::build).hasMessage("user_int: 1 values where 8 belong");
        assertThatThrownBy(() -> new EncodingCounters(0, 0, 0, 0, 0, 0, 0, 0, 70000))
                .hasMessageContaining("segment 70000");
    }

    @Test
    void arraysMustHaveTheLengthsOfTheHeader() {
        AcquisitionHeader head = AcquisitionHeader.builder()
                .numberOfSamples(3)
                .channels(2)
                .trajectoryDimensions(2)
                .build();
        assertThatThrownBy(() -> new Acquisition(head, new float[6], new float[11]))
                .hasMessage("data of 11 values where 3 complex samples of 2 channels belong");
        assertThatThrownBy(() -> new Acquisition(head, new float[5], new float[12]))
                .hasMessage("trajectory of 5 values where 3 samples of 2 dimensions belong");
        Acquisition one = new Acquisition(head, new float[6], new float[12]);
        assertThat(one).isEqualTo(new Acquisition(head, new float[6], new float[12]));
        assertThat(one).hasSameHashCodeAs(new Acquisition(head, new float[6], new float[12]));
        assertThat(one.toString()).contains("numberOfSamples=3");
    }

    @Test
    void listsOfAHeaderCannotBeChangedFromOutside() {
        List<Integer> user = new java.util.ArrayList<>(Collections.nCopies(8, 1));
        AcquisitionHeader head = AcquisitionHeader.builder().userInt(user).build();
        user.set(0, 99);
        assertThat(head.userInt()).containsOnly(1);
    }
}
