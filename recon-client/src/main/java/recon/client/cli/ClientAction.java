package recon.client.cli;

import java.io.IOException;

/** What one run of the program does. */
@FunctionalInterface
interface ClientAction {
    /**
     * Does it, and prints what came of it.
     *
     * @return the exit code
     * @throws IllegalArgumentException if it cannot be done as the command line asks
     */
    int run(Session session) throws IOException;
}
