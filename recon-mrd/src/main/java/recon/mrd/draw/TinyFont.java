package recon.mrd.draw;

import java.util.Locale;

/**
 * Letters of 3 x 5 dots, since a Java runtime for servers may have no fonts. Capitals, digits and a few marks; all
 * other characters show as a question mark.
 */
public final class TinyFont {
    private static final int DOT_PIXELS = 2;

    /** Height of a letter. */
    public static final int LINE_PIXELS = 5 * DOT_PIXELS;

    private static final int ADVANCE_PIXELS = 4 * DOT_PIXELS;
    private static final int GLYPH_ROWS = 5;

    /** The character, then its five rows of three dots as octal digits. */
    private static final String[] GLYPHS = {
        " 00000", "075557", "126227", "271747", "371317", "455711", "574717", "674757", "771222", "875757", "975717",
        "A25755", "B65656", "C34443", "D65556", "E74647", "F74644", "G34553", "H55755", "I72227", "J11152", "K55655",
        "L44447", "M57755", "N57775", "O25552", "P65644", "Q25563", "R65655", "S34216", "T72222", "U55557", "V55552",
        "W55775", "X55255", "Y55222", "Z71247", "/11244", ":02020", ".00002", ",00024", "-00700", "(12221", ")42224",
        "_00007", "^25000", "+02720", "=07070", "*05250", "'22000", "%51245", "<12421", ">42124", "[64446", "]31113"
    };

    private static final String UNKNOWN = "?71202";

    private TinyFont() {}

    /** Takes the place of a pixel that belongs to the text. */
    @FunctionalInterface
    public interface Dots {
        void at(int x, int y);
    }

    public static int widthPixels(String text) {
        return Math.max(0, text.length() * ADVANCE_PIXELS - DOT_PIXELS);
    }

    /** Calls back for every pixel of the text whose upper left corner is at (left, top). */
    public static void draw(String text, int left, int top, Dots dots) {
        String capitals = text.toUpperCase(Locale.ROOT);
        for (int i = 0; i < capitals.length(); i++) {
            String glyph = glyph(capitals.charAt(i));
            for (int y = 0; y < GLYPH_ROWS * DOT_PIXELS; y++) {
                int bits = glyph.charAt(1 + y / DOT_PIXELS) - '0';
                for (int x = 0; x < 3 * DOT_PIXELS; x++) {
                    if ((bits >> (2 - x / DOT_PIXELS) & 1) == 1) {
                        dots.at(left + i * ADVANCE_PIXELS + x, top + y);
                    }
                }
            }
        }
    }

    private static String glyph(char c) {
        for (String glyph : GLYPHS) {
            if (glyph.charAt(0) == c) {
                return glyph;
            }
        }
        return UNKNOWN;
    }
}
