package recon.common.tls;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsProtocol;
import org.bouncycastle.tls.TlsServerProtocol;
import recon.common.crypto.KeyRing;
import recon.common.crypto.OwnedKey;

/**
 * One TLS 1.3 session. Reads give the plaintext of records where it was decrypted, without another copy; writes are
 * gathered to full records, and those to large writes.
 *
 * <p>Holds no buffer while it is idle. Not thread-safe: used by the thread that owns the connection, or, once it is to
 * {@linkplain #beFullDuplex be full duplex}, by one thread that reads and one that writes.
 */
public final class TlsSession {
    private static final int RECORD_BYTES = 16 * 1024;

    /**
     * A session begins with small records. The JDK's AES and GHASH intrinsics run only once the loops around them are
     * compiled, and what counts towards that is calls, not bytes. In a peer that has just started, this ends after some 4
     * MiB in place of 64 MiB and 0.9 s.
     */
    private static final int FIRST_RECORD_BYTES = 1024;

    private static final int FIRST_RECORDS = 4096;

    private final TlsProtocol protocol;
    private final RecordReader reader;
    private final Records plain;
    private final GatheredOutput out;
    private final OwnedKey key;
    private byte[] pending;
    private int pendingBytes;
    private int firstRecordsLeft = FIRST_RECORDS;

    /** Reads the next record and handles it; {@link Records} gets what it held for us. */
    @FunctionalInterface
    private interface RecordReader {
        void next() throws IOException;
    }

    private TlsSession(
            TlsProtocol protocol, RecordReader reader, Records plain, GatheredOutput out, Optional<OwnedKey> key)
            throws IOException {
        this.protocol = protocol;
        this.reader = reader;
        this.plain = plain;
        this.out = out;
        this.key = key.orElseThrow(() -> new TlsFatalAlert(AlertDescription.internal_error, "no key was selected"));
        out.flushNow(); // the last flight of the handshake
    }

    /**
     * Opens a session as its client.
     *
     * @throws HandshakeException if there is none, because the server does not know the key or for any other reason
     */
    public static TlsSession client(InputStream in, OutputStream out, KeyRing keys) throws IOException {
        ClientPeer peer = new ClientPeer(keys.keys());
        Records records = new Records();
        GatheredOutput gathered = new GatheredOutput(out);
        Client protocol = new Client(gathered.flushingBeforeReads(in), gathered, records);
        shakeHands(gathered, () -> protocol.connect(peer));
        return new TlsSession(protocol, protocol::nextRecord, records, gathered, peer.selected());
    }

    /**
     * Opens a session as its server.
     *
     * @param in from the first byte of the client's hello on
     * @throws HandshakeException if there is none, because the client has no key of the ring or for any other reason
     */
    public static TlsSession server(InputStream in, OutputStream out, KeyRing keys) throws IOException {
        ServerPeer peer = new ServerPeer(keys);
        Records records = new Records();
        GatheredOutput gathered = new GatheredOutput(out);
        Server protocol = new Server(gathered.flushingBeforeReads(in), gathered, records);
        shakeHands(gathered, () -> protocol.accept(peer));
        return new TlsSession(protocol, protocol::nextRecord, records, gathered, peer.selected());
    }

    private static void shakeHands(GatheredOutput out, RecordReader handshake) throws IOException {
        try {
            handshake.next();
        } catch (TlsFatalAlert | TlsFatalAlertReceived e) {
            out.flushLastWord();
            throw new HandshakeException(e);
        }
    }

    /** The key that both sides have shown to have. */
    public OwnedKey key() {
        return key;
    }

    /** Takes plaintext from where it was decrypted; must be done with it when it returns. */
    @FunctionalInterface
    public interface Sink {
        void take(byte[] bytes, int offset, int length) throws IOException;
    }

    /**
     * Gives the next bytes to a sink: at least one, at most {@code limit}.
     *
     * @return how many; -1 if the peer has ended the session, or the connection
     */
    public int read(int limit, Sink sink) throws IOException {
        while (plain.left == 0) {
            if (protocol.isClosed() || !readRecord()) {
                return -1;
            }
        }
        int count = Math.min(limit, plain.left);
        int at = plain.at;
        plain.at += count;
        plain.left -= count;
        sink.take(plain.bytes, at, count);
        if (plain.left == 0) {
            plain.bytes = Records.NONE;
        }
        return count;
    }

