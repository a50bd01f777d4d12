package recon.server.queue;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes that wait while another one is put on the disk share the next commit: the disk is asked once for all of them.
 *
 * <p>The lock is held while SQLite works; those who wait for it are those whose changes wait.
 */
@ThreadSafe
final class GroupCommit {
    private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

    private final SqliteConnection connection;
    private final Queue<Change<?>> waiting = new ConcurrentLinkedQueue<>();

    GroupCommit(SqliteConnection connection) {
        this.connection = connection;
    }

    /**
     * Returns when the change is on the disk. It may run on another thread, and once more after it was rolled back because
     * its neighbour in the group failed.
     *
     * @throws StoreException as {@link SqliteConnection#transaction}; a failure is the change's own, never a neighbour's
     */
    <T> T run(SqliteConnection.Work<T> work) throws StoreException {
        Change<T> change = new Change<>(work);
        waiting.add(change);
        return result(change);
    }

    /** How many changes wait for the next commit. */
    int waiting() {
        return waiting.size();
    }

    private synchronized <T> T result(Change<T> change) throws StoreException {
        if (!change.done) {
            waiting.remove(change);
            List<Change<?>> group = new ArrayList<>(List.of(change));
            for (Change<?> next = waiting.poll(); next != null; next = waiting.poll()) {
                group.add(next);
            }
            commit(group);
        }
        return change.result();
    }

    @GuardedBy("this")
    private void commit(List<Change<?>> group) {
        if (group.size() > 1 && commitTogether(group)) {
            return;
        }
        group.forEach(change -> change.commitAlone(connection));
    }

    @GuardedBy("this")
    private boolean commitTogether(List<Change<?>> group) {
        try {
            connection.transaction(sql -> {
                for (Change<?> change : group) {
                    change.run(sql);
                }
                return true;
            });
        } catch (StoreException | RuntimeException e) {
            log.debug("{} changes are made one by one: {}", group.size(), e.toString());
            return false;
        }
        group.forEach(change -> change.done = true);
        return true;
    }

    /** Used under the lock of its group only. */
    private static final class Change<T> {
        private final SqliteConnection.Work<T> work;
        private boolean done;
        private T result;
        private StoreException refused;
        private RuntimeException failed;

        Change(SqliteConnection.Work<T> work) {
            this.work = work;
        }

        void run(SqliteStatements sql) throws SQLException {
            result = work.run(sql);
        }

        void commitAlone(SqliteConnection connection) {
            try {
                result = connection.transaction(work);
            } catch (StoreException e) {
                refused = e;
            } catch (RuntimeException e) {
                failed = e;
            }
            done = true;
        }

        T result() throws StoreException {
            if (refused != null) {
                throw refused;
            }
            if (failed != null) {
                throw failed;
            }
            return result;
        }
    }
}
