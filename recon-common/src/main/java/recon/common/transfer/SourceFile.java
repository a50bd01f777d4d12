package recon.common.transfer;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import recon.common.job.Sha256;

/**
 * A file that is to be sent. It is opened and measured before anything is said about it, and looked at again at the end: a
 * file that changed meanwhile is an error, never a wrong copy.
 *
 * <p>Not thread-safe.
 */
public final class SourceFile implements Closeable {
    private static final int READ_BYTES = 128 * 1024;

    private final Path file;
    private final FileChannel in;
    private final long size;
    private final FileTime modified;

    private SourceFile(Path file, FileChannel in, long size, FileTime modified) {
        this.file = file;
        this.in = in;
        this.size = size;
        this.modified = modified;
    }

    /**
     * Opens a file.
     *
     * @throws SourceFileException if it cannot be read or is no regular file
     */
    public static SourceFile open(Path file) throws SourceFileException {
        try {
            requireRegular(
                    Files.readAttributes(file, BasicFileAttributes.class)); // to open a pipe waits for its writer
            FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                requireRegular(attributes);
                return new SourceFile(file, in, attributes.size(), attributes.lastModifiedTime());
            } catch (IOException e) {
                in.close();
                throw e;
            }
        } catch (IOException e) {
            throw new SourceFileException(file, "cannot be read: " + reason(e), e);
        }
    }

    private static void requireRegular(BasicFileAttributes attributes) throws IOException {
        if (!attributes.isRegularFile()) {
            throw new IOException("it is no regular file");
        }
    }

    public long size() {
        return size;
    }

    public Path path() {
        return file;
    }

    /** The next byte to be read is that one. */
    void seek(long position) throws SourceFileException {
        try {
            in.position(position);
        } catch (IOException e) {
            throw new SourceFileException(file, "cannot be read: " + reason(e), e);
        }
    }

    /**
     * Reads the next bytes.
     *
     * @throws SourceFileException if there are not so many any more
     */
    void read(byte[] into, int length) throws SourceFileException {
        ByteBuffer buffer = ByteBuffer.wrap(into, 0, length);
        try {
            while (buffer.hasRemaining()) {
                if (in.read(buffer) < 0) {
                    throw new SourceFileException(
                            file, "became shorter than " + size + " bytes while it was being sent");
                }
            }
        } catch (SourceFileException e) {
            throw e;
        } catch (IOException e) {
            throw new SourceFileException(file, "cannot be read: " + reason(e), e);
        }
    }

    /** Puts the first bytes into a digest; the next byte to be read is the one after them. */
    void digestFirst(long bytes, MessageDigest digest, Busy busy) throws IOException {
        seek(0);
        byte[] piece = new byte[(int) Math.min(bytes, READ_BYTES)];
        for (long done = 0; done < bytes; ) {
            int count = (int) Math.min(piece.length, bytes - done);
            read(piece, count);
            digest.update(piece, 0, count);
            done += count;
            busy.tick();
        }
    }

    /** The digest of the whole file. The next byte to be read is the first one. */
    public Sha256 digest(Busy busy) throws IOException {
        MessageDigest digest = Sha256.begin();
        digestFirst(size, digest, busy);
        seek(0);
        return Sha256.of(digest);
    }

    /** @throws SourceFileException if it is not as it was when it was opened */
    void requireUnchanged() throws SourceFileException {
        BasicFileAttributes now;
        try {
            now = Files.readAttributes(file, BasicFileAttributes.class);
        } catch (IOException e) {
            throw new SourceFileException(file, "vanished while it was being sent", e);
        }
        if (now.size() != size || !now.lastModifiedTime().equals(modified)) {
            throw new SourceFileException(file, "changed while it was being sent; send it again once it is complete");
        }
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return e.getMessage();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
