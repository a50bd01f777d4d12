package recon.server.queue;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the file, for one transaction at a time. Thread-safe.
 *
 * <p>The lock is held while SQLite reads and writes. That is the point of it: a transaction is one thread's from its begin
 * to its commit. Nothing else is done under it, and no other lock is taken.
 */
@ThreadSafe
final class SqliteConnection implements AutoCloseable {
    /** What happens in one transaction. */
    interface Work<T> {
        T run(SqliteStatements statements) throws SQLException;
    }

    private static final Logger log = LoggerFactory.getLogger(SqliteConnection.class);

    private static final int BUSY_TIMEOUT_MS = 5000;
    private static final int LARGEST_IDLE_LOG_BYTES = 16 << 20;

    /** The file is on the disk after each commit, and people may read it meanwhile. */
    private static final String EACH_TIME = """
            PRAGMA busy_timeout = %d;
            PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = ON;
            PRAGMA journal_size_limit = %d;
            """.formatted(BUSY_TIMEOUT_MS, LARGEST_IDLE_LOG_BYTES);

    private final Path file;
    private final List<String> setUp;
    private final String begin;

    /** Null after a failure that the connection did not survive: the next transaction opens another one. */
    @GuardedBy("this")
    private Connection connection;

    @GuardedBy("this")
    private SqliteStatements statements;

    @GuardedBy("this")
    private boolean closed;

    private SqliteConnection(Path file, List<String> setUp, String begin) {
        this.file = file;
        this.setUp = setUp;
        this.begin = begin;
    }

    /** For changes. A transaction takes the write lock at its begin, so that it never finds half-way that it cannot. */
    static SqliteConnection writer(Path file) {
        return new SqliteConnection(file, List.of(EACH_TIME), "BEGIN IMMEDIATE");
    }

    /** For questions. Each transaction sees one state of the file, and waits for no change. */
    static SqliteConnection reader(Path file) {
        return new SqliteConnection(file, List.of(EACH_TIME, "PRAGMA query_only = ON"), "BEGIN");
    }

    /**
     * Runs all of it, or nothing.
     *
     * @throws StoreException if SQLite cannot; also every exception of the work itself is thrown, and nothing has changed
     */
    synchronized <T> T transaction(Work<T> work) throws StoreException {
        try {
            open();
            statements.update(begin);
            T result = work.run(statements);
            statements.update("COMMIT");
            return result;
        } catch (SQLException e) {
            drop(); // which rolls back
            throw SqliteFailures.explain(file, e);
        } catch (RuntimeException | Error e) {
            rollBack();
            throw e;
        }
    }

    /**
     * Turns write-ahead logging on, which stays with the file: questions then need not wait for changes.
     *
     * @throws StoreException also if the file system does not allow it
     */
    void logAhead() throws StoreException {
        String mode = pragma("journal_mode = WAL");
        if (!mode.equals("wal")) {
            throw new StoreException(
                    file + " stays in journal mode " + mode + " instead of wal: its file system has no shared memory;"
                            + " set STATE_DIR to a directory on a local disk",
                    null);
        }
    }

    /** Sets a pragma outside of a transaction; returns what SQLite answers. */
    synchronized String pragma(String setting) throws StoreException {
        try {
            open();
            return statements.only("PRAGMA " + setting, row -> row.getString(1));
        } catch (SQLException e) {
            drop();
            throw SqliteFailures.explain(file, e);
        }
    }

    @GuardedBy("this")
    private void open() throws SQLException {
        if (closed) {
            throw new SQLException("it was closed: the server is stopping");
        }
        if (connection != null) {
            return;
        }
        // As a URI: in a plain path the driver would take what follows a question mark for settings.
        Connection opened = DriverManager.getConnection("jdbc:sqlite:" + file.toUri());
        try {
            SqliteStatements fresh = new SqliteStatements(opened);
            for (String script : setUp) {
                fresh.script(script);
            }
            connection = opened;
            statements = fresh;
        } finally {
            if (connection == null) {
                opened.close();
            }
        }
    }

    @GuardedBy("this")
    private void rollBack() {
        try {
            statements.update("ROLLBACK");
        } catch (SQLException e) {
            log.debug("{} is opened again: {}", file, e.toString());
            drop();
        }
    }

    /**
     * The next transaction opens another connection. After a failure SQLite may have rolled back or not, and the driver's
     * statements may be of no more use (a BEGIN that failed once fails for ever); a new connection begins clean.
     */
    @GuardedBy("this")
    private void drop() {
        if (connection == null) {
            return;
        }
        try {
            connection.close();
        } catch (SQLException e) {
            log.warn("{} cannot be closed: {}", file, e.toString());
        } finally {
            connection = null;
            statements = null;
        }
    }

    /** Waits for the transaction that runs. Every later one fails. */
    @Override
    public synchronized void close() {
        closed = true;
        drop();
    }
}
