package recon.mrd.format;

/** The flags of a readout. Bit n of the specification is {@code 1L << (n - 1)}. */
public enum AcquisitionFlag {
    FIRST_IN_ENCODE_STEP_1(1),
    LAST_IN_ENCODE_STEP_1(2),
    FIRST_IN_ENCODE_STEP_2(3),
    LAST_IN_ENCODE_STEP_2(4),
    FIRST_IN_AVERAGE(5),
    LAST_IN_AVERAGE(6),
    FIRST_IN_SLICE(7),
    LAST_IN_SLICE(8),
    FIRST_IN_CONTRAST(9),
    LAST_IN_CONTRAST(10),
    FIRST_IN_PHASE(11),
    LAST_IN_PHASE(12),
    FIRST_IN_REPETITION(13),
    LAST_IN_REPETITION(14),
    FIRST_IN_SET(15),
    LAST_IN_SET(16),
    FIRST_IN_SEGMENT(17),
    LAST_IN_SEGMENT(18),
    NOISE_MEASUREMENT(19),
    PARALLEL_CALIBRATION(20),
    PARALLEL_CALIBRATION_AND_IMAGING(21),
    REVERSE(22),
    NAVIGATION_DATA(23),
    PHASE_CORRECTION_DATA(24),
    LAST_IN_MEASUREMENT(25),
    HP_FEEDBACK_DATA(26),
    DUMMY_SCAN_DATA(27),
    RT_FEEDBACK_DATA(28),
    SURFACE_COIL_CORRECTION_SCAN_DATA(29),
    PHASE_STABILIZATION_REFERENCE(30),
    PHASE_STABILIZATION(31),
    COMPRESSION_1(53),
    COMPRESSION_2(54),
    COMPRESSION_3(55),
    COMPRESSION_4(56),
    USER_1(57),
    USER_2(58),
    USER_3(59),
    USER_4(60),
    USER_5(61),
    USER_6(62),
    USER_7(63),
    USER_8(64);

    private final int number;

    AcquisitionFlag(int number) {
        this.number = number;
    }

    /** The number of the bit as the specification counts, from 1. */
    public int number() {
        return number;
    }

    public long mask() {
        return 1L << (number - 1);
    }

    /** All these flags in one word. */
    public static long maskOf(AcquisitionFlag... flags) {
        long mask = 0;
        for (AcquisitionFlag flag : flags) {
            mask |= flag.mask();
        }
        return mask;
    }
}
