package recon.server.testing.faulty;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import recon.server.queue.JobStore;
import recon.server.queue.StoreException;

/** A store whose calls fail as its contract says: with nothing changed. */
public final class FaultyStore {
    private FaultyStore() {}

    public static JobStore over(JobStore real, Faults faults) {
        return (JobStore) Proxy.newProxyInstance(
                FaultyStore.class.getClassLoader(), new Class<?>[] {JobStore.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("close") && !method.getName().equals("createdAt")) {
                        try {
                            faults.check("store", method.getName());
                        } catch (IOException e) {
                            throw new StoreException("the record cannot be used: " + e.getMessage(), e);
                        }
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
