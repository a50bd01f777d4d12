package recon.server.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static recon.server.queue.StoreSamples.files;
import static recon.server.queue.StoreSamples.newJob;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.Priority;
import recon.common.job.SubmissionId;

/** Files of older versions, with a job that waits in them. */
class SqliteSchemaTest {
    private static final String MADE = "2026-01-31T23:59:59.000Z";
    private static final String BY = "admin@192.0.2.7";

    @TempDir
    Path state;

    private final StoreSamples.TickingClock clock = new StoreSamples.TickingClock();
    private final JobId job = JobId.random();

    private SqliteJobStore open() throws IOException {
        return SqliteJobStore.open(state, clock);
    }

    /** As a server of that version left it. */
    private void write(int version) throws IOException {
        try (SqliteConnection writer = SqliteConnection.writer(SqliteFiles.database(state))) {
            writer.transaction(sql -> {
                for (String script : SqliteSchema.SCRIPTS.subList(0, version)) {
                    sql.script(script);
                }
                sql.update("INSERT INTO store (created_at, last_queue_number) VALUES (?, 1)", MADE);
                sql.update("""
                        INSERT INTO job (id, submission, state, priority, queue_number, primary_file, file_count,
                            input_bytes, options, client, submitted_at, changed_at, reason, attempts)
                        VALUES (?, ?, 'queued', 'normal', 1, 'a.7', 1, 7, '{}', '192.0.2.7', ?, ?, '', 0)
                        """, job.toString(), SubmissionId.random().toString(), MADE, MADE);
                sql.script("PRAGMA user_version = " + version);
                return 1;
            });
        }
    }

    private int version() throws IOException {
        try (SqliteConnection reader = SqliteConnection.reader(SqliteFiles.database(state))) {
            return reader.transaction(sql -> sql.only("PRAGMA user_version", row -> row.getInt(1)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void areBroughtUpToDateWithTheirJobs(int version) throws Exception {
        write(version);
        for (int start = 1; start <= 2; start++) {
            try (SqliteJobStore store = open()) {
                assertThat(version()).isEqualTo(4);
                assertThat(store.createdAt()).isEqualTo(MADE);
                assertThat(store.queued()).containsExactly(new QueuePlace(job, Priority.NORMAL, 1));
                assertThat(store.adminSettings()).isEqualTo(AdminSettings.NONE);
                assertThat(store.actions(10)).isEmpty();
            }
        }
        try (SqliteJobStore store = open()) {
            NewJob next = newJob();
            store.add(next);
            assertThat(store.queue(next.id(), files(1)).number()).isEqualTo(2);
            assertThat(store.start(job)).isPresent();
            assertThat(store.counts()).isEqualTo(Map.of(JobState.QUEUED, 1, JobState.RUNNING, 1));
        }
    }

    @Test
    void ofTheFirstVersionHoldJobsOfThoseWhoShareAKey() throws Exception {
        write(1);
        try (SqliteJobStore store = open()) {
            store.add(newJob());
            assertThat(store.find(job)).get().extracting(JobRecord::owner).isEqualTo("shared");
            assertThat(store.counts("shared")).isEqualTo(Map.of(JobState.QUEUED, 1, JobState.RECEIVING, 1));
            assertThat(store.counts()).isEqualTo(store.counts("shared"));
            assertThat(store.active("shared", 10)).hasSize(2);
        }
    }

    @Test
    void ofTheSecondVersionKnowNoActionsOfAdministratorsUntilThereIsOne() throws Exception {
        write(2);
        try (SqliteJobStore store = open()) {
            store.recordAction("reload: changed nothing", BY);
            store.recordAction("resume", "SIGHUP");
            List<AdminAction> actions = store.actions(10);
            assertThat(actions).extracting(AdminAction::action).containsExactly("resume", "reload: changed nothing");
            assertThat(actions).extracting(AdminAction::by).containsExactly("SIGHUP", BY);
            assertThat(actions.get(0).at()).isAfter(actions.get(1).at());
            assertThat(store.actions(1)).hasSize(1);
        }
    }

    @Test
    void ofTheThirdVersionKeepWhatIsSetFromNowOn() throws Exception {
        write(3);
        try (SqliteJobStore store = open()) {
            store.setDraining(true, "drain", BY);
            store.setMaxJobs(4, 1, "set-max-jobs 4, before 1", BY);
        }
        try (SqliteJobStore store = open()) {
            assertThat(store.adminSettings()).isEqualTo(new AdminSettings(true, 4, 1));
            assertThat(store.actions(10))
                    .extracting(AdminAction::action)
                    .containsExactly("set-max-jobs 4, before 1", "drain");
            store.setDraining(false, "resume", BY);
            assertThat(store.adminSettings()).isEqualTo(new AdminSettings(false, 4, 1));
        }
    }
}
