package recon.server.queue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import recon.common.state.DirectoryLock;

/** Says that the directories of a server are in use: two servers would run each other's jobs and sweep each other's files. */
public final class StateLock implements Closeable {
    private static final String PROGRAM = "server";

    static final String FILE_NAME = DirectoryLock.fileName(PROGRAM);

    private final DirectoryLock lock;

    private StateLock(DirectoryLock lock) {
        this.lock = lock;
    }

    /** @see DirectoryLock#take */
    public static StateLock take(List<Path> directories) throws IOException {
        return new StateLock(DirectoryLock.take(
                PROGRAM, directories, "STATE_DIR, RECON_SERVER_BASE_PFILE_DIR, RECON_SERVER_DICOM_OUTPUT_DIR"));
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
