package recon.mrd.dicom;

import java.math.BigInteger;
import java.util.UUID;
import java.util.regex.Pattern;

/** Unique identifiers: their syntax (PS3.5 9.1), and the ones known by name. */
public final class Uid {
    public static final String EXPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
    public static final String IMPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2";
    public static final String MR_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.4";
    public static final String SECONDARY_CAPTURE_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.7";

    private static final int MAX_CHARS = 64;
    private static final Pattern SYNTAX = Pattern.compile("(0|[1-9][0-9]*)(\\.(0|[1-9][0-9]*))+");

    private Uid() {}

    /** Digits and dots, no component with a leading zero, at most 64 characters. */
    public static boolean isValid(String text) {
        return text.length() <= MAX_CHARS && SYNTAX.matcher(text).matches();
    }

    /** The UID of a UUID: {@code 2.25.} and its 128 bits as a decimal number (PS3.5 B.2). */
    public static String of(UUID uuid) {
        return "2.25." + new BigInteger(uuid.toString().replace("-", ""), 16);
    }
}
