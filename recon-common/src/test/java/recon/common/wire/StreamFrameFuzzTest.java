package recon.common.wire;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import recon.common.net.Connection;
import recon.common.testing.Peer;
import recon.common.testing.SocketPair;
import recon.common.testing.TestKeys;
import recon.common.tls.TlsSession;

/** Whatever a peer with a key says, its frames are messages, bytes of a file, an end, or a refusal. */
class StreamFrameFuzzTest {
    private static final int MAX_MESSAGE_BYTES = 1 << 16;
    private static final int MAX_INPUT_BYTES = 1 << 15; // what the connection holds while nobody reads

    /** The first byte says how many bytes of a file are due in turn with messages. */
    @FuzzTest(maxDuration = "30s")
    void anyFrames(byte[] data) throws Exception {
        if (data.length < 2 || data.length > MAX_INPUT_BYTES) {
            return;
        }
        BugDetectors.allowNetworkConnections((host, port) -> host.equals("localhost"));
        try (SocketPair sockets = SocketPair.open()) {
            sockets.a().setTcpNoDelay(true);
            Connection connection = new Connection(sockets.b(), Duration.ofSeconds(5));
            Peer<TlsSession> server = Peer.start(() -> TlsSession.server(
                    connection.input(),
                    connection.output(),
                    TestKeys.cipher(TestKeys.A).keys()));
            TlsSession peer = TlsSession.client(
                    sockets.a().getInputStream(),
                    sockets.a().getOutputStream(),
                    TestKeys.cipher(TestKeys.A).keys());
            TlsTransport transport = new TlsTransport(connection, server.join(), MAX_MESSAGE_BYTES);
            peer.write(data, 1, data.length - 1);
            peer.end();
            read(transport, Byte.toUnsignedInt(data[0]));
        }
    }

    private static void read(TlsTransport transport, int due) throws IOException {
        try {
            while (transport.receive().isPresent()) {
                AtomicLong got = new AtomicLong();
                boolean whole = transport
                        .receiveData(due, (bytes, offset, length) -> got.addAndGet(length))
                        .isEmpty();
                if (got.get() > due || (whole && got.get() != due)) {
                    throw new AssertionError(got + " bytes where " + due + " were due");
                }
            }
        } catch (ProtocolException | EOFException refused) {
            return;
        }
    }
}
