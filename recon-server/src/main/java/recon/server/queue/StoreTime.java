package recon.server.queue;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Times as the store writes them: ISO 8601 in UTC with three digits of milliseconds, so that text order is time order. */
final class StoreTime {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

    private StoreTime() {}

    /**
     * What is finer than a millisecond is cut off.
     *
     * @throws IllegalArgumentException if the year has not four digits: such a text would be sorted wrongly
     */
    static String text(Instant time) {
        if (time.isBefore(FIRST) || time.isAfter(LAST)) {
            throw new IllegalArgumentException("time " + time + " is outside " + FIRST + ".." + LAST);
        }
        return FORMAT.format(time);
    }

    /** Null for none, as a column holds it. */
    static String text(Optional<Instant> time) {
        return time.map(StoreTime::text).orElse(null);
    }

    static Instant parse(String text) {
        return Instant.parse(text);
    }
}
