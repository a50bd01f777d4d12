package recon.mrd.session;

import java.io.IOException;

/** Serves a session from its header on: by items, as a {@link recon.mrd.recon.ReconModule}, or message by message. */
@FunctionalInterface
public interface SessionModule {
    /**
     * Serves one session, in a thread of its own, which is interrupted if it does nothing for too long.
     *
     * @throws IOException if the data cannot be made sense of; the client gets its message. An {@link
     *     recon.mrd.format.MrdException} after an interrupt is told to the client too.
     */
    void run(ModuleSession session) throws IOException, InterruptedException;
}
