package recon.server.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;
import static recon.server.queue.StoreSamples.files;
import static recon.server.queue.StoreSamples.newJob;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.common.job.JobState;

/** The file itself: its mode, its version, what is wrong with it, who else reads it. */
class SqliteFileTest {
    @TempDir
    Path state;

    private final StoreSamples.TickingClock clock = new StoreSamples.TickingClock();

    private SqliteJobStore open() throws IOException {
        return SqliteJobStore.open(state, clock);
    }

    private Path file() {
        return state.resolve(SqliteFiles.DATABASE);
    }

    /** As another program would. */
    private void sql(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement sql = connection.createStatement()) {
            sql.executeUpdate(statement);
        }
    }

    @Test
    void onlyTheServersUserCanReadTheFiles() throws IOException {
        assumeThat(state.getFileSystem().supportedFileAttributeViews())
                .as("skipped: the file system has no modes")
                .contains("posix");
        try (SqliteJobStore store = open()) {
            store.add(newJob());

            for (String name : List.of("recon.db", "recon.db-wal", "recon.db-shm")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve(name))))
                        .as(name)
                        .isEqualTo("rw-------");
            }
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(state.resolve(SqliteFiles.LIBRARY_DIRECTORY))))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void aClosedStoreIsOneFile() throws IOException {
        try (SqliteJobStore store = open()) {
            store.add(newJob());
        }

        try (Stream<Path> names = Files.list(state)) {
            assertThat(names.filter(Files::isRegularFile)).containsExactly(file());
        }
    }

    @Test
    void aClosedStoreSaysSo() throws IOException {
        SqliteJobStore store = open();
        store.close();
        store.close();

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(store::counts)
                .withMessageContaining("closed");
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> store.add(newJob()));
    }

    @Test
    void librariesThatKilledServersLeftAreRemoved() throws IOException {
        Path directory = Files.createDirectory(state.resolve(SqliteFiles.LIBRARY_DIRECTORY));
        Files.writeString(directory.resolve("sqlite-3.54.1.0-0-libsqlitejdbc.so"), "old");
        Files.writeString(directory.resolve("sqlite-3.54.1.0-0-libsqlitejdbc.so.lck"), "");

        open().close();
        open().close();

        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.filter(file -> file.toString().contains("-0-"))).isEmpty();
        }
        assertThat(System.getProperty("org.sqlite.tmpdir")).isEqualTo(directory.toString());
    }

    @Test
    void aLeftOverThatCannotBeRemovedIsNoReasonNotToStart() throws IOException {
        Path kept = Files.createDirectories(state.resolve(SqliteFiles.LIBRARY_DIRECTORY)
                .resolve("directory")
                .resolve("inside"));

        open().close();

        assertThat(kept).exists();
    }

    @Test
    void anyDirectoryNameServes() throws IOException {
        Path odd = Files.createDirectory(state.resolve("a b?c=d&e%41#f"));

        try (SqliteJobStore store = SqliteJobStore.open(odd, clock)) {
            store.add(newJob());
        }

        assertThat(odd.resolve(SqliteFiles.DATABASE)).isNotEmptyFile();
        try (Stream<Path> names = Files.list(state)) {
            assertThat(names).containsExactly(odd);
        }
    }

    @Test
    void aNewerFileIsRefusedAndLeftAlone() throws Exception {
        open().close();
        sql("PRAGMA user_version = 7");

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(this::open)
                .withMessageContainingAll(file().toString(), "version 7", "up to 4", "newer server");

        sql("PRAGMA user_version = 4");
        open().close();
    }

    @Test
    void aFileThatIsNoDatabaseIsRefusedWithWhatToDo() throws IOException {
        Files.writeString(file(), "this is no database. ".repeat(100));

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(this::open)
                .withMessageContainingAll(file().toString(), "no SQLite database", "move recon.db, recon.db-wal");
        assertThat(file()).hasContent("this is no database. ".repeat(100));
    }

    @Test
    void aDamagedFileIsRefusedWithWhatToDo() throws IOException {
        try (SqliteJobStore store = open()) {
            for (int i = 0; i < 50; i++) {
                store.add(newJob());
            }
        }
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            for (long at = 4096; at < Files.size(file()); at += 4096) { // the header of every page but the first
                channel.write(StandardCharsets.US_ASCII.encode("damaged!".repeat(8)), at);
            }
        }

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(this::open)
                .withMessageContainingAll(file().toString(), "is damaged", "move recon.db, recon.db-wal");
    }

    @Test
    void aRowThatMakesNoSenseIsSaidToBeOne() throws Exception {
        try (SqliteJobStore store = open()) {
            NewJob job = newJob();
            store.add(job);
            sql("UPDATE job SET submitted_at = 'yesterday'");

            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> store.find(job.id()))
                    .withMessageContainingAll(file().toString(), "yesterday");
            assertThat(store.counts()).isEqualTo(Map.of(JobState.RECEIVING, 1));
        }
    }

    @Test
    void countsStayRightWhenAnOperatorChangesAJobByHand() throws Exception {
        try (SqliteJobStore store = open()) {
            store.add(newJob());
            store.add(newJob());
            sql("UPDATE job SET state = 'failed' WHERE rowid = 1");

            assertThat(store.counts()).isEqualTo(Map.of(JobState.RECEIVING, 1, JobState.FAILED, 1));
        }
    }

    @Test
    void afterAFullDiskNothingHasChangedAndTheStoreGoesOn() throws IOException {
        try (SqliteJobStore store = open()) {
            NewJob receiving = newJob();
            store.add(receiving);
            store.limitPages(1); // that is: not one page more than there are

            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> store.queue(receiving.id(), files(10_000)))
                    .withMessageContainingAll(file().toString(), "disk is full");
            assertThat(store.find(receiving.id()).orElseThrow().state()).isEqualTo(JobState.RECEIVING);
            assertThat(store.inputs(receiving.id())).isEmpty();
            assertThat(store.queued()).isEmpty();
            assertThat(store.history(receiving.id())).hasSize(1);
            assertThat(store.queue(receiving.id(), files(1)).number())
                    .as("what fits goes on, and no number was used up")
                    .isEqualTo(1);

            store.limitPages(1_000_000);
            NewJob next = newJob();
            store.add(next);
            assertThat(store.queue(next.id(), files(10_000)).number()).isEqualTo(2);
            assertThat(store.inputs(next.id())).hasSize(10_000);
        }
    }

    @Test
    void aFailureOfTheCallersMakingLeavesNothingBehind() throws IOException {
        try (SqliteJobStore store = open()) {
            NewJob job = newJob();
            store.add(job);
            store.queue(job.id(), files(1));

            assertThatIllegalStateException().isThrownBy(() -> store.queue(job.id(), files(1)));
            store.start(job.id()); // no transaction is left open

            assertThat(store.counts()).isEqualTo(Map.of(JobState.RUNNING, 1));
        }
    }

    @Test
    void theShellOfSqliteReadsTheFileWhileItIsUsed() throws Exception {
        assumeThat(Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "sqlite3"))))
                .as("skipped: needs sqlite3, Debian package sqlite3")
                .isTrue();
        try (SqliteJobStore store = open()) {
            NewJob job = newJob();
            store.add(job);
            Process shell = new ProcessBuilder(
                            "sqlite3",
                            "-readonly",
                            file().toString(),
                            "SELECT id, state, priority_rank, submitted_at FROM job; PRAGMA integrity_check;")
                    .redirectErrorStream(true)
                    .start();
            shell.getOutputStream().close();
            String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(output.lines()).containsExactly(job.id() + "|receiving|1|2026-11-20T16:40:12.345Z", "ok");
        }
    }
}
