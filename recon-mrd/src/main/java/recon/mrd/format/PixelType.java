package recon.mrd.format;

import java.util.Optional;

/** What the pixels of an image are; the code is {@code data_type} of its header. */
public enum PixelType {
    U16(1, 2, false),
    I16(2, 2, false),
    U32(3, 4, false),
    I32(4, 4, false),
    F32(5, 4, false),
    F64(6, 8, false),
    COMPLEX_F32(7, 8, true),
    COMPLEX_F64(8, 16, true);

    private static final PixelType[] BY_CODE = values();

    private final int code;
    private final int bytes;
    private final boolean complex;

    PixelType(int code, int bytes, boolean complex) {
        this.code = code;
        this.bytes = bytes;
        this.complex = complex;
    }

    public int code() {
        return code;
    }

    /** Bytes of one pixel; of a complex one both parts. */
    public int bytes() {
        return bytes;
    }

    public boolean isComplex() {
        return complex;
    }

    /** The type of this code; empty if there is none. */
    public static Optional<PixelType> of(int code) {
        return code < 1 || code > BY_CODE.length ? Optional.empty() : Optional.of(BY_CODE[code - 1]);
    }
}
