package recon.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.server.queue.AdminAction;
import recon.server.queue.AdminSettings;
import recon.server.queue.JobControl.NotPossibleException;
import recon.server.queue.JobQueue;
import recon.server.queue.JobStore;
import recon.server.queue.SqliteJobStore;
import recon.server.queue.StoreException;
import recon.server.queue.Workers;
import recon.server.testing.faulty.Faults;
import recon.server.testing.faulty.FaultyStore;

/** Each test restarts a server with one job at once, as far as its record goes. */
class AdminOrdersTest {
    private static final String BY = "admin@192.0.2.7";
    private static final int MOST = 8;

    @TempDir
    private Path state;

    private SqliteJobStore store;
    private JobQueue queue;
    private IdleWorkers workers;
    private AdminOrders orders;

    /** Of which only the number matters. */
    private static final class IdleWorkers implements Workers {
        private int limit;

        @Override
        public int limit() {
            return limit;
        }

        @Override
        public void limit(int jobs) {
            limit = jobs;
        }

        @Override
        public boolean areIdle() {
            return true;
        }

        @Override
        public List<Busy> busy() {
            return new ArrayList<>();
        }
    }

    @BeforeEach
    void start() throws IOException {
        start(1, MOST);
    }

    @AfterEach
    void stop() {
        store.close();
    }

    private void start(int configured, int most) throws IOException {
        store = SqliteJobStore.open(state, Clock.systemUTC());
        startOn(store, configured, most);
        orders.restore();
    }

    private void startOn(JobStore record, int configured, int most) {
        queue = new JobQueue(10);
        workers = new IdleWorkers();
        workers.limit = configured;
        orders = new AdminOrders(record, queue, workers, configured, most);
    }

    private void restart(int configured) throws IOException {
        stop();
        start(configured, MOST);
    }

    private List<String> actions() throws StoreException {
        return store.actions(10).stream().map(AdminAction::action).toList();
    }

    @Test
    void aNewServerTakesJobsAsItsOptionsSay() throws Exception {
        assertThat(store.adminSettings()).isEqualTo(AdminSettings.NONE);
        assertThat(queue.isDraining()).isFalse();
        assertThat(workers.limit()).isEqualTo(1);
        assertThat(actions()).isEmpty();
    }

    @Test
    void aDrainedServerStaysDrainedUntilItIsResumed() throws Exception {
        orders.drain(true, BY);
        assertThat(queue.isDraining()).isTrue();
        restart(1);
        assertThat(queue.isDraining()).isTrue();
        assertThat(queue.reserve()).isEmpty();
        orders.drain(false, BY);
        assertThat(queue.isDraining()).isFalse();
        restart(1);
        assertThat(queue.isDraining()).isFalse();
        assertThat(actions()).containsExactly("resume", "drain");
    }

    @Test
    void theNumberOfJobsStaysAsItWasSet() throws Exception {
        assertThat(orders.maxJobs(4, BY)).isEqualTo(1);
        restart(1);
        assertThat(workers.limit()).isEqualTo(4);
        assertThat(orders.maxJobs(2, BY)).isEqualTo(4);
        restart(1);
        assertThat(workers.limit()).isEqualTo(2);
        assertThat(actions()).containsExactly("set-max-jobs 2, before 4", "set-max-jobs 4, before 1");
    }

    @Test
    void theNumberOfTheOptionsEndsIt() throws Exception {
        orders.maxJobs(4, BY);
        orders.maxJobs(1, BY);
        assertThat(store.adminSettings()).isEqualTo(AdminSettings.NONE);
        restart(1);
        assertThat(workers.limit()).isEqualTo(1);
    }

    @Test
    void optionsThatWereChangedWhileTheServerWasDownEndIt() throws Exception {
        orders.maxJobs(4, BY);
        restart(3);
        assertThat(workers.limit()).isEqualTo(3);
    }

    @Test
    void optionsThatAreReloadedEndItForGood() throws Exception {
        orders.drain(true, BY);
        orders.maxJobs(4, BY);
        orders.configure(3);
        assertThat(workers.limit()).isEqualTo(3);
        assertThat(orders.configured()).isEqualTo(3);
        assertThat(actions().get(0)).isEqualTo("set-max-jobs 4 has ended: MAX_CONCURRENT_JOBS = 3");
        orders.configure(1);
        assertThat(actions()).hasSize(3);
        restart(1);
        assertThat(workers.limit()).isEqualTo(1);
        assertThat(queue.isDraining()).isTrue();
    }

    @Test
    void aNumberThatMayNotBeIsRefused() throws Exception {
        for (int jobs : List.of(0, -1, MOST + 1)) {
            assertThatExceptionOfType(NotPossibleException.class)
                    .isThrownBy(() -> orders.maxJobs(jobs, BY))
                    .withMessage("cannot run " + jobs + " jobs at once; the range is 1..8");
        }
        assertThat(actions()).isEmpty();
        orders.maxJobs(MOST, BY);
        stop();
        start(1, 1); // with RECON_OUTPUT_MODE = shared now
        assertThat(workers.limit()).isEqualTo(1);
        assertThatExceptionOfType(NotPossibleException.class)
                .isThrownBy(() -> orders.maxJobs(2, BY))
                .withMessageEndingWith("the range is 1..1 (RECON_OUTPUT_MODE = shared)");
    }

    @Test
    void whatCannotBeRecordedIsNotDone() {
        Faults faults = new Faults();
        startOn(FaultyStore.over(store, faults), 1, MOST);
        faults.fail(1, 100, Faults.IO_ERROR);
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> orders.drain(true, BY));
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> orders.maxJobs(4, BY));
        assertThat(queue.isDraining()).isFalse();
        assertThat(workers.limit()).isEqualTo(1);
        orders.configure(3); // the options do not come from the record
        assertThat(workers.limit()).isEqualTo(3);
    }
}
