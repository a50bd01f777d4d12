package recon.server.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupCommitTest {
    private static final int NEIGHBOURS = 8;

    @TempDir
    Path state;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private SqliteConnection connection;
    private GroupCommit changes;

    @BeforeEach
    void open() throws IOException {
        connection = SqliteConnection.writer(SqliteFiles.database(state));
        connection.logAhead();
        connection.transaction(sql -> sql.update("CREATE TABLE line (number INTEGER PRIMARY KEY)"));
        changes = new GroupCommit(connection);
    }

    @AfterEach
    void close() {
        goOn.countDown();
        threads.shutdownNow();
        connection.close();
    }

    private List<Integer> lines() throws IOException {
        return connection.transaction(sql -> sql.list("SELECT number FROM line ORDER BY number", row -> row.getInt(1)));
    }

    /** Holds the first change back until all others wait behind it. */
    private List<Future<Integer>> atOnce(List<SqliteConnection.Work<Integer>> others) throws Exception {
        Future<Boolean> first = threads.submit(() -> changes.run(sql -> {
            begun.countDown();
            try {
                return goOn.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }));
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        List<Future<Integer>> results = new ArrayList<>();
        for (SqliteConnection.Work<Integer> other : others) {
            int before = changes.waiting();
            results.add(threads.submit(() -> changes.run(other)));
            while (changes.waiting() == before) {
                Thread.onSpinWait();
            }
        }
        goOn.countDown();
        assertThat(first.get(20, TimeUnit.SECONDS)).isTrue();
        return results;
    }

    @Test
    void changesThatWaitShareOneTransaction() throws Exception {
        List<SqliteConnection.Work<Integer>> neighbours = new ArrayList<>();
        List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < NEIGHBOURS; i++) {
            int number = i;
            neighbours.add(sql -> {
                seen.add(sql.only("SELECT count(*) FROM line", row -> row.getInt(1)));
                return sql.update("INSERT INTO line VALUES (?)", number);
            });
        }

        for (Future<Integer> result : atOnce(neighbours)) {
            assertThat(result.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        }

        assertThat(lines()).hasSize(NEIGHBOURS);
        assertThat(seen).as("each ran once, and saw the one before").containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void aFailureIsNotTheNeighbours() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        List<Future<Integer>> results = atOnce(List.of(
                sql -> {
                    runs.incrementAndGet();
                    return sql.update("INSERT INTO line VALUES (1)");
                },
                sql -> {
                    sql.update("INSERT INTO line VALUES (2)");
                    throw new IllegalStateException("mine");
                },
                sql -> sql.update("INSERT INTO nowhere VALUES (3)"),
                sql -> sql.update("INSERT INTO line VALUES (4)")));

        assertThat(results.get(0).get(20, TimeUnit.SECONDS)).isEqualTo(1);
        assertThatThrownBy(() -> results.get(1).get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("mine");
        assertThatThrownBy(() -> results.get(2).get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(StoreException.class);
        assertThat(results.get(3).get(20, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(lines()).containsExactly(1, 4);
        assertThat(runs).as("in the group, and alone").hasValue(2);
    }
}
