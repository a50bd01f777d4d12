package recon.relay.backend;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import recon.common.job.Failures;
import recon.common.job.JobId;
import recon.common.job.PeerText;
import recon.common.job.SubmissionId;
import recon.common.state.OwnDirectories;

/**
 * Which server has which job, and where a submission went; and what administrators did. Survives a kill of the relay;
 * what is lost of jobs with the machine is found again by asking the servers. Thread-safe: one statement at a time.
 */
public final class Routes implements Closeable {
    private static final String DATABASE = "relay.db";

    /** How often what is old is forgotten. */
    private static final Duration FORGETTING = Duration.ofDays(1);

    /** Longer than servers keep jobs by default. */
    private static final Duration KEPT = Duration.ofDays(90);

    /** As the server's record has it. */
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Clock clock;

    @GuardedBy("this")
    private final Connection database;

    @GuardedBy("this")
    private Instant forgotAt;

    /**
     * Where a submission went.
     *
     * @param backend the server's name
     * @param whole whether all of its files may have gone over: then the server may have taken it, answered or not
     */
    public record Route(String backend, boolean whole) {}

    private Routes(Connection database, Clock clock) {
        this.database = database;
        this.clock = clock;
        this.forgotAt = clock.instant();
    }

    /** @throws IOException if the file cannot be used; the message tells the operator what to do */
    public static Routes open(Path directory, Clock clock) throws IOException {
        Path file = OwnDirectories.make(directory, "STATE_DIR").resolve(DATABASE);
        try {
            makeForOwner(file);
            Connection database = DriverManager.getConnection("jdbc:sqlite:" + file);
            try (Statement statement = database.createStatement()) {
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute("PRAGMA synchronous = NORMAL");
                statement.execute("PRAGMA busy_timeout = 5000");
                statement.execute("CREATE TABLE IF NOT EXISTS job (id TEXT PRIMARY KEY, backend TEXT NOT NULL,"
                        + " seen INTEGER NOT NULL) WITHOUT ROWID");
                statement.execute("CREATE TABLE IF NOT EXISTS submission (id TEXT PRIMARY KEY, backend TEXT NOT NULL,"
                        + " whole INTEGER NOT NULL, seen INTEGER NOT NULL) WITHOUT ROWID");
                statement.execute("CREATE TABLE IF NOT EXISTS admin_action (number INTEGER PRIMARY KEY,"
                        + " at TEXT NOT NULL, action TEXT NOT NULL, done_by TEXT NOT NULL)");
                Routes routes = new Routes(database, clock);
                routes.forgetOld();
                return routes;
            } catch (SQLException | IOException e) {
                database.close();
                throw e;
            }
        } catch (IOException e) {
            throw new IOException("cannot use " + file + " (STATE_DIR): " + Failures.words(e), e);
        } catch (SQLException e) {
            throw new IOException("cannot use " + file + " (STATE_DIR): " + e.getMessage(), e);
        }
    }

    /** SQLite gives its other files the same mode. */
    private static void makeForOwner(Path file) throws IOException {
        boolean hasModes = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        try {
            Files.createFile(
                    file,
                    hasModes
                            ? new FileAttribute<?>[] {
                                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                            }
                            : new FileAttribute<?>[0]);
        } catch (FileAlreadyExistsException itIsThere) {
            // with the mode that it has
        }
    }

    private void forgetOldOnceADay() throws IOException {
        synchronized (this) {
            if (Duration.between(forgotAt, clock.instant()).compareTo(FORGETTING) < 0) {
                return;
            }
            forgotAt = clock.instant();
        }
        forgetOld();
    }

    private void forgetOld() throws IOException {
        long before = clock.instant().minus(KEPT).getEpochSecond();
        update("DELETE FROM job WHERE seen < ?", before);
        update("DELETE FROM submission WHERE seen < ?", before);
    }

    public void remember(JobId job, Backend backend) throws IOException {
        forgetOldOnceADay();
        update("INSERT OR REPLACE INTO job VALUES (?, ?, ?)", job.toString(), backend.name(), now());
    }

    public Optional<String> find(JobId job) throws IOException {
        return query("SELECT backend FROM job WHERE id = ?", job.toString(), row -> row.getString(1));
    }

    public void remember(SubmissionId submission, Route route) throws IOException {
        update(
                "INSERT OR REPLACE INTO submission VALUES (?, ?, ?, ?)",
                submission.toString(),
                route.backend(),
                route.whole() ? 1 : 0,
                now());
    }

    public Optional<Route> find(SubmissionId submission) throws IOException {
        return query(
                "SELECT backend, whole FROM submission WHERE id = ?",
                submission.toString(),
                row -> new Route(row.getString(1), row.getInt(2) != 0));
    }

    /**
     * What an administrator is about to do.
     *
     * @param by who, and from where
     */
    public void recordAction(String action, String by) throws IOException {
        update(
                "INSERT INTO admin_action (at, action, done_by) VALUES (?, ?, ?)",
                MILLIS.format(clock.instant()),
                PeerText.oneLine(action),
                by);
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    private synchronized void update(String sql, Object... values) throws IOException {
        try (PreparedStatement statement = database.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IOException("the relay's record cannot be written: " + e.getMessage(), e);
        }
    }

    /** Reads one row. */
    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private synchronized <T> Optional<T> query(String sql, String key, Reader<T> reader) throws IOException {
        try (PreparedStatement statement = database.prepareStatement(sql)) {
            statement.setString(1, key);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(reader.read(rows)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new IOException("the record of jobs cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        try {
            database.close();
        } catch (SQLException e) {
            throw new IOException("relay.db was not closed: " + e.getMessage(), e);
        }
    }
}
