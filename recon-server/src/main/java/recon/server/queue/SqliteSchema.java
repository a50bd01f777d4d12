package recon.server.queue;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/**
 * The tables of the store, and how an older file is brought up to date.
 *
 * <p>The version of a file is its {@code user_version}: how many of the scripts it has seen. A script that was released is
 * never changed; a change is a new script at the end.
 */
final class SqliteSchema {
    /**
     * Times are ISO 8601 in UTC, with milliseconds. A text is empty, a time is NULL, where there is none.
     *
     * <p>{@code state_count} holds what {@code SELECT state, count(*) FROM job GROUP BY state} would find: that takes 10 ms
     * or more with 100,000 jobs, and every status query asks for it. Triggers keep it right, whoever changes a job.
     */
    private static final String VERSION_1 = """
            -- About this file. One row.
            CREATE TABLE store (
                created_at        TEXT    NOT NULL,
                last_queue_number INTEGER NOT NULL  -- the highest that a job ever had
            );

            CREATE TABLE job (
                id            TEXT    NOT NULL PRIMARY KEY,
                submission    TEXT    NOT NULL UNIQUE,  -- chosen by the client: sent again, it is the same job
                state         TEXT    NOT NULL,         -- receiving queued running delivering; delivered failed cancelled expired
                priority      TEXT    NOT NULL,         -- urgent normal low
                queue_number  INTEGER,                  -- its place among those of its priority; NULL before it is queued
                primary_file  TEXT    NOT NULL,
                file_count    INTEGER NOT NULL,         -- as announced
                input_bytes   INTEGER NOT NULL,         -- 0 while the files come in
                options       TEXT    NOT NULL,         -- for the script: one JSON object
                client        TEXT    NOT NULL,         -- the address it was submitted from
                submitted_at  TEXT    NOT NULL,
                changed_at    TEXT    NOT NULL,         -- when it came to its state
                reason        TEXT    NOT NULL,         -- why it is in its state
                attempts      INTEGER NOT NULL,         -- how often its script was started since it was queued
                inputs_until  TEXT,                     -- when the inputs of an ended job are removed
                results_until TEXT,                     -- when its results are removed
                priority_rank INTEGER NOT NULL GENERATED ALWAYS AS
                    (CASE priority WHEN 'urgent' THEN 0 WHEN 'normal' THEN 1 ELSE 2 END) VIRTUAL,
                CHECK (state <> 'queued' OR queue_number IS NOT NULL)
            );
            CREATE INDEX job_by_state ON job (state, changed_at);
            CREATE INDEX job_waiting ON job (priority_rank, queue_number) WHERE state = 'queued';
            CREATE INDEX job_ended ON job (changed_at) WHERE state IN ('delivered', 'failed', 'cancelled', 'expired');
            CREATE INDEX job_inputs_until ON job (inputs_until) WHERE inputs_until IS NOT NULL;
            CREATE INDEX job_results_until ON job (results_until) WHERE results_until IS NOT NULL;

            -- The files of a job as they were when they were whole; the rows stay when the files are removed.
            CREATE TABLE input_file (
                job        TEXT    NOT NULL REFERENCES job ON DELETE CASCADE,
                position   INTEGER NOT NULL,  -- 1 is the primary file
                path       TEXT    NOT NULL,  -- below the job's input directory
                size_bytes INTEGER NOT NULL,
                sha256     TEXT    NOT NULL,
                PRIMARY KEY (job, position)
            ) WITHOUT ROWID;
            CREATE TABLE result_file (
                job        TEXT    NOT NULL REFERENCES job ON DELETE CASCADE,
                position   INTEGER NOT NULL,  -- in the order in which they are sent
                path       TEXT    NOT NULL,  -- below the job's output directory
                size_bytes INTEGER NOT NULL,
                sha256     TEXT    NOT NULL,
                PRIMARY KEY (job, position)
            ) WITHOUT ROWID;

            -- The audit trail: one row for each thing that happened to a job.
            CREATE TABLE job_change (
                job      TEXT    NOT NULL REFERENCES job ON DELETE CASCADE,
                position INTEGER NOT NULL,  -- 1 is the oldest
                at       TEXT    NOT NULL,
                state    TEXT    NOT NULL,  -- that it went to, or stayed in
                reason   TEXT    NOT NULL,  -- one line
                done_by  TEXT    NOT NULL,  -- a client's address, or server
                PRIMARY KEY (job, position)
            ) WITHOUT ROWID;

            -- How many jobs are in each state. Kept by the triggers below.
            CREATE TABLE state_count (
                state TEXT    NOT NULL PRIMARY KEY,
                jobs  INTEGER NOT NULL
            ) WITHOUT ROWID;
            CREATE TRIGGER job_added AFTER INSERT ON job BEGIN
                INSERT OR IGNORE INTO state_count VALUES (new.state, 0);
                UPDATE state_count SET jobs = jobs + 1 WHERE state = new.state;
            END;
            CREATE TRIGGER job_moved AFTER UPDATE OF state ON job BEGIN
                UPDATE state_count SET jobs = jobs - 1 WHERE state = old.state;
                INSERT OR IGNORE INTO state_count VALUES (new.state, 0);
                UPDATE state_count SET jobs = jobs + 1 WHERE state = new.state;
            END;
            CREATE TRIGGER job_removed AFTER DELETE ON job BEGIN
                UPDATE state_count SET jobs = jobs - 1 WHERE state = old.state;
            END;
            """;

