package recon.mrd.session;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.mrd.file.MrdText;
import recon.mrd.file.MrdWriter;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdItem;

/**
 * A file of what is being measured and cannot be measured again. Whatever ends its program, what came in until a little
 * before that is on the disk and can be read: every {@link #INTERVAL} and after what the disk needs, a checkpoint is
 * published. Until it is complete it has a hidden name; closed before that, it stays, under a name that says so ({@link
 * SaveDirectory#keepIncomplete}). It takes nothing more once a checkpoint finds too little space left on the disk.
 *
 * <p>Threads: whoever writes, and one of its own for the checkpoints, so that nobody waits for the disk.
 */
final class Recording implements Closeable {
    /** How much measuring time a kill or a power failure may cost, but for the time that the disk takes. */
    static final Duration INTERVAL = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(Recording.class);

    private final CountDownLatch over = new CountDownLatch(1);
    private final DiskFloor floor;
    private final Thread checkpoints;

    @GuardedBy("this")
    private final MrdWriter writer;

    @GuardedBy("this")
    private boolean hasMore;

    @GuardedBy("this")
    private IOException failure;

    /** What there is can still be published, and completed if {@link #lacksSome nothing was refused}. */
    @GuardedBy("this")
    private IOException noRoom;

    @GuardedBy("this")
    private boolean lacksSome;

    @GuardedBy("this")
    private boolean readable;

    private boolean ended;

    /**
     * Begins a file.
     *
     * @param directory made if it is not there
     * @param name that the file would have, for the time until it is complete
     * @param interval of the checkpoints
     * @param floor looked at now and at each of them
     * @throws IOException if it cannot be made, or too little space is free
     */
    Recording(Path directory, String name, Duration interval, DiskFloor floor) throws IOException {
        this.floor = floor;
        SaveDirectory.make(directory);
        floor.require();
        writer = MrdWriter.create(
                directory.resolve(name + SaveDirectory.ENDING),
                MrdWriter.DEFAULT_GROUP,
                SaveDirectory.fileMode(directory));
        checkpoints = new Thread(
                () -> makeCheckpoints(interval), Thread.currentThread().getName() + "-checkpoints");
        checkpoints.setDaemon(true);
        checkpoints.start();
    }

    /** @throws IOException if it cannot be written, or the disk has failed or become too full since the last call */
    synchronized void write(MrdText kind, String text) throws IOException {
        requireDisk();
        requireRoom();
        try {
            writer.write(kind, text);
            hasMore = true;
        } catch (IOException | RuntimeException | Error e) {
            remember(e);
            throw e;
        }
    }

    /**
     * Writes an item.
     *
     * @throws MrdException if a file cannot hold it beside what is there; nothing else is lost
     * @throws IOException if it cannot be written, or the disk has failed or become too full since the last call
     */
    synchronized void write(MrdItem item) throws IOException {
        requireDisk();
        requireRoom();
        try {
            writer.write(item);
            hasMore = true;
        } catch (IOException | RuntimeException | Error e) {
            remember(e);
            throw e;
        }
    }

    @GuardedBy("this")
    private void requireDisk() throws IOException {
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    @GuardedBy("this")
    private void requireRoom() throws IOException {
        if (noRoom != null) {
            lacksSome = true;
            throw new IOException(noRoom.getMessage(), noRoom);
        }
    }

    /** What is half done may be in the file: nothing more is published. */
    @GuardedBy("this")
    private void remember(Throwable e) {
        if (e instanceof IOException disk) {
            failure = e instanceof MrdException ? failure : disk;
        } else {
            failure = new IOException("the file cannot be written: " + e, e);
        }
    }

    private void makeCheckpoints(Duration interval) {
        try {
            while (!over.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                makeCheckpoint();
                lookForRoom();
            }
        } catch (IOException | RuntimeException | Error e) {
            synchronized (this) {
                remember(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookForRoom() {
        try {
            floor.require();
        } catch (IOException e) {
            synchronized (this) {
                noRoom = e;
            }
        }
    }

    private void makeCheckpoint() throws IOException {
        MrdWriter.Checkpoint checkpoint;
        synchronized (this) {
            if (!hasMore || failure != null) {
                return;
            }
            hasMore = false;
            checkpoint = writer.checkpoint();
        }
        checkpoint.sync(); // the session goes on meanwhile
        synchronized (this) {
            checkpoint.publish();
            readable = true;
        }
        checkpoint.sync(); // nothing more may come for long
    }

    /**
     * Completes the file.
     *
     * @param name without its ending; another one if there is a file of that name
     */
    Path complete(String name) throws IOException {
        endCheckpoints();
        synchronized (this) {
            requireDisk();
            if (lacksSome) {
                requireRoom();
            }
            Path whole;
            try {
                whole = writer.complete();
            } catch (IOException | RuntimeException | Error e) {
                remember(e);
                throw e;
            }
            ended = true;
            return SaveDirectory.giveName(whole, name);
        }
    }

    /** Keeps what there is, unless the file is complete. */
    @Override
    public void close() throws IOException {
        if (ended) {
            return;
        }
        ended = true;
        endCheckpoints();
        publishRest();
        Path left;
        boolean canBeRead;
        synchronized (this) {
            left = writer.leave();
            canBeRead = readable;
        }
        log.warn(
                "the file is not complete; {} can be read: {}",
                canBeRead ? "what is in it" : "nothing of it",
                SaveDirectory.keepIncomplete(left));
    }

    private void publishRest() {
        try {
            makeCheckpoint();
        } catch (IOException | RuntimeException e) {
            log.warn("what came last is not in the file: {}", e.toString());
        }
    }

    /** Waits for the disk, also when the server stops. */
    private void endCheckpoints() {
        over.countDown();
        boolean interrupted = false;
        while (checkpoints.isAlive()) {
            try {
                checkpoints.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
