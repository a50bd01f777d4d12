package recon.mrd.dicom;

import java.util.Locale;
import java.util.Optional;

/**
 * Makes a text of another source (an XML header, an option) fit a VR, since a reconstructed image must not be lost to a
 * comment that is a character too long: what the VR cannot hold is replaced or cut.
 */
final class TextFit {
    private TextFit() {}

    /** The text without what the VR forbids, cut to its length; empty if nothing is left that the VR accepts. */
    static Optional<String> fit(Vr vr, String text) {
        String clean = replaceForbidden(vr == Vr.CS ? text.toUpperCase(Locale.ROOT) : text, vr);
        int limit = vr == Vr.PN ? 64 : vr.maxChars();
        if (clean.codePointCount(0, clean.length()) > limit) {
            clean = clean.substring(0, clean.offsetByCodePoints(0, limit));
        }
        clean = clean.strip();
        try {
            TextRules.check(vr, clean);
            return clean.isEmpty() ? Optional.empty() : Optional.of(clean);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String replaceForbidden(String text, Vr vr) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean forbidden = Character.isISOControl(c)
                    || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
                    || (c == '\\' && vr.form() == Vr.Form.TEXT)
                    || (vr == Vr.PN && c == '=')
                    || (vr == Vr.CS && !((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' '))
                    || (c > 0x7e && !vr.usesCharacterSet());
            out.appendCodePoint(forbidden ? (vr == Vr.CS ? '_' : ' ') : c);
        });
        return out.toString();
    }
}
