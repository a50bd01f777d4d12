package recon.mrd.dicom;

/**
 * Numbers of the Part-10 file format (PS3.10 7.1) and of the encoding of data elements (PS3.5 7).
 *
 * <pre>
 * file       128 bytes preamble | "DICM" | file meta group 0002, explicit VR | data set
 * explicit   group u16 | element u16 | VR 2 letters | length u16                      | value
 *            group u16 | element u16 | VR 2 letters | 00 00 | length u32              | value   (OB, OW, SQ, UN, ...)
 * implicit   group u16 | element u16 | length u32                                     | value
 * sequence   FFFE E000 | length u32 | elements of the item | ... , length FFFFFFFF means: until a delimiter
 * </pre>
 */
final class DicomFormat {
    static final int PREAMBLE_BYTES = 128;
    static final byte[] MAGIC = {'D', 'I', 'C', 'M'};
    static final int META_GROUP = 0x0002;
    static final int ITEM_GROUP = 0xfffe;
    static final int ITEM = 0xfffe_e000;
    static final int ITEM_DELIMITER = 0xfffe_e00d;
    static final int SEQUENCE_DELIMITER = 0xfffe_e0dd;
    static final int ITEM_HEADER_BYTES = 8;
    static final long UNDEFINED_LENGTH = 0xffff_ffffL;

    /** Far above any MR image, and small enough to be held in memory. */
    static final long MAX_FILE_BYTES = 256L << 20;

    static final int MAX_DEPTH = 32;
    /** Bounds the memory that many small elements take; an image with ten thousand frames has fewer. */
    static final int MAX_ELEMENTS = 250_000;

    /** Names this implementation (PS3.7 D.3.3.2); a fixed UUID-derived UID. */
    static final String IMPLEMENTATION_CLASS_UID = "2.25.132960829694098611457843853968671685654";

    static final String IMPLEMENTATION_VERSION_NAME = "RECON_MRD_0_1";

    private DicomFormat() {}
}
