package recon.mrd.dicom;

import java.util.Arrays;
import java.util.List;

/** One data element: a tag, a VR, and either the bytes of a value or the items of a sequence. Immutable. */
public sealed interface Element {
    int tag();

    Vr vr();

    /** An element whose value is kept as its bytes in little-endian order, of even length, padding included. */
    final class Value implements Element {
        private final int tag;
        private final Vr vr;
        private final byte[] bytes;

        /**
         * A copy of the bytes, padded to even length.
         *
         * @throws IllegalArgumentException if the VR is SQ or its length field cannot hold the value
         */
        public Value(int tag, Vr vr, byte[] bytes) {
            if (vr == Vr.SQ) {
                throw new IllegalArgumentException(Attribute.describe(tag) + ": SQ holds items, no bytes");
            }
            if (!vr.hasLongLength() && bytes.length > 0xfffe) {
                throw new IllegalArgumentException(Attribute.describe(tag) + ": " + bytes.length
                        + " bytes are more than the 65534 that " + vr + " can hold");
            }
            this.tag = tag;
            this.vr = vr;
            this.bytes = padded(vr, bytes);
        }

        private static byte[] padded(Vr vr, byte[] bytes) {
            byte[] even = Arrays.copyOf(bytes, bytes.length + (bytes.length & 1));
            if (even.length > bytes.length) {
                even[bytes.length] = vr.padding();
            }
            return even;
        }

        @Override
        public int tag() {
            return tag;
        }

        @Override
        public Vr vr() {
            return vr;
        }

        public int length() {
            return bytes.length;
        }

        public byte[] bytes() {
            return bytes.clone();
        }

        /** The bytes themselves, for readers of this package that leave them alone. */
        byte[] sharedBytes() {
            return bytes;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Value v && v.tag == tag && v.vr == vr && Arrays.equals(v.bytes, bytes);
        }

        @Override
        public int hashCode() {
            return 31 * tag + Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return Attribute.describe(tag) + " " + vr + " " + bytes.length + " bytes";
        }
    }

    /** A sequence of items. The data sets in it are to be left alone once they are part of it. */
    record Sequence(int tag, List<DataSet> items) implements Element {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public Vr vr() {
            return Vr.SQ;
        }

        @Override
        public String toString() {
            return Attribute.describe(tag) + " SQ " + items.size() + " items";
        }
    }
}
