package recon.mrd.recon;

import java.io.IOException;

/**
 * A reconstruction or an analysis that a client asks for by its name. Modules are found with {@link
 * java.util.ServiceLoader}: a site's own needs this interface, a constructor without parameters, and its class name in
 * {@code META-INF/services/recon.mrd.recon.ReconModule} of a jar on the class path. One object serves all sessions, side
 * by side.
 */
public interface ReconModule {
    /** What a client calls it: a plain name without {@code /}. */
    String name();

    /**
     * Serves one session. Images and texts leave as they are sent; what comes in need not be read to its end.
     *
     * @throws IOException if the data cannot be made sense of; the client gets its message
     */
    void run(ReconSession session) throws IOException, InterruptedException;
}
