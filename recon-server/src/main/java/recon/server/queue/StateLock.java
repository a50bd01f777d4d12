package recon.server.queue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Says that the directories of a server are in use. Two servers on one directory would run each other's jobs and sweep
 * each other's files. The system takes the lock back when the process ends, however it ends.
 */
public final class StateLock implements Closeable {
    static final String FILE_NAME = ".recon-server.lock";

    private final List<FileChannel> files = new ArrayList<>();

    private StateLock() {}

    /**
     * Locks every one of the directories, or none.
     *
     * @throws IOException if another server has one of them; names it
     */
    public static StateLock take(List<Path> directories) throws IOException {
        StateLock lock = new StateLock();
        try {
            for (Path directory : directories.stream().distinct().toList()) {
                lock.takeOne(directory);
            }
            return lock;
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    private void takeOne(Path directory) throws IOException {
        FileChannel file = FileChannel.open(
                directory.resolve(FILE_NAME),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        files.add(file);
        FileLock lock;
        try {
            lock = file.tryLock();
        } catch (OverlappingFileLockException thisProcess) {
            lock = null;
        }
        if (lock == null) {
            throw new IOException("another server" + owner(file) + " uses " + directory
                    + "; stop it, or give this one directories of its own (STATE_DIR, RECON_SERVER_BASE_PFILE_DIR,"
                    + " RECON_SERVER_DICOM_OUTPUT_DIR)");
        }
        file.truncate(0);
        file.write(StandardCharsets.US_ASCII.encode(
                Long.toString(ProcessHandle.current().pid())));
    }

    private static String owner(FileChannel file) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(20);
        file.read(text, 0);
        String pid = StandardCharsets.US_ASCII.decode(text.flip()).toString();
        return pid.matches("\\d+") ? " (process " + pid + ")" : "";
    }

    @Override
    public void close() throws IOException {
        for (FileChannel file : files) {
            file.close();
        }
    }
}