    /**
     * Jobs of earlier versions were all submitted with the key that everybody has.
     *
     * <p>What a client with a key of its own may see is found without a look at the jobs of others, and counted by owner.
     */
    private static final String VERSION_2 = """
            -- The name of the key that the job was submitted with.
            ALTER TABLE job ADD COLUMN owner TEXT NOT NULL DEFAULT 'shared';
            -- 1 if its client can go on with an upload that broke off.
            ALTER TABLE job ADD COLUMN resumable INTEGER NOT NULL DEFAULT 0;

            CREATE INDEX job_of_owner ON job (owner, state, changed_at);
            CREATE INDEX job_waiting_of_owner ON job (owner, priority_rank, queue_number) WHERE state = 'queued';
            CREATE INDEX job_ended_of_owner ON job (owner, changed_at)
                WHERE state IN ('delivered', 'failed', 'cancelled', 'expired');

            -- How many jobs each owner has in each state. Kept by the triggers below.
            DROP TRIGGER job_added;
            DROP TRIGGER job_moved;
            DROP TRIGGER job_removed;
            DROP TABLE state_count;
            CREATE TABLE state_count (
                owner TEXT    NOT NULL,
                state TEXT    NOT NULL,
                jobs  INTEGER NOT NULL,
                PRIMARY KEY (owner, state)
            ) WITHOUT ROWID;
            INSERT INTO state_count SELECT owner, state, count(*) FROM job GROUP BY owner, state;
            CREATE TRIGGER job_added AFTER INSERT ON job BEGIN
                INSERT OR IGNORE INTO state_count VALUES (new.owner, new.state, 0);
                UPDATE state_count SET jobs = jobs + 1 WHERE owner = new.owner AND state = new.state;
            END;
            CREATE TRIGGER job_moved AFTER UPDATE OF owner, state ON job BEGIN
                UPDATE state_count SET jobs = jobs - 1 WHERE owner = old.owner AND state = old.state;
                INSERT OR IGNORE INTO state_count VALUES (new.owner, new.state, 0);
                UPDATE state_count SET jobs = jobs + 1 WHERE owner = new.owner AND state = new.state;
            END;
            CREATE TRIGGER job_removed AFTER DELETE ON job BEGIN
                UPDATE state_count SET jobs = jobs - 1 WHERE owner = old.owner AND state = old.state;
            END;
            """;

    private static final String VERSION_3 = """
            -- The audit trail of what administrators did that is about no single job.
            CREATE TABLE admin_action (
                number  INTEGER NOT NULL PRIMARY KEY,  -- 1 is the oldest
                at      TEXT    NOT NULL,
                action  TEXT    NOT NULL,              -- one line
                done_by TEXT    NOT NULL               -- admin@ and an address, or SIGHUP
            );
            """;

    private static final String VERSION_4 = """
            -- What administrators have set, and holds until they undo it.
            ALTER TABLE store ADD COLUMN draining INTEGER NOT NULL DEFAULT 0;    -- 1 if no new jobs are taken
            ALTER TABLE store ADD COLUMN max_jobs INTEGER NOT NULL DEFAULT 0;    -- 0 if the options say it
            ALTER TABLE store ADD COLUMN instead_of INTEGER NOT NULL DEFAULT 0;  -- what they said when it was set
            """;

    static final List<String> SCRIPTS = List.of(VERSION_1, VERSION_2, VERSION_3, VERSION_4);

    private SqliteSchema() {}

    /**
     * Brings the file to the newest version, one transaction for each step.
     *
     * @param now when the file was made, if it is new
     * @throws StoreException if the file is of a newer version than this program knows
     */
    static void migrate(SqliteConnection connection, Path file, Instant now) throws StoreException {
        int version = connection.transaction(SqliteSchema::version);
        if (version > SCRIPTS.size()) {
            throw new StoreException(
                    file + " is of version " + version + ", made by a newer server; this one knows versions up to "
                            + SCRIPTS.size() + ". Start the newer server, or put back the copy of " + file.getFileName()
                            + " that was made before the update",
                    null);
        }
        for (int next = version + 1; next <= SCRIPTS.size(); next++) {
            int step = next;
            connection.transaction(statements -> {
                statements.script(SCRIPTS.get(step - 1));
                if (step == 1) {
                    statements.update("INSERT INTO store VALUES (?, 0)", StoreTime.text(now));
                }
                statements.script("PRAGMA user_version = " + step);
                return step;
            });
        }
    }

    private static int version(SqliteStatements statements) throws SQLException {
        return statements.only("PRAGMA user_version", row -> row.getInt(1));
    }
}
