package recon.server.intake;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.job.SubmissionId;

/**
 * The submissions that are coming in. A client that lost its connection may be back before the server has noticed: then
 * its older connection is closed, and the newer one goes on once the older has tidied up.
 */
@ThreadSafe
final class Uploads {
    private static final Logger log = LoggerFactory.getLogger(Uploads.class);

    /** For the older session to end, once its connection is closed. */
    private static final Duration TIDYING_UP = Duration.ofSeconds(20);

    @GuardedBy("this")
    private final Map<SubmissionId, Upload> running = new HashMap<>();

    /** One submission on its way in; no other of its id is while this is open. */
    final class Upload implements AutoCloseable {
        private final SubmissionId submission;
        private final Closeable channel;

        private Upload(SubmissionId submission, Closeable channel) {
            this.submission = submission;
            this.channel = channel;
        }

        @Override
        public void close() {
            synchronized (Uploads.this) {
                running.remove(submission);
                Uploads.this.notifyAll();
            }
        }
    }

    /**
     * Begins an upload, in place of an older one of the same submission.
     *
     * @throws IOException if that one does not end
     */
    Upload begin(SubmissionId submission, Closeable channel) throws IOException {
        Upload mine = new Upload(submission, channel);
        long end = System.nanoTime() + TIDYING_UP.toNanos();
        while (true) {
            Upload older;
            synchronized (this) {
                older = running.putIfAbsent(submission, mine);
                if (older == null) {
                    return mine;
                }
            }
            log.info("the same submission comes in on a new connection; the older one is closed");
            older.channel.close();
            awaitEnd(older, end);
        }
    }

    /** Keeps a submission from coming in for a moment, unless it does already. */
    synchronized Optional<Upload> hold(SubmissionId submission) {
        Upload mine = new Upload(submission, () -> {});
        return running.putIfAbsent(submission, mine) == null ? Optional.of(mine) : Optional.empty();
    }

    private synchronized void awaitEnd(Upload older, long endNanos) throws IOException {
        try {
            while (running.get(older.submission) == older) {
                long left = (endNanos - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new IOException("the same submission still comes in on another connection");
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
