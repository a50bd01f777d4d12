package recon.common.crypto;

/**
 * A set of 64-bit values that are already evenly spread, such as pieces of a MAC: open addressing, at most three
 * quarters full, about 16 bytes a value. (A {@code HashSet<Long>} takes four times that; at full speed there are
 * thousands of tokens a second.) Not thread-safe.
 */
final class LongSet {
    private long[] table = new long[64];
    private boolean hasZero; // 0 marks a free place in the table
    private int used;

    boolean contains(long value) {
        return value == 0 ? hasZero : table[place(table, value)] == value;
    }

    /** Returns false if the value was there already. */
    boolean add(long value) {
        if (value == 0) {
            boolean added = !hasZero;
            hasZero = true;
            return added;
        }
        int place = place(table, value);
        if (table[place] == value) {
            return false;
        }
        table[place] = value;
        used++;
        if (used > table.length / 4 * 3) {
            grow();
        }
        return true;
    }

    int size() {
        return used + (hasZero ? 1 : 0);
    }

    private void grow() {
        long[] larger = new long[2 * table.length];
        for (long value : table) {
            if (value != 0) {
                larger[place(larger, value)] = value;
            }
        }
        table = larger;
    }

    private static int place(long[] table, long value) {
        int place = (int) value & (table.length - 1);
        while (table[place] != 0 && table[place] != value) {
            place = (place + 1) & (table.length - 1);
        }
        return place;
    }
}
