package recon.mrd.format;

/** Usual values of an image header's {@code image_type}; others may occur. */
public final class ImageType {
    /** Not said. */
    public static final int UNKNOWN = 0;

    public static final int MAGNITUDE = 1;
    public static final int PHASE = 2;
    public static final int REAL = 3;
    public static final int IMAGINARY = 4;
    public static final int COMPLEX = 5;
    /** Three channels of 0 to 255. */
    public static final int RGB = 6;

    private ImageType() {}
}
