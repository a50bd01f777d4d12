package recon.client.crash;

import java.io.IOException;
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

    /** Waits for the jobs under way to end. */
    static void awaitEnd(List<Thread> clients, Workload load) throws InterruptedException {
        for (Thread client : clients) {
            client.join(Patience.LONG.toMillis());
            load.violations().check(!client.isAlive(), "%s still waits for its job", client.getName());
        }
    }
}
