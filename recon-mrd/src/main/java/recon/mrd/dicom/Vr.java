package recon.mrd.dicom;

/**
 * Value representations and their encoding: the width of the length field in explicit VR (PS3.5 7.1.2), the byte that
 * pads a value to even length (PS3.5 6.2), and how the bytes are to be understood.
 */
public enum Vr {
    AE(Form.TEXT, 16),
    AS(Form.TEXT, 4),
    AT(Form.BYTES, 4),
    CS(Form.TEXT, 16),
    DA(Form.TEXT, 8),
    DS(Form.TEXT, 16),
    DT(Form.TEXT, 26),
    FD(Form.FLOAT, 8),
    FL(Form.FLOAT, 4),
    IS(Form.TEXT, 12),
    LO(Form.TEXT, 64),
    LT(Form.LONG_TEXT, 10_240),
    OB(Form.BYTES, 1),
    OD(Form.BYTES, 8),
    OF(Form.BYTES, 4),
    OL(Form.BYTES, 4),
    OV(Form.BYTES, 8),
    OW(Form.BYTES, 2),
    PN(Form.TEXT, 3 * 64 + 2),
    SH(Form.TEXT, 16),
    SL(Form.INTEGER, 4),
    SQ(Form.ITEMS, 1),
    SS(Form.INTEGER, 2),
    ST(Form.LONG_TEXT, 1024),
    SV(Form.INTEGER, 8),
    TM(Form.TEXT, 16),
    UC(Form.TEXT, Integer.MAX_VALUE),
    UI(Form.TEXT, 64),
    UL(Form.INTEGER, 4),
    UN(Form.BYTES, 1),
    UR(Form.LONG_TEXT, Integer.MAX_VALUE),
    US(Form.INTEGER, 2),
    UT(Form.LONG_TEXT, Integer.MAX_VALUE),
    UV(Form.INTEGER, 8);

    /** How the bytes of a value are read. LONG_TEXT is a single text in which a backslash separates nothing. */
    enum Form {
        TEXT,
        LONG_TEXT,
        INTEGER,
        FLOAT,
        BYTES,
        ITEMS
    }

    private final Form form;
    private final int size;

    Vr(Form form, int size) {
        this.form = form;
        this.size = size;
    }

    Form form() {
        return form;
    }

    boolean isText() {
        return form == Form.TEXT || form == Form.LONG_TEXT;
    }

    /** Most characters of one text value. */
    int maxChars() {
        return isText() ? size : 0;
    }

    /** Bytes of one number, or the multiple that a value's length must be; 1 for text. */
    int unitBytes() {
        return isText() ? 1 : size;
    }

    /** Whether SpecificCharacterSet applies (PS3.5 6.1.2.3); all other text is ASCII. */
    boolean usesCharacterSet() {
        return switch (this) {
            case LO, LT, PN, SH, ST, UC, UT -> true;
            default -> false;
        };
    }

    boolean isSigned() {
        return this == SS || this == SL || this == SV;
    }

    /** Two reserved bytes and a 32-bit length follow the VR; otherwise a 16-bit length. */
    boolean hasLongLength() {
        return switch (this) {
            case OB, OD, OF, OL, OV, OW, SQ, SV, UC, UN, UR, UT, UV -> true;
            default -> false;
        };
    }

    /** NUL for UI and bytes, a space for other text. */
    byte padding() {
        return (byte) (isText() && this != UI ? ' ' : 0);
    }

    /** The VR of two letters from a file. */
    static Vr of(byte first, byte second, String where) throws DicomFormatException {
        for (Vr vr : values()) {
            if (vr.name().charAt(0) == first && vr.name().charAt(1) == second) {
                return vr;
            }
        }
        throw new DicomFormatException(
                String.format("%s: 0x%02x%02x is no value representation", where, first & 0xff, second & 0xff));
    }
}
