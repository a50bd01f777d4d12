package recon.common.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import recon.common.testing.Channels;
import recon.common.testing.Peer;
import recon.common.transfer.FileReceiver.Arrival;
import recon.common.wire.Event;
import recon.common.wire.Message;
import recon.common.wire.ProtocolException;
import recon.common.wire.SecureChannel;
import recon.common.wire.Transfer;

class FileTransferTest {
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

    private Path source(int length) throws IOException {
        return Files.write(directory.resolve("source"), randomBytes(length));
    }

    private Optional<Arrival> intoDirectory(Transfer.Start start) throws IOException {
        return Optional.of(Arrival.of(IncomingFile.create(in.resolve(start.filename()), start.size())));
    }

    private Peer<FileReceiver.Received> receiver(FileReceiver.Destination destination) {
        return Peer.start(() -> {
            try {
                return new FileReceiver(channels.server(), TransferProgress.NONE).receive("a.7", destination);
            } catch (ProtocolException e) {
                channels.server().close(); // as a session does
                throw e;
            }
        });
    }

    private Peer<Void> sender(Path source, TransferProgress progress) {
        return Peer.start(() -> {
            try (FileSender sender = FileSender.open(source)) {
                sender.send(channels.client(), "a.7", Optional.empty(), progress);
            }
            return null;
        });
    }

    /** Sends messages by hand, in the place of a sender. */
    private void send(Message... messages) throws IOException {
        for (Message message : messages) {
            channels.client().send(message);
        }
    }

    private Transfer.EndAck endAck() throws IOException {
        return channels.client().expect(Transfer.EndAck.class, "ack_file_transfer_end");
    }

    private Transfer.StartAck startAck() throws IOException {
        return channels.client().expect(Transfer.StartAck.class, "ack_file_transfer_start");
    }

