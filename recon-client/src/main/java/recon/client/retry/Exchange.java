package recon.client.retry;

import java.io.IOException;
import java.util.Optional;
import recon.common.job.JobId;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;

/**
 * Something said to a server that can be taken up again over a new connection. Knows how far it has come.
 *
 * <p>Used by one thread.
 *
 * @param <T> what comes of it
 */
public interface Exchange<T> {
    /** How to begin on a new connection, given what has been done before. */
    Request request() throws IOException;

    /** What follows the request, until the end. */
    T goOn(SecureChannel channel) throws IOException;

    /** The job that it is about, if that is the server's responsibility already. */
    Optional<JobId> job();

    /** Grows with everything that need not be done again: a connection that adds nothing is no better than none. */
    int stepsDone();

    /** Whether whoever began it waits anyway, and so also until a server that drains takes new jobs again. */
    default boolean waitsWhileDraining() {
        return false;
    }
}
