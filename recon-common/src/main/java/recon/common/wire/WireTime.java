package recon.common.wire;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as reports write them. */
public final class WireTime {
    private static final DateTimeFormatter UTC = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private WireTime() {}

    /** {@code 2026-01-31 23:59:59 UTC}. */
    public static String utc(Instant time) {
        return UTC.format(time);
    }

    /** {@code 00h 00m 56s}. */
    public static String uptime(Duration time) {
        return String.format(
                Locale.ROOT, "%02dh %02dm %02ds", time.toHours(), time.toMinutesPart(), time.toSecondsPart());
    }
}