    private void assertNothingLeft() throws IOException {
        try (Stream<Path> files = Files.list(in)) {
            assertThat(files).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, FileSender.CHUNK_BYTES - 1, FileSender.CHUNK_BYTES, FileSender.CHUNK_BYTES + 1, (1 << 20) + 7
            })
    void filesOfAnySizeArriveWhole(int size) throws Exception {
        List<Integer> moved = new ArrayList<>();
        Peer<FileReceiver.Received> receiver = receiver(this::intoDirectory);
        sender(source(size), moved::add).join();
        assertThat(receiver.join().size()).isEqualTo(size);
        assertThat(in.resolve("a.7")).hasBinaryContent(randomBytes(size));
        assertThat(moved).hasSize((size + FileSender.CHUNK_BYTES - 1) / FileSender.CHUNK_BYTES);
        assertThat(moved.stream().mapToInt(Integer::intValue).sum()).isEqualTo(size);
        try (Stream<Path> files = Files.list(in)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void piecesOfAnySizeAreTaken() throws Exception {
        byte[] content = randomBytes(20_000);
        Peer<FileReceiver.Received> receiver = receiver(this::intoDirectory);
        send(new Transfer.Start("a.7", content.length));
        assertThat(startAck()).isEqualTo(new Transfer.StartAck("a.7", true, ""));
        int at = 0;
        for (int size : new int[] {3584, 3584, 0, 1, 12_000, 831}) {
            send(new Transfer.Chunk("a.7", Arrays.copyOfRange(content, at, at + size), size));
            at += size;
        }
        send(new Transfer.End("a.7"));
        assertThat(endAck()).isEqualTo(new Transfer.EndAck("a.7", true, ""));
        assertThat(receiver.join().size()).isEqualTo(content.length);
        assertThat(in.resolve("a.7")).hasBinaryContent(content);
    }

    @Test
    void anUnexpectedNameIsAnsweredInTheWordsOfTheProtocol() throws Exception {
        Peer<FileReceiver.Received> receiver = receiver(start -> {
            throw new IOException("Unexpected filename. Expected a.7.");
        });
        send(new Transfer.Start("../../x", 5));
        assertThat(startAck()).isEqualTo(new Transfer.StartAck("../../x", false, "Unexpected filename. Expected a.7."));
        assertThatThrownBy(receiver::join)
                .isInstanceOf(LocalFileException.class)
                .hasMessage("../../x could not be kept: Unexpected filename. Expected a.7.");
    }

    @Test
    void aRefusalAtTheStartStopsTheSender() throws Exception {
        Peer<FileReceiver.Received> receiver = receiver(start -> {
            throw new IllegalArgumentException();
        });
        Peer<Void> sender = sender(source(5), TransferProgress.NONE);
        assertThatThrownBy(sender::join)
                .isInstanceOf(TransferRefusedException.class)
                .hasMessage("the peer refused a.7: IllegalArgumentException");
        assertThatThrownBy(receiver::join)
                .isInstanceOf(ProtocolException.class)
                .hasMessage("the peer chose a bad name: IllegalArgumentException");
    }

    @Test
    void aRefusalOfTheProtocolIsPassedOnAsItIs() throws Exception {
        Peer<FileReceiver.Received> receiver = receiver(start -> {
            throw new ProtocolException("Unexpected filename. Expected a.7.");
        });
        send(new Transfer.Start("b.7", 5));
        assertThat(startAck().detail()).isEqualTo("Unexpected filename. Expected a.7.");
        assertThatThrownBy(receiver::join)
                .isInstanceOf(ProtocolException.class)
                .hasMessage("Unexpected filename. Expected a.7.");
    }

    @Test
    void aFileThatIsTooShortIsRefusedAtItsEnd() throws Exception {
        Peer<FileReceiver.Received> receiver = receiver(this::intoDirectory);
        send(new Transfer.Start("a.7", 10));
        startAck();
        send(new Transfer.Chunk("a.7", new byte[9], 9), new Transfer.End("a.7"));
        assertThat(endAck()).isEqualTo(new Transfer.EndAck("a.7", false, "a.7 ended at 9 of 10 bytes"));
        assertThatThrownBy(receiver::join).hasMessage("a.7 could not be kept: a.7 ended at 9 of 10 bytes");
        assertNothingLeft();
    }

    @Test
    void aFileThatIsTooLongIsRefusedAtOnce() throws Exception {
        Peer<FileReceiver.Received> receiver = receiver(this::intoDirectory);
        send(new Transfer.Start("a.7", 10));
        startAck();
        send(new Transfer.Chunk("a.7", new byte[11], 11));
        assertThat(endAck().detail()).isEqualTo("a.7 is longer than the 10 bytes that were announced");
        assertThatThrownBy(receiver::join).isInstanceOf(ProtocolException.class);
        assertNothingLeft();
    }

    @Test
    void anotherOrderIsRefused() throws Exception {
        Peer<FileReceiver.Received> receiver = receiver(this::intoDirectory);
        send(new Transfer.Chunk("a.7", new byte[1], 1));
        assertThatThrownBy(receiver::join)
                .isInstanceOf(ProtocolException.class)
                .hasMessage("expected file_transfer_start of a.7, got file_chunk");
    }

    @Test
    void messagesOutOfPlaceAreNamed() throws Exception {
        Peer<FileReceiver.Received> receiver = receiver(this::intoDirectory);
        send(new Transfer.Start("a.7", 10));
        startAck();
        send(new Transfer.Start("a.7", 10));
        assertThatThrownBy(receiver::join)
                .isInstanceOf(ProtocolException.class)
                .hasMessage("expected file_chunk or file_transfer_end of a.7, got file_transfer_start");
        assertNothingLeft();
    }

    @Test
    void aMessageThatIsNoTransferIsNamed() throws Exception {
        Peer<FileReceiver.Received> receiver = receiver(this::intoDirectory);
        send(new Transfer.Start("a.7", 10));
        startAck();
        send(new Event.EventError("x"));
        assertThatThrownBy(receiver::join).isInstanceOf(recon.common.wire.RefusedException.class);
        assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void piecesOfAnotherFileAreRefused(boolean end) throws Exception {
        Peer<FileReceiver.Received> receiver = receiver(this::intoDirectory);
        send(new Transfer.Start("a.7", 1));
        startAck();
        send(end ? new Transfer.End("b.7") : new Transfer.Chunk("b.7", new byte[1], 1));
        assertThatThrownBy(receiver::join)
                .isInstanceOf(ProtocolException.class)
                .hasMessage("expected file_chunk or file_transfer_end of a.7, got one of b.7");
        assertNothingLeft();
    }

    @Test
    void aConnectionLostInTheMiddleLeavesNothing() throws Exception {
        Peer<FileReceiver.Received> receiver = receiver(this::intoDirectory);
        send(new Transfer.Start("a.7", 10));
        startAck();
        send(new Transfer.Chunk("a.7", new byte[4], 4));
        channels.client().close();
        assertThatThrownBy(receiver::join)
                .isInstanceOf(java.io.EOFException.class)
                .hasMessage("the peer closed the connection; expected file_chunk or file_transfer_end of a.7");
        assertNothingLeft();
    }

    @Test
    void aSenderThatGivesUpIsQuoted() throws Exception {
        Peer<FileReceiver.Received> receiver = receiver(this::intoDirectory);
        send(new Transfer.Start("a.7", 10));
        startAck();
        send(new Transfer.RefuseFile("/scans/a.7", "it changed\nmeanwhile"));
        assertThatThrownBy(receiver::join)
                .isInstanceOf(SourceRefusedException.class)
                .hasMessage("/scans/a.7: it changed?meanwhile");
        assertNothingLeft();
    }

    @Test
    void aDiskThatFailsIsToldOnceTheSenderListens() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "skipped: needs the device /dev/full");
        Peer<FileReceiver.Received> receiver = receiver(start -> {
            Path link = Files.createSymbolicLink(in.resolve("link"), full);
            return Optional.of(Arrival.of(IncomingFile.onto(in.resolve(start.filename()), link, start.size())));
        });
        Peer<Void> sender = sender(source(1 << 20), TransferProgress.NONE);
        assertThatThrownBy(sender::join)
                .isInstanceOf(TransferRefusedException.class)
                .hasMessage("the peer refused a.7: No space left on device");
        assertThatThrownBy(receiver::join).hasMessageContaining("No space left on device");
        assertNothingLeft();
    }

    @Test
    void aDirectoryThatVanishedIsToldWithoutItsPath() throws Exception {
        Peer<FileReceiver.Received> receiver = receiver(start -> {
            Arrival arrival = intoDirectory(start).orElseThrow();
            return Optional.of(new Arrival(arrival.file(), () -> {
                try (Stream<Path> files = Files.list(in)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(in);
                arrival.file().commit();
            }));
        });
        Peer<Void> sender = sender(source(5), TransferProgress.NONE);
        assertThatThrownBy(sender::join)
                .isInstanceOf(TransferRefusedException.class)
                .hasMessage("the peer refused a.7: no such file or directory");
        assertThatThrownBy(receiver::join)
                .hasMessage("a.7 could not be kept: no such file or directory")
                .hasCauseInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aDirectoryThatIsMissingIsToldWithoutItsPath() throws Exception {
        Peer<FileReceiver.Received> receiver = receiver(start -> Optional.of(
                Arrival.of(IncomingFile.create(directory.resolve("missing").resolve(start.filename()), start.size()))));
        Peer<Void> sender = sender(source(5), TransferProgress.NONE);
        assertThatThrownBy(sender::join).hasMessage("the peer refused a.7: no such file or directory");
        assertThatThrownBy(receiver::join)
                .hasMessage("a.7 could not be kept: no such file or directory")
                .hasCauseInstanceOf(NoSuchFileException.class);
    }

    private void assertSenderGivesUp(TransferProgress change, String problem) throws Exception {
        Path source = source(3 * FileSender.CHUNK_BYTES);
        Peer<FileReceiver.Received> receiver = receiver(this::intoDirectory);
        Peer<Void> sender = sender(source, change);
        assertThatThrownBy(sender::join)
                .isInstanceOf(SourceFileException.class)
                .hasMessageStartingWith(source + " " + problem);
        send(new Transfer.RefuseFile(source.toString(), "changed"));
        assertThatThrownBy(receiver::join).isInstanceOf(SourceRefusedException.class);
        assertNothingLeft();
    }

    /** Does something to the source file while it is being sent. */
    private TransferProgress once(IoStep step) {
        return new TransferProgress() {
            private boolean done;

            @Override
            public void moved(int bytes) {
                if (!done) {
                    done = true;
                    try {
                        step.run();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }
            }
        };
    }

    private interface IoStep {
        void run() throws IOException;
    }

    @Test
    void aSourceThatShrinksIsAnError() throws Exception {
        Path source = directory.resolve("source");
        assertSenderGivesUp(
                once(() -> Files.write(source, new byte[10])),
                "became shorter than 393216 bytes while it was being sent");
    }

    @Test
    void aSourceThatGrowsIsAnError() throws Exception {
        Path source = directory.resolve("source");
        assertSenderGivesUp(
                once(() -> Files.write(source, new byte[1], StandardOpenOption.APPEND)),
                "changed while it was being sent");
    }

    @Test
    void aSourceThatIsWrittenAgainIsAnError() throws Exception {
        Path source = directory.resolve("source");
        assertSenderGivesUp(
                once(() -> Files.setLastModifiedTime(
                        source, java.nio.file.attribute.FileTime.from(java.time.Instant.EPOCH))),
                "changed while it was being sent");
    }

    @Test
    void aSourceThatVanishesIsAnError() throws Exception {
        Path source = directory.resolve("source");
        assertSenderGivesUp(once(() -> Files.delete(source)), "vanished while it was being sent");
    }

    @Test
    void whatIsNoReadableFileIsNotOpened() {
        assertThatThrownBy(() -> FileSender.open(directory.resolve("none")))
                .isInstanceOf(SourceFileException.class)
                .hasMessageEndingWith("cannot be read: there is no such file");
        assertThatThrownBy(() -> FileSender.open(directory))
                .isInstanceOf(SourceFileException.class)
                .hasMessageEndingWith("cannot be read: it is no regular file");
    }

    @Test
    void aPipeIsRefusedAndNotWaitedFor() throws Exception {
        Path pipe = directory.resolve("pipe");
        assumeTrue(
                new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor(5, TimeUnit.SECONDS)
                        && Files.exists(pipe),
                "skipped: needs mkfifo, Debian package coreutils");
        Peer<FileSender> opened = Peer.start(() -> FileSender.open(pipe));
        assertThatThrownBy(opened::join).hasMessageEndingWith("cannot be read: it is no regular file");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAckOfAnotherFileIsRefused(boolean start) throws Exception {
        Peer<Void> sender = sender(source(0), TransferProgress.NONE);
        SecureChannel server = channels.server();
        server.expect(Transfer.Start.class, "file_transfer_start");
        server.send(new Transfer.StartAck(start ? "b.7" : "a.7", true, ""));
        if (!start) {
            server.expect(Transfer.End.class, "file_transfer_end");
            server.send(new Transfer.EndAck("b.7", true, ""));
        }
        assertThatThrownBy(sender::join)
                .isInstanceOf(ProtocolException.class)
                .hasMessageMatching("expected ack_file_transfer_\\w+ of a.7, got one of b.7");
    }

    @Property(tries = 300)
    void aLargeFileHasAtMost900Chunks(@ForAll @LongRange(min = 0, max = 1L << 33) long size) {
        long chunkBytes = FileSender.chunkBytes(size, 12_000_000);
        assertThat(chunkBytes).isBetween((long) FileSender.CHUNK_BYTES, 12_000_000L);
        assertThat((size + chunkBytes - 1) / chunkBytes).isLessThanOrEqualTo(900);
    }

    @Test
    void aChunkIsNeverLongerThanAMessageMayBe() {
        assertThat(FileSender.chunkBytes(1L << 40, 1_000_000)).isEqualTo(1_000_000);
        assertThat(FileSender.chunkBytes(10, 1_000)).isEqualTo(1_000);
    }
}
