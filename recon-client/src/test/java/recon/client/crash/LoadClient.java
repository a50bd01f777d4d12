package recon.client.crash;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Submits one job after the other until it is told to stop. */
interface LoadClient {
    /** Submits the job, waits for its end, and tells the job what became of it. */
    void carryOut(Workload.Job job) throws Exception;

    /** Starts a thread that goes on for as long as it may. A failure of the client is a violation, and its end. */
    static Thread start(String name, LoadClient client, Workload load, BooleanSupplier goOn) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (goOn.getAsBoolean()) {
                            client.carryOut(load.next());
                        }
                    } catch (IOException | RuntimeException e) {
                        load.violations().add("%s ended: %s", name, e);
                    } catch (Exception e) {
                        load.violations().add("%s was stopped: %s", name, e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** For all jobs of a run: to show that one client hangs, not how quick they are. */
    Duration LIMIT = Duration.ofHours(1);

    /** Waits until all have been told to stop, and their last jobs have ended. */
    static void awaitEnd(List<Thread> clients, Workload load) throws InterruptedException {
        for (Thread client : clients) {
            client.join(LIMIT.toMillis());
            load.violations().check(!client.isAlive(), "%s still waits for its job", client.getName());
        }
    }
}
