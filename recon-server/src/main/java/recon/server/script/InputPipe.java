package recon.server.script;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A named pipe from the server to a program, of which this is the writing end. A write that the program does not take
 * ends when the writer is interrupted, or any thread closes the pipe; one into the pipe that {@link Process} offers would
 * not.
 */
final class InputPipe extends OutputStream {
    /** The system keeps a copy of what is written at once, for as long as the thread lives. */
    private static final int SLICE_BYTES = 64 * 1024;

    private final Path path;
    private final FileChannel holder;
    private final FileChannel writeEnd;

    private InputPipe(Path path, FileChannel holder, FileChannel writeEnd) {
        this.path = path;
        this.holder = holder;
        this.writeEnd = writeEnd;
    }

    /** Makes the pipe, mode 0600, in place of a file that is there. */
    static InputPipe create(Path path) throws IOException {
        OutputPipe.make(path);
        // Open for both directions at first: a lone reader or writer would wait for the other in open().
        FileChannel holder = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return new InputPipe(path, holder, FileChannel.open(path, StandardOpenOption.WRITE));
    }

    /** What the program's stdin is to be opened on. */
    File file() {
        return path.toFile();
    }

    /** Gives up our own reading end and the name: when the program has closed its end, writing fails. */
    void handOver() throws IOException {
        holder.close();
        Files.deleteIfExists(path);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int at = offset; at < offset + length; ) {
            at += writeEnd.write(ByteBuffer.wrap(bytes, at, Math.min(SLICE_BYTES, offset + length - at)));
        }
    }

    /** The program's input ends. */
    @Override
    public void close() throws IOException {
        try (writeEnd) {
            handOver();
        }
    }
}
