package recon.server.delivery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.wire.Event;
import recon.common.wire.Report;
import recon.common.wire.SecureChannel;
import recon.server.queue.JobRecord;
import recon.server.queue.JobStore;
import recon.server.queue.JobWatches;
import recon.server.queue.Workspace;

/** Sends what a job's script has printed, and what it goes on to print. Thread-safe; used by session threads. */
public final class LogSender {
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final JobStore store;
    private final JobWatches watches;
    private final Workspace workspace;

    public LogSender(JobStore store, JobWatches watches, Workspace workspace) {
        this.store = store;
        this.watches = watches;
        this.workspace = workspace;
    }

    /** @param follow go on until the job's script has ended */
    public void send(SecureChannel channel, JobId job, boolean follow) throws IOException {
        Path log = workspace.directories(job).log();
        try (JobWatches.Watch watch = watches.watch(job)) {
            long sent = 0;
            while (true) {
                Optional<JobRecord> record = store.find(job) // before the log is read: so nothing is missed
                        .filter(found -> channel.owner().mayUse(found.owner()));
                if (record.isEmpty()) {
                    channel.send(new Event.EventError("there is no job " + job));
                    return;
                }
                boolean goesOn = follow && record.get().state().compareTo(JobState.DELIVERING) < 0;
                sent = sendFrom(channel, job, log, sent);
                if (!goesOn) {
                    channel.announce(new Report.JobLog(job, new byte[0], true));
                    return;
                }
                watch.await(LOOK_EVERY);
                if (watches.isClosed() || channel.peerHasLeft()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns where the log ends now. A job that runs again begins its log anew. */
    private static long sendFrom(SecureChannel channel, JobId job, Path log, long from) throws IOException {
        try (FileChannel file = FileChannel.open(log, StandardOpenOption.READ)) {
            ByteBuffer piece = ByteBuffer.allocate(Report.JobLog.MAX_BYTES);
            long at = file.size() < from ? 0 : from;
            for (int n = file.read(piece, at); n > 0; n = file.read(piece, at)) {
                channel.announce(new Report.JobLog(job, Arrays.copyOf(piece.array(), n), false));
                at += n;
                piece.clear();
            }
            return at;
        } catch (NoSuchFileException notYetOrNotAnyMore) {
            return 0;
        }
    }
}
