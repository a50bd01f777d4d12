package recon.relay.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.job.JobId;
import recon.common.job.SubmissionId;

@Timeout(30)
class RoutesTest {
    private static final Instant NOW = Instant.parse("2026-03-02T09:14:05Z");
    private static final JobId JOB = JobId.parse("3f0c1e9a-5b7d-4a55-9c5e-0d2f6b8a1c33");
    private static final SubmissionId SUBMISSION = SubmissionId.parse("7a1d0c52-93be-4f0e-8a67-1f3f0a9d2b10");

    @TempDir
    Path directory;

    private Routes open(Instant now) throws IOException {
        return Routes.open(directory.resolve("state"), Clock.fixed(now, ZoneOffset.UTC));
    }

    /** It is never asked. */
    private static Backend server(String address) {
        return new Backend(BackendAddress.parse(address), null, () -> false, () -> {});
    }

    @Test
    void whatIsRememberedIsThereAfterTheRelayWasStartedAgain() throws Exception {
        try (Routes routes = open(NOW)) {
            routes.remember(JOB, server("recon1:60000"));
            routes.remember(SUBMISSION, new Routes.Route("recon1:60000", true));
            assertThat(routes.find(JOB)).contains("recon1:60000");
        }
        try (Routes routes = open(NOW.plusSeconds(60))) {
            assertThat(routes.find(JOB)).contains("recon1:60000");
            assertThat(routes.find(SUBMISSION)).contains(new Routes.Route("recon1:60000", true));
        }
    }

    @Test
    void whatIsThereWithoutACloseIsRememberedToo() throws Exception {
        try (Routes killed = open(NOW)) {
            killed.remember(JOB, server("recon1:60000"));
            try (Routes routes = open(NOW)) {
                assertThat(routes.find(JOB)).contains("recon1:60000");
            }
        }
    }

    @Test
    void whatAdministratorsDoIsOnRecordInOrder() throws Exception {
        try (Routes routes = open(NOW)) {
            routes.recordAction("drain recon1:60000", "admin@10.0.0.7");
            routes.recordAction("reload:\nall", "SIGHUP");
        }
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("state/relay.db"));
                Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM admin_action ORDER BY number")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString("at")).isEqualTo("2026-03-02T09:14:05.000Z");
            assertThat(rows.getString("action")).isEqualTo("drain recon1:60000");
            assertThat(rows.getString("done_by")).isEqualTo("admin@10.0.0.7");
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString("action")).isEqualTo("reload:?all");
            assertThat(rows.next()).isFalse();
        }
    }

    @Test
    void whatWasNeverSeenIsNotFound() throws Exception {
        try (Routes routes = open(NOW)) {
            routes.remember(JOB, server("recon1:60000"));
            assertThat(routes.find(JobId.parse(UUID.randomUUID().toString()))).isEmpty();
            assertThat(routes.find(SUBMISSION)).isEmpty();
        }
    }

    @Test
    void theLastServerCounts() throws Exception {
        try (Routes routes = open(NOW)) {
            routes.remember(SUBMISSION, new Routes.Route("recon1:60000", false));
            routes.remember(SUBMISSION, new Routes.Route("recon2:60000", false));
            routes.remember(JOB, server("recon1:60000"));
            routes.remember(JOB, server("[::1]:60000"));
            assertThat(routes.find(SUBMISSION)).contains(new Routes.Route("recon2:60000", false));
            assertThat(routes.find(JOB)).contains("[::1]:60000");
        }
    }

    @Test
    void whatIsOlderThanNinetyDaysIsForgottenAtTheNextStart() throws Exception {
        try (Routes routes = open(NOW)) {
            routes.remember(JOB, server("recon1:60000"));
            routes.remember(SUBMISSION, new Routes.Route("recon1:60000", true));
        }
        try (Routes routes = open(NOW.plus(Duration.ofDays(90)))) {
            assertThat(routes.find(JOB)).isPresent();
            assertThat(routes.find(SUBMISSION)).isPresent();
        }
        try (Routes routes = open(NOW.plus(Duration.ofDays(90)).plusSeconds(1))) {
            assertThat(routes.find(JOB)).isEmpty();
            assertThat(routes.find(SUBMISSION)).isEmpty();
        }
    }

    @Test
    void whatIsOldIsForgottenOnceADayWhileTheRelayRuns() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(NOW);
        Clock clock = new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now.get();
            }
        };
        try (Routes routes = Routes.open(directory.resolve("state"), clock)) {
            routes.remember(JOB, server("recon1:60000"));
            now.set(NOW.plus(Duration.ofDays(90)));
            routes.remember(JobId.random(), server("recon1:60000"));
            assertThat(routes.find(JOB)).isPresent();
            now.set(NOW.plus(Duration.ofDays(90)).plus(Duration.ofHours(23)));
            routes.remember(JobId.random(), server("recon1:60000"));
            assertThat(routes.find(JOB)).isPresent();
            now.set(NOW.plus(Duration.ofDays(91)));
            routes.remember(JobId.random(), server("recon1:60000"));
            assertThat(routes.find(JOB)).isEmpty();
        }
    }

    @Test
    void nobodyElseMayReadTheRecord() throws Exception {
        try (Routes routes = open(NOW)) {
            routes.remember(JOB, server("recon1:60000"));
            Path state = directory.resolve("state");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
                    .isEqualTo("rwx------");
            try (Stream<Path> files = Files.list(state)) {
                assertThat(files.toList())
                        .hasSize(3) // the database, its log, and an index of that
                        .allSatisfy(
                                file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                                        .isEqualTo("rw-------"));
            }
        }
    }

    @Test
    void aFileThatIsNoDatabaseIsNamedWithItsItem() throws Exception {
        Path file = Files.createDirectory(directory.resolve("state")).resolve("relay.db");
        Files.writeString(file, "this is no database, but it is long enough to be looked at as one".repeat(100));
        assertThatThrownBy(() -> open(NOW))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot use " + file + " (STATE_DIR): ");
    }

    @Test
    void aRecordThatWasClosedSaysSo() throws Exception {
        Routes routes = open(NOW);
        routes.close();
        assertThatThrownBy(() -> routes.find(JOB))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> routes.remember(JOB, server("recon1:60000")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be written");
    }
}
