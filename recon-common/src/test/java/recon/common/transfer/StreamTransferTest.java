package recon.common.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.job.Sha256;
import recon.common.testing.Channels;
import recon.common.testing.Peer;
import recon.common.wire.ProtocolException;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.Transfer;
import recon.common.wire.TransportChoice;

/** Files as version 2 sends them. The client of these channels sends, the server receives. */
@Timeout(60)
class StreamTransferTest {
    private static final byte[] CONTENT = content(300_000);
    private static final Sha256 DIGEST = digest(CONTENT, CONTENT.length);
    private static final String KEY = "1";

    @TempDir
    private Path directory;

    private Channels channels;
    private Path source;
    private Path target;

    private static byte[] content(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static Sha256 digest(byte[] content, int length) {
        var digest = Sha256.begin();
        digest.update(content, 0, length);
        return Sha256.of(digest);
    }

    /** Two channels that speak version 2. */
    static Channels openTls() throws Exception {
        Channels channels = Channels.open();
        Peer<?> server = Peer.start(() -> channels.server().receiveFirst(TransportChoice.AUTO));
        channels.client().ask(new Request.GetServerStatus(), TransportChoice.TLS);
        server.join();
        return channels;
    }

    @BeforeEach
    void connect() throws Exception {
        channels = openTls();
        source = Files.write(directory.resolve("a.7"), CONTENT);
        target = Files.createDirectory(directory.resolve("in")).resolve("a.7");
    }

    @AfterEach
    void disconnect() throws IOException {
        channels.close();
    }

    private List<Path> arrived() throws IOException {
        try (Stream<Path> files = Files.list(target.getParent())) {
            return files.toList();
        }
    }

    private Path partial() {
        return IncomingFile.partial(target, KEY);
    }

    private void begun(int bytes) throws IOException {
        Files.write(partial(), Arrays.copyOf(CONTENT, bytes));
    }

    private Optional<FileReceiver.Arrival> open(Transfer.Start start) throws IOException {
        return Optional.of(FileReceiver.Arrival.of(
                IncomingFile.resume(target, KEY, start.size(), Busy.QUIETLY).orElseThrow()));
    }

    /** Receives the one file. */
    private Peer<List<Transfer.Receipt>> receive() {
        return Peer.start(() -> {
            try (StreamReceiver receiver = new StreamReceiver(channels.server(), TransferProgress.NONE)) {
                receiver.receive("a.7", Optional.empty(), this::open);
                List<Transfer.Receipt> receipts = receiver.awaitCommits();
                receiver.acknowledge();
                return receipts;
            }
        });
    }

    private void send(Transfer.Wanted wanted) throws IOException {
        try (SourceFile file = SourceFile.open(source)) {
            StreamSender sender = new StreamSender(channels.client(), TransferProgress.NONE);
            sender.send(file, "a.7", wanted);
            sender.awaitReceipts();
        }
    }

    /** What a peer sends that does not keep to the rules. */
    private void start(long offset) throws IOException {
        channels.client().sendLater(new Transfer.Start("a.7", CONTENT.length, Optional.empty(), offset));
    }

    @Test
    void aFileArrivesAndIsReceipted() throws Exception {
        Peer<List<Transfer.Receipt>> receipts = receive();
        send(Transfer.Wanted.WHOLE);
        assertThat(receipts.join()).containsExactly(new Transfer.Receipt(CONTENT.length, DIGEST));
        assertThat(target).hasBinaryContent(CONTENT);
        assertThat(arrived()).containsExactly(target);
    }

    @Test
    void onlyTheRestIsSentOfAFileThatWasBegun() throws Exception {
        begun(100_000);
        Peer<List<Transfer.Receipt>> receipts = receive();
        List<Integer> moved = new ArrayList<>();
        try (SourceFile file = SourceFile.open(source)) {
            StreamSender sender = new StreamSender(channels.client(), moved::add);
            sender.send(file, "a.7", new Transfer.Wanted(100_000, Optional.of(digest(CONTENT, 100_000))));
            sender.awaitReceipts();
        }
        receipts.join();
        assertThat(moved.stream().mapToInt(Integer::intValue).sum()).isEqualTo(200_000);
        assertThat(target).hasBinaryContent(CONTENT);
    }

    @Test
    void allIsSentWhereTheBeginningIsAnother() throws Exception {
        Files.write(partial(), new byte[100_000]);
        Peer<List<Transfer.Receipt>> receipts = receive();
        send(new Transfer.Wanted(100_000, Optional.of(digest(new byte[100_000], 100_000))));
        receipts.join();
        assertThat(target).hasBinaryContent(CONTENT);
    }

    @Test
    void moreThanThereIsIsNotSkipped() throws Exception {
        Peer<List<Transfer.Receipt>> receipts = receive();
        send(new Transfer.Wanted(CONTENT.length + 1L, Optional.of(DIGEST)));
        receipts.join();
        assertThat(target).hasBinaryContent(CONTENT);
        try (SourceFile file = SourceFile.open(source)) {
            StreamSender sender = new StreamSender(channels.client(), TransferProgress.NONE);
            assertThatThrownBy(() -> sender.send(
                            file, "a.7", new Transfer.Wanted(CONTENT.length + 1L, Optional.empty()), DIGEST))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage("the peer says that it has 300001 bytes of a.7, which has 300000");
        }
    }

    @Test
    void aFileWithOtherContentsIsNamedWithBothDigestsAndThrownAway() throws Exception {
        Peer<List<Transfer.Receipt>> receipts = receive();
        start(0);
        byte[] changed = CONTENT.clone();
        changed[200_000] ^= 1;
        channels.client().sendData(changed, changed.length);
        channels.client().send(new Transfer.End("a.7", Optional.of(DIGEST)));
        String words =
                "a.7 arrived with other contents: SHA-256 " + digest(changed, changed.length) + " instead of " + DIGEST;
        assertThatThrownBy(receipts::join).isInstanceOf(ProtocolException.class).hasMessage(words);
        assertThat(channels.client().receive()).contains(new Transfer.EndAck("a.7", false, words));
        assertThat(arrived()).isEmpty();
    }

    @Test
    void bytesFromAnotherPlaceOnAreNotTaken() throws Exception {
        begun(100_000);
        Peer<List<Transfer.Receipt>> receipts = receive();
        start(100_001);
        channels.client().flush();
        assertThatThrownBy(receipts::join)
                .isInstanceOf(ProtocolException.class)
                .hasMessage("expected the bytes of a.7 from 100000 on, got those from 100001");
        assertThat(Files.size(partial())).isEqualTo(100_000);
    }

    @Test
    void whatCameInStaysWhenTheConnectionBreaks() throws Exception {
        Peer<List<Transfer.Receipt>> receipts = receive();
        start(0);
        channels.client().sendData(CONTENT, 150_000);
        channels.client().flush();
        channels.client().close();
        assertThatThrownBy(receipts::join).isInstanceOf(IOException.class);
        assertThat(arrived()).containsExactly(partial());
        assertThat(partial()).hasBinaryContent(Arrays.copyOf(CONTENT, 150_000));
    }

    @Test
    void aSenderMayGiveUpInTheMiddle() throws Exception {
        Peer<List<Transfer.Receipt>> receipts = receive();
        start(0);
        channels.client().sendData(CONTENT, 150_000);
        StreamSender.refuse(channels.client(), "/scan/a.7", new SourceFileException(source, "vanished", null));
        assertThatThrownBy(receipts::join)
                .isInstanceOf(SourceRefusedException.class)
                .hasMessageContaining("vanished");
    }

    @Test
    void aFileThatCannotBeKeptIsToldToTheSender() throws Exception {
        Files.createDirectory(target);
        Files.createFile(target.resolve("in-the-way"));
        Peer<List<Transfer.Receipt>> receipts = receive();
        assertThatThrownBy(() -> send(Transfer.Wanted.WHOLE)).isInstanceOf(TransferRefusedException.class);
        assertThatThrownBy(receipts::join).isInstanceOf(LocalFileException.class);
    }

    @Test
    void aReceiptOfSomethingElseIsNone() throws Exception {
        Peer<Void> liar = Peer.start(() -> {
            SecureChannel server = channels.server();
            server.expect(Transfer.Start.class, "start");
            server.receiveData(CONTENT.length, (bytes, offset, length) -> {});
            server.expect(Transfer.End.class, "end");
            server.send(new Transfer.AckFiles(List.of(new Transfer.Receipt(CONTENT.length - 1L, DIGEST))));
            return null;
        });
        assertThatThrownBy(() -> send(Transfer.Wanted.WHOLE))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("does not confirm file 1 as it was sent");
        liar.join();
    }

    @Test
    void aSourceThatChangesMeanwhileIsNotConfirmed() throws Exception {
        Peer<List<Transfer.Receipt>> receipts = receive();
        try (SourceFile file = SourceFile.open(source)) {
            Files.setLastModifiedTime(source, FileTime.fromMillis(1));
            StreamSender sender = new StreamSender(channels.client(), TransferProgress.NONE);
            assertThatThrownBy(() -> sender.send(file, "a.7", Transfer.Wanted.WHOLE))
                    .isInstanceOf(SourceFileException.class)
                    .hasMessageContaining("changed while it was being sent");
        }
        channels.client().close();
        assertThatThrownBy(receipts::join).isInstanceOf(IOException.class);
        assertThat(target).doesNotExist();
    }

    @Test
    void aSourceThatBecameShorterIsAnError() throws Exception {
        Peer<List<Transfer.Receipt>> receipts = receive();
        try (SourceFile file = SourceFile.open(source)) {
            Files.write(source, new byte[10]);
            StreamSender sender = new StreamSender(channels.client(), TransferProgress.NONE);
            assertThatThrownBy(() -> sender.send(file, "a.7", Transfer.Wanted.WHOLE))
                    .isInstanceOf(SourceFileException.class)
                    .hasMessageContaining("became shorter than 300000 bytes");
        }
        channels.client().close();
        assertThatThrownBy(receipts::join).isInstanceOf(IOException.class);
    }
}
