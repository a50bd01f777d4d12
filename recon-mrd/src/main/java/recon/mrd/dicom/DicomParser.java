package recon.mrd.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The elements in the bytes of one file, from a position on. Every length is checked against what is left. */
final class DicomParser {
    private static final int MIN_ELEMENT_BYTES = 8;

    private final byte[] bytes;
    private final ByteBuffer in;
    private int elementCount;

    DicomParser(byte[] bytes, int start) {
        this.bytes = bytes;
        this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(start);
    }

    /** The elements of group 0002, which are in explicit VR whatever follows. */
    DataSet meta() throws DicomFormatException {
        DataSet meta = new DataSet();
        while (in.remaining() >= MIN_ELEMENT_BYTES && (in.getShort(in.position()) & 0xffff) == DicomFormat.META_GROUP) {
            put(meta, element(nextTag(), meta, true, in.limit(), 0));
        }
        return meta;
    }

    /** The rest of the file. */
    DataSet content(boolean explicit) throws DicomFormatException {
        DataSet content = new DataSet();
        while (in.hasRemaining()) {
            need(MIN_ELEMENT_BYTES, in.limit(), "an element");
            int tag = nextTag();
            if (tag >>> 16 <= DicomFormat.META_GROUP) {
                throw broken(Attribute.describe(tag) + " is not allowed after the file meta group");
            }
            put(content, element(tag, content, explicit, in.limit(), 0));
        }
        return content;
    }

    private Element element(int tag, DataSet parent, boolean explicit, int end, int depth) throws DicomFormatException {
        if (++elementCount > DicomFormat.MAX_ELEMENTS) {
            throw broken("more than " + DicomFormat.MAX_ELEMENTS + " elements and items");
        }
        if (tag >>> 16 == DicomFormat.ITEM_GROUP) {
            throw broken(Attribute.describe(tag) + " where an element was expected");
        }
        Vr vr = explicit ? explicitVr() : implicitVr(tag);
        long length = explicit ? explicitLength(vr, end) : in.getInt() & 0xffff_ffffL;
        boolean undefined = length == DicomFormat.UNDEFINED_LENGTH;
        if (vr == Vr.SQ || (vr == Vr.UN && undefined)) {
            // UN of undefined length is a sequence in implicit VR whatever surrounds it (PS3.5 6.2.2).
            boolean itemsExplicit = explicit && vr == Vr.SQ;
            return new Element.Sequence(tag, items(tag, parent.charset(), itemsExplicit, length, end, depth + 1));
        }
        if (undefined) {
            throw broken(Attribute.describe(tag) + " " + vr + " has an undefined length");
        }
        checkLength(tag, length, end);
        if (!vr.hasLongLength() && length > 0xfffe) {
            vr = Vr.UN; // only implicit VR can say this; explicit VR has no other way to keep it (PS3.5 6.2.2)
        }
        byte[] value = Arrays.copyOfRange(bytes, in.position(), in.position() + (int) length);
        in.position(in.position() + (int) length);
        return new Element.Value(tag, vr, value);
    }

    private List<DataSet> items(int tag, Charset charset, boolean explicit, long length, int end, int depth)
            throws DicomFormatException {
        if (depth > DicomFormat.MAX_DEPTH) {
            throw broken(Attribute.describe(tag) + ": sequences nest deeper than " + DicomFormat.MAX_DEPTH);
        }
        boolean undefined = length == DicomFormat.UNDEFINED_LENGTH;
        if (!undefined) {
            checkLength(tag, length, end);
        }
        int sequenceEnd = undefined ? end : in.position() + (int) length;
        List<DataSet> items = new ArrayList<>();
        while (undefined || in.position() < sequenceEnd) {
            need(DicomFormat.ITEM_HEADER_BYTES, sequenceEnd, "an item of " + Attribute.describe(tag));
            int itemTag = nextTag();
            long itemLength = in.getInt() & 0xffff_ffffL;
            if (undefined && itemTag == DicomFormat.SEQUENCE_DELIMITER) {
                return items;
            }
            if (itemTag != DicomFormat.ITEM) {
                throw broken(Attribute.describe(itemTag) + " where an item was expected");
            }
            if (++elementCount > DicomFormat.MAX_ELEMENTS) {
                throw broken("more than " + DicomFormat.MAX_ELEMENTS + " elements and items");
            }
            items.add(item(charset, explicit, itemLength, sequenceEnd, depth));
        }
        return items;
    }

    private DataSet item(Charset charset, boolean explicit, long length, int end, int depth)
            throws DicomFormatException {
        boolean undefined = length == DicomFormat.UNDEFINED_LENGTH;
        if (!undefined) {
            checkLength(DicomFormat.ITEM, length, end);
        }
        int itemEnd = undefined ? end : in.position() + (int) length;
        DataSet item = new DataSet(charset);
        while (undefined || in.position() < itemEnd) {
            need(MIN_ELEMENT_BYTES, itemEnd, "an element");
            int tag = nextTag();
            if (undefined && tag == DicomFormat.ITEM_DELIMITER) {
                in.getInt();
                return item;
            }
            put(item, element(tag, item, explicit, itemEnd, depth));
        }
        return item;
    }

    private int nextTag() {
        return (in.getShort() & 0xffff) << 16 | (in.getShort() & 0xffff);
    }

    private Vr explicitVr() throws DicomFormatException {
        return Vr.of(in.get(), in.get(), "byte " + (in.position() - 2));
    }

    private long explicitLength(Vr vr, int end) throws DicomFormatException {
        if (!vr.hasLongLength()) {
            return in.getShort() & 0xffff;
        }
        need(6, end, "the length of an element");
        in.getShort();
        return in.getInt() & 0xffff_ffffL;
    }

    private static Vr implicitVr(int tag) {
        boolean isPrivate = (tag >>> 16 & 1) == 1;
        int element = tag & 0xffff;
        if (element == 0) {
            return Vr.UL;
        }
        if (isPrivate) {
            return element >= 0x10 && element <= 0xff ? Vr.LO : Vr.UN;
        }
        return Attribute.of(tag)
                .map(Attribute::vr)
                .or(() -> StandardVrs.of(tag))
                .orElse(Vr.UN);
    }

    private void put(DataSet dataSet, Element element) throws DicomFormatException {
        if (dataSet.get(element.tag()).isPresent()) {
            throw broken(Attribute.describe(element.tag()) + " occurs twice");
        }
        dataSet.put(element);
    }

    private void checkLength(int tag, long length, int end) throws DicomFormatException {
        if (length > end - in.position()) {
            throw broken(Attribute.describe(tag) + ": length " + length + " is more than the " + (end - in.position())
                    + " bytes left");
        }
        if ((length & 1) != 0) {
            throw broken(Attribute.describe(tag) + ": length " + length + " is odd");
        }
    }

    private void need(int count, int end, String what) throws DicomFormatException {
        if (end - in.position() < count) {
            throw broken(what + " starts " + (end - in.position()) + " bytes before the end of what holds it");
        }
    }

    private DicomFormatException broken(String reason) {
        return new DicomFormatException("byte " + in.position() + ": " + reason);
    }
}
