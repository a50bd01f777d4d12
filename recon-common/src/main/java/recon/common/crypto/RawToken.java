package recon.common.crypto;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.Semaphore;

/** A token's bytes after base64; {@code bytes} may be longer than {@code length}. */
record RawToken(byte[] bytes, int length) {
    /** Read and decoded at once: large enough for few system calls, and whole groups of four and three. */
    private static final int READ_BYTES = 4 * FernetCipher.SLICE_TEXT_BYTES;

    /** The same for a stranger, who may be one of many that send nothing more. */
    static final int STRANGER_READ_BYTES = FernetCipher.SLICE_TEXT_BYTES / 2;

    /** The share of one stranger in what all of them may take. */
    static final class Reservation {
        private final Semaphore kib;
        private int held;

        Reservation(Semaphore kib) {
            this.kib = kib;
        }

        void growTo(int bytes) throws IOException {
            int wanted = bytes / 1024 - held;
            if (wanted > 0 && !kib.tryAcquire(wanted)) {
                throw new IOException("peers that have shown no key send more than " + FernetCipher.STRANGERS_KIB / 1024
                        + " MiB at once; this one was closed");
            }
            held += Math.max(0, wanted);
        }

        void release() {
            kib.release(held);
        }
    }

    /** From a known peer: room for all of it at once. */
    static RawToken read(InputStream in, int tokenBytes) throws IOException {
        return read(in, tokenBytes, READ_BYTES, new byte[tokenBytes / 4 * 3], bytes -> {});
    }

    static RawToken read(InputStream in, int tokenBytes, int readBytes, Reservation reservation) throws IOException {
        byte[] first = new byte[Math.min(tokenBytes / 4 * 3, readBytes)];
        return read(in, tokenBytes, readBytes, first, reservation::growTo);
    }

    private interface Growth {
        void to(int bytes) throws IOException;
    }

    private static RawToken read(InputStream in, int tokenBytes, int readBytes, byte[] room, Growth growth)
            throws IOException {
        byte[] raw = room;
        byte[] text = new byte[Math.min(tokenBytes, readBytes)];
        byte[] piece = new byte[text.length];
        int length = 0;
        boolean legal = tokenBytes % 4 == 0;
        for (int at = 0; at < tokenBytes; at += readBytes) {
            int want = Math.min(readBytes, tokenBytes - at);
            int got = in.readNBytes(text, 0, want);
            if (got < want) {
                throw new EOFException("stream ended after " + (at + got) + " of " + tokenBytes + " bytes of a frame");
            }
            boolean last = at + want == tokenBytes;
            int n = legal ? decode(want == text.length ? text : Arrays.copyOf(text, want), piece) : -1;
            legal = n >= 0 && (last || n == readBytes / 4 * 3); // read to the end even so: one answer for every fault
            if (legal) {
                if (length + n > raw.length) {
                    int larger = Math.min(tokenBytes / 4 * 3, 2 * raw.length);
                    growth.to(larger);
                    raw = Arrays.copyOf(raw, larger);
                }
                System.arraycopy(piece, 0, raw, length, n);
                length += n;
            }
        }
        if (!legal) {
            throw new AuthenticationFailedException();
        }
        return new RawToken(raw, length);
    }

    /** Returns the bytes decoded, or -1 if the text is not the one way to write them. */
    private static int decode(byte[] text, byte[] slice) {
        try {
            int n = Base64.getUrlDecoder().decode(text, slice);
            int tail = n % 3;
            if (tail != 0) { // the last character may carry bits that mean nothing; they must be zero
                byte[] again = Base64.getUrlEncoder().encode(Arrays.copyOfRange(slice, n - tail, n));
                byte[] given = Arrays.copyOfRange(text, text.length - again.length, text.length);
                return Arrays.equals(again, given) ? n : -1;
            }
            return n;
        } catch (IllegalArgumentException notBase64) {
            return -1;
        }
    }
}
