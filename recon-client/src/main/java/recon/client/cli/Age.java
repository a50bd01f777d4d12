package recon.client.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long ago, as people write it: {@code 90s}, {@code 30m}, {@code 24h}, {@code 7d}. */
final class Age {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,5})([smhd])");

    private Age() {}

    /** @throws IllegalArgumentException if it is written otherwise */
    static Duration parse(String text) {
        Matcher age = TEXT.matcher(text);
        if (!age.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no length of time; write a number and s, m, h or d, as in 24h or 7d");
        }
        long n = Long.parseLong(age.group(1));
        return switch (age.group(2)) {
            case "s" -> Duration.ofSeconds(n);
            case "m" -> Duration.ofMinutes(n);
            case "h" -> Duration.ofHours(n);
            default -> Duration.ofDays(n);
        };
    }
}
