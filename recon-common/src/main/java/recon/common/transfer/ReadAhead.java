package recon.common.transfer;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.Future;

/** Reads a file slice by slice, and digests it, one slice ahead of the one that is being sent. Used by one thread. */
final class ReadAhead implements AutoCloseable {
    /** Small enough to stay in the processor's cache, large enough for the change of threads not to show. */
    private static final int SLICE_BYTES = 256 * 1024;

    private final SourceFile file;
    private final Optional<MessageDigest> digest;
    private long left;
    private byte[] current;
    private byte[] spare;
    private Optional<Future<Integer>> next = Optional.empty();

    /**
     * @param offset where to begin
     * @param digest gets all bytes that are read
     */
    ReadAhead(SourceFile file, long offset, Optional<MessageDigest> digest) throws IOException {
        this.file = file;
        this.digest = digest;
        this.left = file.size() - offset;
        file.seek(offset);
        int bytes = (int) Math.min(SLICE_BYTES, left);
        this.current = new byte[bytes];
        this.spare = left > bytes ? new byte[bytes] : current;
    }

    /** Makes the next slice the current one. Returns its length; 0 at the end. */
    int next() throws IOException {
        int count;
        if (next.isPresent()) {
            Future<Integer> ready = next.get();
            next = Optional.empty();
            count = Helpers.result(ready);
            byte[] sent = current;
            current = spare;
            spare = sent;
        } else {
            count = read(current);
        }
        left -= count;
        if (left > 0) {
            byte[] into = spare;
            next = Optional.of(Helpers.submit(() -> read(into)));
        }
        return count;
    }

    private int read(byte[] into) throws IOException {
        int count = (int) Math.min(into.length, left);
        file.read(into, count);
        digest.ifPresent(bytes -> bytes.update(into, 0, count));
        return count;
    }

    /** The bytes of the current slice, from index 0. */
    byte[] slice() {
        return current;
    }

    @Override
    public void close() {
        if (next.isPresent()) {
            try {
                Helpers.result(next.get());
            } catch (IOException nobodyWantsItAnyMore) {
                // Something else has failed before.
            }
        }
    }
}
