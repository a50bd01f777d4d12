package recon.mrd.format;

import java.util.List;

/**
 * Where a readout belongs: the {@code idx} part of an acquisition header. Each counter is 0 to 65535.
 *
 * @param user eight counters with a meaning of the sequence's own
 */
public record EncodingCounters(
        int kspaceEncodeStep1,
        int kspaceEncodeStep2,
        int average,
        int slice,
        int contrast,
        int phase,
        int repetition,
        int set,
        int segment,
        List<Integer> user) {
    public static final int USER_COUNT = 8;
    public static final EncodingCounters ZERO = new EncodingCounters(0, 0, 0, 0, 0, 0, 0, 0, 0);

    public EncodingCounters {
        Unsigned.check16("kspace_encode_step_1", kspaceEncodeStep1);
        Unsigned.check16("kspace_encode_step_2", kspaceEncodeStep2);
        Unsigned.check16("average", average);
        Unsigned.check16("slice", slice);
        Unsigned.check16("contrast", contrast);
        Unsigned.check16("phase", phase);
        Unsigned.check16("repetition", repetition);
        Unsigned.check16("set", set);
        Unsigned.check16("segment", segment);
        user = Unsigned.copyOf("user counters", user, USER_COUNT);
        for (int counter : user) {
            Unsigned.check16("user counter", counter);
        }
    }

    /** With all user counters 0. */
    public EncodingCounters(
            int kspaceEncodeStep1,
            int kspaceEncodeStep2,
            int average,
            int slice,
            int contrast,
            int phase,
            int repetition,
            int set,
            int segment) {
        this(
                kspaceEncodeStep1,
                kspaceEncodeStep2,
                average,
                slice,
                contrast,
                phase,
                repetition,
                set,
                segment,
                List.of(0, 0, 0, 0, 0, 0, 0, 0));
    }
}