    /** Returns false at the end. */
    private boolean readRecord() throws IOException {
        try {
            reader.next();
            return true;
        } catch (TlsFatalAlertReceived e) {
            throw new EOFException("the peer ended the TLS session: " + words(e));
        } catch (TlsFatalAlert e) {
            out.flushLastWord();
            throw new DamagedRecordException(e);
        } catch (EOFException e) {
            throw new EOFException("the connection ended inside a TLS record");
        }
    }

    /** Whether plaintext is here that was not read yet. */
    public boolean hasPlaintext() {
        return plain.left > 0;
    }

    /** Whether the peer has ended the session. To be asked when there is something to read: takes the record that is. */
    public boolean isEndedByPeer() throws IOException {
        return plain.left == 0 && (protocol.isClosed() || !readRecord() || protocol.isClosed());
    }

    /** Writes bytes, of which some may stay here until there is a record full of them, or {@link #flush}. */
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            int recordBytes = firstRecordsLeft > 0 ? FIRST_RECORD_BYTES : RECORD_BYTES;
            if (pendingBytes == 0 && end - at >= recordBytes) {
                writeRecord(bytes, at, recordBytes);
                at += recordBytes;
            } else {
                int count = Math.min(end - at, recordBytes - pendingBytes);
                gather(bytes, at, count);
                at += count;
                if (pendingBytes == recordBytes) {
                    writePending();
                }
            }
        }
    }

    private void gather(byte[] bytes, int offset, int count) {
        if (pending == null) {
            pending = new byte[RECORD_BYTES];
        }
        System.arraycopy(bytes, offset, pending, pendingBytes, count);
        pendingBytes += count;
    }

    private void writePending() throws IOException {
        int count = pendingBytes;
        pendingBytes = 0;
        writeRecord(pending, 0, count);
    }

    private void writeRecord(byte[] bytes, int offset, int length) throws IOException {
        protocol.writeApplicationData(bytes, offset, length);
        firstRecordsLeft = Math.max(0, firstRecordsLeft - 1);
    }

    /** Sends what was written. */
    public void flush() throws IOException {
        if (pendingBytes > 0) {
            writePending();
        }
        pending = null;
        out.flushNow();
    }

    /** Says that nothing more will come. The connection stays open. */
    public void end() throws IOException {
        if (!protocol.isClosed()) {
            flush();
            protocol.close();
            out.flushNow();
        }
    }

    /** From now on one thread may read while another one writes: a read does not send what was written before. */
    public void beFullDuplex() {
        out.neverFlushBeforeReads();
    }

    static String words(TlsFatalAlertReceived alert) {
        return AlertLevel.getText(AlertLevel.fatal) + " alert " + AlertDescription.getText(alert.getAlertDescription());
    }

    /** The plaintext of the last record, in the array that it was decrypted in. */
    private static final class Records {
        private static final byte[] NONE = new byte[0];
        private byte[] bytes = NONE;
        private int at;
        private int left;

        void put(byte[] record, int offset, int length) {
            if (length > 0) {
                bytes = record;
                at = offset;
                left = length;
            }
        }
    }

    private static final class Client extends TlsClientProtocol {
        private final Records plain;

        Client(InputStream in, OutputStream out, Records plain) {
            super(in, out);
            this.plain = plain;
        }

        void nextRecord() throws IOException {
            safeReadRecord();
        }

        @Override
        protected void processRecord(short type, byte[] bytes, int offset, int length) throws IOException {
            if (type == ContentType.application_data && isConnected()) {
                plain.put(bytes, offset, length);
            } else {
                super.processRecord(type, bytes, offset, length);
            }
        }
    }

    private static final class Server extends TlsServerProtocol {
        private final Records plain;

        Server(InputStream in, OutputStream out, Records plain) {
            super(in, out);
            this.plain = plain;
        }

        void nextRecord() throws IOException {
            safeReadRecord();
        }

        @Override
        protected void processRecord(short type, byte[] bytes, int offset, int length) throws IOException {
            if (type == ContentType.application_data && isConnected()) {
                plain.put(bytes, offset, length);
            } else {
                super.processRecord(type, bytes, offset, length);
            }
        }
    }
}
