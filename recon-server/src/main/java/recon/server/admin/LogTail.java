package recon.server.admin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import recon.common.job.Failures;
import recon.common.wire.AdminReport;
import recon.common.wire.Report;
import recon.common.wire.SecureChannel;
import recon.server.queue.JobControl.NotPossibleException;

/** Sends the last lines of a log, and what is added to it. A log that is replaced is read to its end before the new one. */
final class LogTail {
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final int STEP_BYTES = 8 * 1024;

    private final SecureChannel channel;
    private final int lines;

    /** @param lines how many at most of those that are there */
    LogTail(SecureChannel channel, int lines) {
        this.channel = channel;
        this.lines = lines;
    }

    /** Whether more may come; asked before each look at the file. */
    @FunctionalInterface
    interface GoesOn {
        boolean check() throws IOException, NotPossibleException;
    }

    /** @param file need not exist yet */
    void send(Path file, GoesOn goesOn) throws IOException, NotPossibleException {
        Object open = null;
        FileChannel log = null;
        try {
            boolean more = true;
            for (boolean first = true; more; first = false) {
                more = goesOn.check();
                Object now = identity(file);
                if (!Objects.equals(now, open)) {
                    if (log != null) {
                        sendRest(log);
                        log.close();
                        log = null;
                    }
                    if (now != null) {
                        log = open(file, first);
                    }
                    open = now;
                }
                if (log != null) {
                    sendRest(log);
                }
                if (more && (pauseIsInterrupted() || channel.peerHasLeft())) {
                    return;
                }
            }
            channel.announce(new AdminReport.LogText(new byte[0], true));
        } catch (NoSuchFileException replacedInThisMoment) {
            throw new NotPossibleException("the log " + file.getFileName() + " was replaced in this moment; try again");
        } finally {
            if (log != null) {
                log.close();
            }
        }
    }

    /** Null if there is none. */
    private static Object identity(Path file) throws NotPossibleException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException notYetOrNotAnyMore) {
            return null;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** @param first whether it begins with the last lines, and not with all */
    private FileChannel open(Path file, boolean first) throws IOException, NotPossibleException {
        FileChannel log = null;
        try {
            log = FileChannel.open(file, StandardOpenOption.READ);
            log.position(first ? startOfLines(log) : 0);
            return log;
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            if (log != null) {
                log.close();
            }
            throw unreadable(e);
        }
    }

    private static NotPossibleException unreadable(IOException e) {
        return new NotPossibleException("the log cannot be read: " + Failures.words(e));
    }

    private void sendRest(FileChannel log) throws IOException {
        if (log.size() < log.position()) {
            log.position(0); // emptied
        }
        ByteBuffer piece = ByteBuffer.allocate(Report.JobLog.MAX_BYTES);
        for (int n = log.read(piece); n > 0; n = log.read(piece)) {
            channel.announce(new AdminReport.LogText(Arrays.copyOf(piece.array(), n), false));
            piece.clear();
        }
    }

    /** Where the last lines begin; a line end at the very end of the file ends the last one. */
    private long startOfLines(FileChannel log) throws IOException {
        long size = log.size();
        if (lines == 0) {
            return size;
        }
        int ends = 0;
        ByteBuffer step = ByteBuffer.allocate(STEP_BYTES);
        for (long from = size; from > 0; ) {
            int length = (int) Math.min(STEP_BYTES, from);
            from -= length;
            step.clear().limit(length);
            int n = log.read(step, from);
            for (int i = n - 1; i >= 0; i--) {
                boolean lineEnd = step.get(i) == '\n' && from + i < size - 1;
                if (lineEnd && ++ends == lines) {
                    return from + i + 1;
                }
            }
        }
        return 0;
    }

    private static boolean pauseIsInterrupted() {
        try {
            Thread.sleep(LOOK_EVERY.toMillis());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
