package recon.server.script;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A named pipe from the script to the server, of which this is the reading end.
 *
 * <p>Why not the pipe that {@link Process} offers: when the process has exited, the JDK first reads up what a child
 * that was left behind goes on printing, with no limit; and a read that such a child blocks cannot be ended. This one
 * may be closed by any thread at any time.
 */
final class OutputPipe implements AutoCloseable {
    private final Path path;
    private final FileChannel holder;
    private final FileChannel readEnd;

    private OutputPipe(Path path, FileChannel holder, FileChannel readEnd) {
        this.path = path;
        this.holder = holder;
        this.readEnd = readEnd;
    }

    /** Makes the pipe, mode 0600, in place of a file that is there. */
    static OutputPipe create(Path path) throws IOException {
        make(path);
        // Open for both directions at first: a lone reader or writer would wait for the other in open().
        FileChannel holder = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return new OutputPipe(path, holder, FileChannel.open(path, StandardOpenOption.READ));
    }

    /** Makes a named pipe, mode 0600, in place of a file that is there. */
    static void make(Path path) throws IOException {
        Files.deleteIfExists(path);
        Process mkfifo = new ProcessBuilder("mkfifo", "-m", "600", path.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(mkfifo.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (mkfifo.onExit().join().exitValue() != 0) {
            throw new IOException("cannot make a pipe for what a program reads and prints: " + said);
        }
    }

    /** What the script's stdout and stderr are to be opened on. */
    File file() {
        return path.toFile();
    }

    /** Gives up our own writing end and the name: when the last process that holds the pipe has gone, it ends. */
    void handOver() throws IOException {
        holder.close();
        Files.deleteIfExists(path);
    }

    /** Returns how many bytes were read, or -1 at the end. */
    int read(ByteBuffer buffer) throws IOException {
        return readEnd.read(buffer);
    }

    /** Ends a read in another thread by {@link java.nio.channels.AsynchronousCloseException}. */
    @Override
    public void close() throws IOException {
        try (readEnd) {
            handOver();
        }
    }
}
