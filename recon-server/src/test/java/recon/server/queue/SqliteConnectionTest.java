package recon.server.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteConnectionTest {
    @TempDir
    Path state;

    private SqliteConnection writer;
    private SqliteConnection reader;

    @BeforeEach
    void open() throws IOException {
        Path file = SqliteFiles.database(state);
        writer = SqliteConnection.writer(file);
        reader = SqliteConnection.reader(file);
        writer.logAhead();
        writer.transaction(sql -> sql.update("CREATE TABLE line (number INTEGER)"));
    }

    @AfterEach
    void close() {
        reader.close();
        writer.close();
    }

    private int lines(SqliteConnection connection) throws IOException {
        return connection.transaction(sql -> sql.only("SELECT count(*) FROM line", row -> row.getInt(1)));
    }

    @Test
    void commitsAreForcedToTheDisk() throws IOException {
        assertThat(writer.pragma("synchronous")).isEqualTo("2"); // FULL
        assertThat(writer.pragma("journal_mode")).isEqualTo("wal");
        assertThat(writer.pragma("foreign_keys")).isEqualTo("1");
    }

    @Test
    void aConnectionThatLostItsTransactionIsOpenedAgain() throws IOException {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> writer.transaction(sql -> {
                    sql.update("INSERT INTO line VALUES (1)");
                    sql.update("ROLLBACK"); // as SQLite does by itself after some failures
                    return sql.update("INSERT INTO nowhere VALUES (1)");
                }))
                .withMessageContaining("nowhere");

        assertThat(lines(writer)).isZero();
        writer.transaction(sql -> sql.update("INSERT INTO line VALUES (1)"));
        assertThat(lines(reader)).isEqualTo(1);
        assertThat(writer.pragma("synchronous")).isEqualTo("2");
    }

    @Test
    void aTransactionThatCouldNotBeginDoesNotHinderTheNext() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> writer.transaction(sql -> sql.update("BEGIN IMMEDIATE")))
                    .withMessageContaining("within a transaction");
        }

        assertThat(lines(writer)).isZero();
    }

    @Test
    void aReaderCannotWrite() {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> reader.transaction(sql -> sql.update("INSERT INTO line VALUES (1)")));
    }

    @Test
    void aQuestionDoesNotWaitForAChange() throws Exception {
        CountDownLatch changing = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        FutureTask<Integer> change = new FutureTask<>(() -> writer.transaction(sql -> {
            int lines = sql.update("INSERT INTO line VALUES (1)");
            changing.countDown();
            try {
                assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return lines;
        }));
        Thread thread = new Thread(change, "change");
        thread.start();
        assertThat(changing.await(20, TimeUnit.SECONDS)).isTrue();

        assertThat(lines(reader)).as("not committed yet").isZero();
        asked.countDown();

        assertThat(change.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(lines(reader)).isEqualTo(1);
    }
}
