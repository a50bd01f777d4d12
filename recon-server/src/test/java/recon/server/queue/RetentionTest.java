package recon.server.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void eachKindOfFileHasItsTime() {
        Retention retention = new Retention(Duration.ofHours(1), Duration.ofHours(2), Duration.ofHours(3));
        assertThat(retention.ofDelivered(NOW)).isEqualTo(Kept.resultsUntil(NOW.plusSeconds(3600)));
        assertThat(retention.endOfUndelivered(NOW)).isEqualTo(NOW.plusSeconds(2 * 3600));
        assertThat(retention.ofFailedInputs(NOW)).isEqualTo(Kept.inputsUntil(Optional.of(NOW.plusSeconds(3 * 3600))));
        assertThat(retention.logs()).isEqualTo(Duration.ofHours(2));
    }

    @Test
    void zeroKeepsResultsForTheLastWordOnlyAndInputsNotAtAll() {
        Retention retention = new Retention(Duration.ZERO, Duration.ofHours(2), Duration.ZERO);
        assertThat(retention.endsWithDelivery()).isTrue();
        assertThat(retention.ofDelivered(NOW)).isEqualTo(Kept.resultsUntil(NOW.plusSeconds(600)));
        assertThat(retention.ofFailedInputs(NOW)).isEqualTo(Kept.NOTHING);
    }

    @Test
    void logsStayAsLongAsAnyResultMay() {
        assertThat(new Retention(Duration.ofHours(5), Duration.ofHours(2), Duration.ZERO).logs())
                .isEqualTo(Duration.ofHours(5));
    }
}
