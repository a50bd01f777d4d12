package recon.common.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import recon.common.job.Sha256;
import recon.common.testing.Channels;
import recon.common.testing.Peer;
import recon.common.transfer.FileReceiver.Arrival;
import recon.common.wire.ProtocolException;
import recon.common.wire.SecureChannel;
import recon.common.wire.Transfer;

/** Files whose digest the sender knows: confirmed, recognised, or refused. */
class FileDigestTest {
    private static final byte[] CONTENT = randomBytes(300_000);
    private static final Sha256 DIGEST = digest(CONTENT);

    @TempDir
    private Path directory;

    private Channels channels;
    private Path in;

    @BeforeEach
    void connect() throws IOException {
        channels = Channels.open();
        in = Files.createDirectory(directory.resolve("in"));
    }

    @AfterEach
    void disconnect() throws IOException {
        channels.close();
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static Sha256 digest(byte[] content) {
        var digest = Sha256.begin();
        digest.update(content);
        return Sha256.of(digest);
    }

    private Path source(byte[] content) throws IOException {
        return Files.write(directory.resolve("source"), content);
    }

    private static Peer<FileReceiver.Received> receiver(Channels channels, FileReceiver.Destination destination) {
        return Peer.start(() -> new FileReceiver(channels.server(), TransferProgress.NONE).receive("a.7", destination));
    }

    private static Peer<Void> sender(
            Channels channels, Path source, Optional<Sha256> sha256, TransferProgress progress) {
        return Peer.start(() -> {
            try (FileSender sender = FileSender.open(source)) {
                sender.send(channels.client(), "a.7", sha256, progress);
            }
            return null;
        });
    }

    private static FileReceiver.Destination into(Path in) {
        return start -> Optional.of(Arrival.of(IncomingFile.create(in.resolve(start.filename()), start.size())));
    }

    private List<Path> received() throws IOException {
        try (Stream<Path> files = Files.list(in)) {
            return files.toList();
        }
    }

    @Test
    void aReceiptConfirmsSizeAndDigestOfWhatArrived() throws Exception {
        Peer<FileReceiver.Received> receiver = receiver(channels, into(in));
        SecureChannel client = channels.client();
        client.send(new Transfer.Start("a.7", CONTENT.length, Optional.of(DIGEST)));
        assertThat(client.expect(Transfer.StartAck.class, "ack").ready()).isTrue();
        client.send(new Transfer.Chunk("a.7", CONTENT, CONTENT.length));
        client.send(new Transfer.End("a.7"));
        assertThat(client.expect(Transfer.EndAck.class, "ack"))
                .isEqualTo(new Transfer.EndAck(
                        "a.7", true, "", Optional.of(new Transfer.Receipt(CONTENT.length, DIGEST))));
        assertThat(receiver.join()).isEqualTo(new FileReceiver.Received(CONTENT.length, Optional.of(DIGEST)));
        assertThat(in.resolve("a.7")).hasBinaryContent(CONTENT);
    }

    @Test
    void aSenderWithoutADigestGetsNoReceiptButTheReceiverKnowsTheDigest() throws Exception {
        Peer<FileReceiver.Received> receiver = receiver(channels, into(in));
        SecureChannel client = channels.client();
        client.send(new Transfer.Start("a.7", 3));
        client.expect(Transfer.StartAck.class, "ack");
        client.send(new Transfer.Chunk("a.7", new byte[] {'a', 'b', 'c'}, 3));
        client.send(new Transfer.End("a.7"));
        assertThat(client.expect(Transfer.EndAck.class, "ack")).isEqualTo(new Transfer.EndAck("a.7", true, ""));
        assertThat(receiver.join().sha256())
                .contains(new Sha256("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    }

    @Test
    void anEmptyFileHasTheDigestOfNothing() throws Exception {
        Sha256 nothing = new Sha256("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        Peer<FileReceiver.Received> receiver = receiver(channels, into(in));
        sender(channels, source(new byte[0]), Optional.of(nothing), TransferProgress.NONE)
                .join();
        assertThat(receiver.join()).isEqualTo(new FileReceiver.Received(0, Optional.of(nothing)));
        assertThat(in.resolve("a.7")).isEmptyFile();
    }

    @Test
    void aFileThatIsThereAlreadyIsNotSentAgain() throws Exception {
        AtomicLong moved = new AtomicLong();
        Peer<FileReceiver.Received> receiver = receiver(channels, start -> {
            assertThat(start).isEqualTo(new Transfer.Start("a.7", CONTENT.length, Optional.of(DIGEST)));
            return Optional.empty();
        });
        sender(channels, source(CONTENT), Optional.of(DIGEST), moved::addAndGet).join();
        assertThat(receiver.join()).isEqualTo(new FileReceiver.Received(CONTENT.length, Optional.empty()));
        assertThat(moved).hasValue(0);
        assertThat(received()).isEmpty();
        Peer<FileReceiver.Received> next = receiver(channels, into(in)); // both are ready for the next file
        sender(channels, source(CONTENT), Optional.of(DIGEST), TransferProgress.NONE)
                .join();
        assertThat(next.join().size()).isEqualTo(CONTENT.length);
    }

    @Test
    void aPeerCannotHaveAFileWhoseDigestItWasNotTold() throws Exception {
        Peer<FileReceiver.Received> receiver = receiver(channels, start -> Optional.empty());
        Peer<Void> sender = sender(channels, source(CONTENT), Optional.empty(), TransferProgress.NONE);
        assertThatThrownBy(sender::join)
                .isInstanceOf(ProtocolException.class)
                .hasMessage("the peer says that it has a.7 already, whose digest it was not told");
        receiver.join();
    }

    @Test
    void aPeerThatHasAnotherFileIsNotBelieved() throws Exception {
        Peer<Void> sender = sender(channels, source(CONTENT), Optional.of(DIGEST), TransferProgress.NONE);
        channels.server().expect(Transfer.Start.class, "start");
        channels.server().send(new Transfer.StartAck("b.7", Transfer.Answer.HAVE, ""));
        assertThatThrownBy(sender::join)
                .isInstanceOf(ProtocolException.class)
                .hasMessage("expected ack_file_transfer_start of a.7, got one of b.7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no receipt", "size", "digest"})
    void aReceiptThatIsMissingOrWrongIsRefused(String fault) throws Exception {
        Sha256 other = digest(new byte[1]);
        Optional<Transfer.Receipt> receipt = switch (fault) {
            case "size" -> Optional.of(new Transfer.Receipt(CONTENT.length - 1, DIGEST));
            case "digest" -> Optional.of(new Transfer.Receipt(CONTENT.length, other));
            default -> Optional.empty();
        };
        Peer<Void> sender = sender(channels, source(CONTENT), Optional.of(DIGEST), TransferProgress.NONE);
        SecureChannel server = channels.server();
        server.expect(Transfer.Start.class, "start");
        server.send(new Transfer.StartAck("a.7", true, ""));
        long received = 0;
        while (received < CONTENT.length) {
            received += server.expect(Transfer.Chunk.class, "chunk").length();
        }
        server.expect(Transfer.End.class, "end");
        server.send(new Transfer.EndAck("a.7", true, "", receipt));
        assertThatThrownBy(sender::join)
                .isInstanceOf(ProtocolException.class)
                .hasMessageStartingWith("the peer does not confirm a.7 as it was sent: "
                        + receipt.map(Object::toString).orElse("no receipt") + " instead of ");
    }

    @Test
    void otherContentThanAnnouncedIsRefusedAndLeavesNothing() throws Exception {
        byte[] damaged = CONTENT.clone();
        damaged[200_000] ^= 1;
        Peer<FileReceiver.Received> receiver = receiver(channels, into(in));
        Peer<Void> sender = sender(channels, source(damaged), Optional.of(DIGEST), TransferProgress.NONE);
        String detail = "a.7 arrived with other contents: SHA-256 " + digest(damaged) + " instead of " + DIGEST;
        assertThatThrownBy(receiver::join).isInstanceOf(ProtocolException.class).hasMessage(detail);
        assertThatThrownBy(sender::join)
                .isInstanceOf(TransferRefusedException.class)
                .hasMessage("the peer refused a.7: " + detail);
        assertThat(received()).isEmpty();
    }

    @Test
    void otherContentDoesNotReplaceAnOlderFile() throws Exception {
        Files.writeString(in.resolve("a.7"), "old");
        Peer<FileReceiver.Received> receiver = receiver(channels, into(in));
        Peer<Void> sender = sender(channels, source(new byte[] {1}), Optional.of(DIGEST), TransferProgress.NONE);
        assertThatThrownBy(receiver::join).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(sender::join).isInstanceOf(TransferRefusedException.class);
        assertThat(received()).containsExactly(in.resolve("a.7"));
        assertThat(in.resolve("a.7")).hasContent("old");
    }

    /** With no hooks of JUnit: jqwik runs none. */
    @Property(tries = 40)
    void whateverTheSizeExactlyTheAnnouncedContentArrives(
            @ForAll @IntRange(max = 400_000) int size, @ForAll @IntRange(max = 400_000) int damageAt) throws Exception {
        byte[] announced = randomBytes(size);
        byte[] sent = announced.clone();
        boolean damaged = damageAt < size;
        if (damaged) {
            sent[damageAt] ^= (byte) 0x80;
        }
        Path place = Files.createTempDirectory("recon-digest");
        try (Channels own = Channels.open()) {
            Path target = Files.createDirectory(place.resolve("in"));
            Path source = Files.write(place.resolve("source"), sent);
            Peer<FileReceiver.Received> receiver = receiver(own, into(target));
            Peer<Void> sender = sender(own, source, Optional.of(digest(announced)), TransferProgress.NONE);
            if (damaged) {
                assertThatThrownBy(receiver::join).isInstanceOf(ProtocolException.class);
                assertThatThrownBy(sender::join).isInstanceOf(TransferRefusedException.class);
                assertThat(target).isEmptyDirectory();
            } else {
                sender.join();
                assertThat(receiver.join()).isEqualTo(new FileReceiver.Received(size, Optional.of(digest(announced))));
                assertThat(target.resolve("a.7")).hasBinaryContent(announced);
            }
        } finally {
            try (Stream<Path> files = Files.walk(place)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
