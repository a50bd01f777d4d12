package recon.common.state;

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
 * Says that the directories of a program are in use: two programs on one directory would spoil each other's work. The
 * system takes the lock back when the process ends, however it ends.
 */
public final class DirectoryLock implements Closeable {
    private final String program;
    private final String items;
    private final List<FileChannel> files = new ArrayList<>();

    private DirectoryLock(String program, String items) {
        this.program = program;
        this.items = items;
    }

    /** @param program in a word: "server" */
    public static String fileName(String program) {
        return ".recon-" + program + ".lock";
    }

    /**
     * Locks every one of the directories, or none.
     *
     * @param program in a word: "server"
     * @param items of the options that name the directories
     * @throws IOException if another such program has one of them; names it
     */
    public static DirectoryLock take(String program, List<Path> directories, String items) throws IOException {
        DirectoryLock lock = new DirectoryLock(program, items);
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
                directory.resolve(fileName(program)),
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
            throw new IOException("another " + program + owner(file) + " uses " + directory
                    + "; stop it, or give this one directories of its own (" + items + ")");
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
