package recon.common.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import recon.common.net.Connection;
import recon.common.testing.Peer;
import recon.common.testing.SocketPair;
import recon.common.testing.TestKeys;
import recon.common.tls.TlsSession;

/** Frames as a peer might send them, within an honest session. */
@Timeout(60)
class TlsTransportTest {
    private static final int MAX_MESSAGE_BYTES = 1000;
    private static final Transfer.End MESSAGE = new Transfer.End("a.7");
    private static final byte[] BODY =
            "{\"type\":\"file_transfer_end\",\"payload\":{\"filename\":\"a.7\"}}".getBytes(StandardCharsets.US_ASCII);

    private SocketPair sockets;
    private TlsSession peer;
    private TlsTransport transport;

    @BeforeEach
    void connect() throws Exception {
        sockets = SocketPair.open();
        Connection connection = new Connection(sockets.b(), Duration.ofSeconds(5));
        Peer<TlsSession> server = Peer.start(() -> TlsSession.server(
                connection.input(),
                connection.output(),
                TestKeys.cipher(TestKeys.A).keys()));
        peer = TlsSession.client(
                sockets.a().getInputStream(),
                sockets.a().getOutputStream(),
                TestKeys.cipher(TestKeys.A).keys());
        transport = new TlsTransport(connection, server.join(), MAX_MESSAGE_BYTES);
    }

    @AfterEach
    void disconnect() throws IOException {
        sockets.close();
    }

    private void header(int kind, long length) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(StreamFrame.HEADER_BYTES);
        header.put((byte) kind).putInt((int) length);
        peer.write(header.array(), 0, StreamFrame.HEADER_BYTES);
    }

    private void frame(int kind, byte[] body) throws IOException {
        header(kind, body.length);
        peer.write(body, 0, body.length);
        peer.flush();
    }

    @Test
    void keepAlivesBetweenMessagesAndDataAreNotSeen() throws IOException {
        frame(StreamFrame.KEEP_ALIVE, new byte[0]);
        frame(StreamFrame.KEEP_ALIVE, new byte[0]);
        frame(StreamFrame.MESSAGE, BODY);
        frame(StreamFrame.DATA, new byte[] {1, 2});
        frame(StreamFrame.KEEP_ALIVE, new byte[0]);
        frame(StreamFrame.DATA, new byte[] {3});
        assertThat(transport.receive()).contains(MESSAGE);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        assertThat(transport.receiveData(3, data::write)).isEmpty();
        assertThat(data.toByteArray()).containsExactly(1, 2, 3);
    }

    @Test
    void aMessageMayTakeTheRoomThatThereIsAndNoMore() throws IOException {
        byte[] body = new byte[MAX_MESSAGE_BYTES];
        Arrays.fill(body, (byte) ' ');
        System.arraycopy(BODY, 0, body, 0, BODY.length);
        frame(StreamFrame.MESSAGE, body);
        assertThat(transport.receive()).contains(MESSAGE);
        header(StreamFrame.MESSAGE, MAX_MESSAGE_BYTES + 1);
        peer.flush();
        assertThatThrownBy(transport::receive)
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("frame length 1001 is outside 1..1000")
                .hasMessageContaining("MAX_MESSAGE_BYTES");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, StreamFrame.MAX_DATA_BYTES + 1, 0x7fff_ffffL, 0xffff_ffffL})
    void noFrameOfDataIsEmptyOrLongerThanASlice(long length) throws IOException {
        header(StreamFrame.DATA, length);
        peer.flush();
        assertThatThrownBy(() -> transport.receiveData(1L << 40, (bytes, offset, count) -> {}))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("frame length " + length + " is outside 1..262144");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 0xffff_ffffL})
    void noMessageIsEmptyOrEndless(long length) throws IOException {
        header(StreamFrame.MESSAGE, length);
        peer.flush();
        assertThatThrownBy(transport::receive)
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("frame length " + length + " is outside 1..1000");
    }

    @Test
    void aKeepAliveHasNoBody() throws IOException {
        header(StreamFrame.KEEP_ALIVE, 1);
        peer.flush();
        assertThatThrownBy(transport::receive)
                .isInstanceOf(ProtocolException.class)
                .hasMessage("frame length 1 is outside 0..0");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 127, -1})
    void thereAreNoOtherKindsOfFrames(int kind) throws IOException {
        header(kind, 1);
        peer.flush();
        assertThatThrownBy(transport::receive)
                .isInstanceOf(ProtocolException.class)
                .hasMessage("unknown kind of frame: " + kind);
    }

    @Test
    void bytesOfAFileAreNoMessage() throws IOException {
        frame(StreamFrame.DATA, new byte[10]);
        assertThatThrownBy(transport::receive)
                .isInstanceOf(ProtocolException.class)
                .hasMessage("got bytes of a file where a message was due");
    }

    @Test
    void aMessageMayComeInPlaceOfTheRestOfAFile() throws IOException {
        frame(StreamFrame.DATA, new byte[10]);
        frame(StreamFrame.MESSAGE, BODY);
        assertThat(transport.receiveData(11, (bytes, offset, count) -> {})).isEqualTo(Optional.of(MESSAGE));
    }

    @Test
    void aFileIsNotLongerThanAnnounced() throws IOException {
        frame(StreamFrame.DATA, new byte[10]);
        assertThatThrownBy(() -> transport.receiveData(9, (bytes, offset, count) -> {}))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("the file is longer than it was announced");
    }

    @Test
    void anEndBetweenFramesIsNoneWithinAFile() throws IOException {
        frame(StreamFrame.DATA, new byte[10]);
        peer.end();
        assertThatThrownBy(() -> transport.receiveData(11, (bytes, offset, count) -> {}))
                .isInstanceOf(EOFException.class)
                .hasMessage("the peer closed the connection 1 bytes before the end of a file");
    }

    @Test
    void anEndAfterAMessageIsTheEnd() throws IOException {
        frame(StreamFrame.MESSAGE, BODY);
        peer.end();
        assertThat(transport.receive()).contains(MESSAGE);
        assertThat(transport.receive()).isEmpty();
    }

    @Test
    void anEndWithinAFrameIsAnError() throws IOException {
        header(StreamFrame.MESSAGE, 100);
        peer.end();
        assertThatThrownBy(transport::receive)
                .isInstanceOf(EOFException.class)
                .hasMessage("the connection ended inside a message");
    }

    @Test
    void anEndWithinAHeaderIsAnError() throws IOException {
        peer.write(new byte[] {1, 0, 0}, 0, 3);
        peer.end();
        assertThatThrownBy(transport::receive)
                .isInstanceOf(EOFException.class)
                .hasMessage("the connection ended inside a frame");
    }

    @Test
    void nothingIsSentThatAPeerWouldRefuse() {
        assertThatThrownBy(() -> transport.send(new Transfer.End("x".repeat(MAX_MESSAGE_BYTES))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("MAX_MESSAGE_BYTES");
    }
}
