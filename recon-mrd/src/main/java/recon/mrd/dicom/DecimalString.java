package recon.mrd.dicom;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** A number as a DS value (PS3.5 6.2): at most 16 characters, as many digits as fit in them. */
final class DecimalString {
    private static final int MAX_SIGNIFICANT_DIGITS = 16;

    private DecimalString() {}

    /**
     * The decimal nearest to the value among those of at most 16 characters, without needless zeros.
     *
     * @throws IllegalArgumentException if the value is infinite or not a number
     */
    static String of(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("DS value " + value + " is not a finite number");
        }
        if (value == 0) {
            return "0";
        }
        BigDecimal exact = new BigDecimal(Double.toString(value));
        String nearest = fitting(exact, RoundingMode.HALF_EVEN);
        // The largest numbers may round to what no double holds.
        return Double.isFinite(Double.parseDouble(nearest)) ? nearest : fitting(exact, RoundingMode.DOWN);
    }

    private static String fitting(BigDecimal exact, RoundingMode rounding) {
        for (int digits = MAX_SIGNIFICANT_DIGITS; ; digits--) {
            BigDecimal rounded = exact.round(new MathContext(digits, rounding)).stripTrailingZeros();
            String plain = rounded.toPlainString();
            if (plain.length() <= Vr.DS.maxChars()) {
                return plain;
            }
            String scientific = rounded.unscaledValue() + "E" + -rounded.scale();
            if (scientific.length() <= Vr.DS.maxChars()) {
                return scientific;
            }
        }
    }
}
