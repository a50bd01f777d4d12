package recon.mrd.session;

import java.io.IOException;
import java.util.Optional;
import recon.mrd.recon.ReconModules;

/** The modules that clients may ask for. */
@FunctionalInterface
public interface SessionModules {
    /**
     * The module for a config; empty if there is none.
     *
     * @param config what a client sent, whatever that is
     * @throws IOException if there is one that cannot be used
     */
    Optional<SessionModule> named(String config) throws IOException;

    /** Those of the class path. */
    static SessionModules of(ReconModules modules) {
        return config -> modules.named(config).map(module -> module::run);
    }
}
