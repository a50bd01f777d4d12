package recon.mrd.dicom;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.regex.Pattern;

/** What a text value of each VR may hold (PS3.5 table 6.2-1): checked on writing, never on reading. */
final class TextRules {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuuMMdd").withResolverStyle(ResolverStyle.STRICT);
    private static final Pattern AGE = Pattern.compile("[0-9]{3}[DWMY]");
    private static final Pattern CODE = Pattern.compile("[A-Z0-9_ ]*");
    private static final Pattern DECIMAL = Pattern.compile(" *[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)? *");
    private static final Pattern INTEGER = Pattern.compile(" *[+-]?[0-9]+ *");
    private static final Pattern TIME =
            Pattern.compile("([01][0-9]|2[0-3])([0-5][0-9](([0-5][0-9]|60)(\\.[0-9]{1,6})?)?)?");
    private static final Pattern DATE_TIME =
            Pattern.compile("[0-9]{4}([0-9]{2}){0,5}(?:(?<=[0-9]{14})\\.[0-9]{1,6})?([+-][0-9]{4})?");
    private static final int MAX_NAME_GROUP_CHARS = 64;

    private TextRules() {}

    /** @throws IllegalArgumentException if the VR does not allow this single value */
    static void check(Vr vr, String value) {
        int chars = value.codePointCount(0, value.length());
        if (chars > vr.maxChars()) {
            throw refused(vr, value, "has " + chars + " characters, at most " + vr.maxChars() + " are allowed");
        }
        if (vr.form() == Vr.Form.TEXT && value.indexOf('\\') >= 0) {
            throw refused(vr, value, "holds a backslash, which separates values");
        }
        if (value.codePoints().anyMatch(c -> isForbiddenControl(vr, c))) {
            throw refused(vr, value, "holds a control character or half a surrogate pair");
        }
        if (!vr.usesCharacterSet() && value.chars().anyMatch(c -> c > 0x7e)) {
            throw refused(vr, value, "may hold ASCII only");
        }
        if (!value.isEmpty() && !hasTheForm(vr, value)) {
            throw refused(vr, value, "does not have the form of this value representation");
        }
    }

    private static boolean hasTheForm(Vr vr, String value) {
        return switch (vr) {
            case AS -> AGE.matcher(value).matches();
            case CS -> CODE.matcher(value).matches();
            case DA -> isDate(value);
            case DS -> DECIMAL.matcher(value).matches();
            case DT -> DATE_TIME.matcher(value).matches();
            case IS -> INTEGER.matcher(value).matches() && isInt(value.trim());
            case PN -> isName(value);
            case TM -> TIME.matcher(value).matches();
            case UI -> Uid.isValid(value);
            case UR -> value.indexOf(' ') < 0;
            default -> true;
        };
    }

    private static boolean isDate(String value) {
        try {
            LocalDate.parse(value, DATE);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static boolean isInt(String value) {
        try {
            Integer.parseInt(value);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Up to three groups (alphabetic, ideographic, phonetic) of up to five components. */
    private static boolean isName(String value) {
        String[] groups = value.split("=", -1);
        if (groups.length > 3) {
            return false;
        }
        for (String group : groups) {
            if (group.codePointCount(0, group.length()) > MAX_NAME_GROUP_CHARS
                    || group.chars().filter(c -> c == '^').count() > 4) {
                return false;
            }
        }
        return true;
    }

    private static boolean isForbiddenControl(Vr vr, int c) {
        if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
            return true;
        }
        boolean layout = c == '\n' || c == '\r' || c == '\f' || c == '\t';
        return Character.isISOControl(c) && !(layout && (vr == Vr.LT || vr == Vr.ST || vr == Vr.UT));
    }

    private static IllegalArgumentException refused(Vr vr, String value, String reason) {
        String shown = value.length() > 80 ? value.substring(0, 80) + "..." : value;
        return new IllegalArgumentException(vr + " value \"" + shown.replaceAll("\\p{Cntrl}", "?") + "\" " + reason);
    }
}
