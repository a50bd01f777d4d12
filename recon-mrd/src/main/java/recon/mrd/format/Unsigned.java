package recon.mrd.format;

import java.util.List;

/** Range checks for the unsigned fields of the headers, with messages that name the field. */
final class Unsigned {
    static final int MAX_16 = 0xFFFF;
    static final long MAX_32 = 0xFFFFFFFFL;

    private Unsigned() {}

    static void check16(String field, int value) {
        if (value < 0 || value > MAX_16) {
            throw new IllegalArgumentException(field + " " + value + " is outside 0.." + MAX_16);
        }
    }

    static void check32(String field, long value) {
        if (value < 0 || value > MAX_32) {
            throw new IllegalArgumentException(field + " " + value + " is outside 0.." + MAX_32);
        }
    }

    static <T> List<T> copyOf(String field, List<T> values, int count) {
        if (values.size() != count) {
            throw new IllegalArgumentException(field + ": " + values.size() + " values where " + count + " belong");
        }
        return List.copyOf(values);
    }
}
