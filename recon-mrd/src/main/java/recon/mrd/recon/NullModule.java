package recon.mrd.recon;

import java.io.IOException;

/** Takes what comes and gives nothing back. */
public final class NullModule implements ReconModule {
    @Override
    public String name() {
        return "null";
    }

    @Override
    public void run(ReconSession session) throws IOException {
        while (session.next().isPresent()) {
            // nothing is made of it
        }
    }
}
