package recon.mrd.dicom;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * SpecificCharacterSet's defined terms (PS3.3 C.12.1.1.2) without code extensions. What we write is ASCII or UTF-8;
 * the rest is for reading.
 */
final class CharacterSets {
    static final String UTF_8 = "ISO_IR 192";

    private CharacterSets() {}

    /**
     * The charset of a term. An absent, unknown or multi-valued term reads as Latin-1, which keeps every byte and gets
     * the ASCII characters right, rather than making a file unreadable for a name in it.
     */
    static Charset of(String term) {
        String name = switch (term.strip()) {
            case UTF_8 -> "UTF-8";
            case "ISO_IR 101" -> "ISO-8859-2";
            case "ISO_IR 109" -> "ISO-8859-3";
            case "ISO_IR 110" -> "ISO-8859-4";
            case "ISO_IR 144" -> "ISO-8859-5";
            case "ISO_IR 127" -> "ISO-8859-6";
            case "ISO_IR 126" -> "ISO-8859-7";
            case "ISO_IR 138" -> "ISO-8859-8";
            case "ISO_IR 148" -> "ISO-8859-9";
            case "ISO_IR 203" -> "ISO-8859-15";
            case "ISO_IR 13" -> "JIS_X0201";
            case "ISO_IR 166" -> "TIS-620";
            case "GB18030" -> "GB18030";
            case "GBK" -> "GBK";
            default -> "ISO-8859-1";
        };
        // The smaller runtimes leave out the charsets of the module jdk.charsets.
        return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.ISO_8859_1;
    }
}
