package recon.mrd.format;

import java.util.List;

/**
 * One field of a packed little-endian header.
 *
 * @param name as ISMRMRD spells it
 * @param offset from the start of the header that holds it, in bytes
 * @param count 1, or the length of an array
 * @param nested the fields of a nested header; empty for numbers
 */
public record HeaderField(String name, int offset, Kind kind, int count, List<HeaderField> nested) {
    /** What a field is made of. */
    public enum Kind {
        U16(2),
        U32(4),
        U64(8),
        I32(4),
        F32(4),
        NESTED(0);

        private final int bytes;

        Kind(int bytes) {
            this.bytes = bytes;
        }

        /** Bytes of one number. */
        public int bytes() {
            return bytes;
        }
    }

    public HeaderField {
        nested = List.copyOf(nested);
    }

    /** Bytes of the whole field. */
    public int bytes() {
        return kind == Kind.NESTED
                ? nested.stream().mapToInt(HeaderField::bytes).sum()
                : kind.bytes() * count;
    }
}
