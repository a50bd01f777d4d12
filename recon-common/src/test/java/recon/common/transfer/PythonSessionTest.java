package recon.common.transfer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.ReplayGuard;
import recon.common.crypto.SharedKey;
import recon.common.job.JobId;
import recon.common.net.Connection;
import recon.common.testing.Channels;
import recon.common.testing.FixedRandom;
import recon.common.testing.Peer;
import recon.common.testing.SocketPair;
import recon.common.testing.TestKeys;
import recon.common.wire.Event;
import recon.common.wire.EventAck;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.Transfer;

/** Plays each part of a job that Python peers wrote (python-job.session): both sides must be the same to the byte. */
class PythonSessionTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);
    private static final String SCAN = "/scans/M\u00fcller & S\u00f6hne/\u00e9.7";
    private static final JobId JOB = JobId.parse("3f0c1e9a-5b7d-4a55-9c5e-0d2f6b8a1c33");

    @TempDir
    private Path directory;

    private record Frame(char side, byte[] bytes) {}

    private static List<Frame> recording() throws IOException {
        List<Frame> frames = new ArrayList<>();
        try (InputStream in = PythonSessionTest.class.getResourceAsStream("python-job.session")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (!line.startsWith("#")) {
                    String[] fields = line.split(" ", 3);
                    ByteArrayOutputStream frame = new ByteArrayOutputStream();
                    frame.writeBytes(HexFormat.of().parseHex(fields[1]));
                    frame.writeBytes(fields[2].getBytes(US_ASCII));
                    frames.add(new Frame(fields[0].charAt(0), frame.toByteArray()));
                }
            }
        }
        return frames;
    }

    /** Says what {@code side} said, and checks that the other side says what it said then. */
    private static Void play(char side, Socket socket) throws IOException {
        int at = 0;
        for (Frame frame : recording()) {
            if (frame.side() == side) {
                socket.getOutputStream().write(frame.bytes(), 0, 4); // Python writes header and token apart
                socket.getOutputStream().write(frame.bytes(), 4, frame.bytes().length - 4);
            } else {
                byte[] got = new byte[frame.bytes().length];
                new DataInputStream(socket.getInputStream()).readFully(got);
                assertThat(new String(got, 4, got.length - 4, US_ASCII))
                        .as("message %d", at)
                        .isEqualTo(new String(frame.bytes(), 4, got.length - 4, US_ASCII));
                assertThat(got).isEqualTo(frame.bytes());
            }
            at++;
        }
        socket.shutdownOutput();
        return null;
    }

    private static SecureChannel channel(Socket socket, int firstByteOfIv) throws IOException {
        FixedRandom ivs = new FixedRandom(call -> {
            byte[] iv = new byte[16];
            iv[0] = (byte) firstByteOfIv;
            iv[15] = (byte) call;
            return iv;
        });
        return new SecureChannel(
                new Connection(socket, Duration.ofSeconds(10)),
                new FernetCipher(List.of(SharedKey.parse(TestKeys.A)), ivs, CLOCK),
                new ReplayGuard(Duration.ofMinutes(5), CLOCK),
                Channels.MAX_TOKEN_BYTES);
    }

    private static byte[] content(int seed, int size) {
        byte[] content = new byte[size];
        for (int i = 0; i < size; i++) {
            content[i] = (byte) (seed + 7 * i);
        }
        return content;
    }

    private Optional<FileReceiver.Arrival> intoDirectory(Transfer.Start start) throws IOException {
        return Optional.of(
                FileReceiver.Arrival.of(IncomingFile.create(directory.resolve(start.filename()), start.size())));
    }

    @Test
    void aPythonClientIsServed() throws Exception {
        try (SocketPair sockets = SocketPair.open()) {
            Peer<Void> python = Peer.start(() -> play('C', sockets.a()));
            SecureChannel channel = channel(sockets.b(), 0x51);
            Request.SubmitJob job = channel.expect(Request.SubmitJob.class, "command");
            assertThat(job.optionsJson()).isEqualTo("{\"num_slices\": 128, \"label\": \"\\u00e4 \\\"x\\\"\"}");
            FileReceiver receiver = new FileReceiver(channel, TransferProgress.NONE);
            for (Request.SubmitJob.OfferedFile file : job.files()) {
                channel.send(new Transfer.RequestFile(file.originalPath()));
                receiver.receive(file.name(), this::intoDirectory);
            }
            channel.announce(new Event.JobQueued(JOB, job.files().size()));
            channel.announce(new Event.DicomTransferStart(JOB, 1));
            Path result = Files.write(directory.resolve("im"), content(2, 700));
            try (FileSender sender = FileSender.open(result)) {
                sender.send(channel, "im_0001.dcm", Optional.empty(), TransferProgress.NONE);
            }
            channel.announce(new Event.ReconComplete(JOB, "\u00e9.7"));
            assertThat(channel.receive()).isEmpty();
            python.join();
        }
        assertThat(directory.resolve("\u00e9.7")).hasBinaryContent(content(1, 1000));
        assertThat(directory.resolve("empty.dat")).isEmptyFile();
    }

    @Test
    void aPythonServerIsUsed() throws Exception {
        try (SocketPair sockets = SocketPair.open()) {
            Peer<Void> python = Peer.start(() -> play('S', sockets.b()));
            SecureChannel channel = channel(sockets.a(), 0xC1);
            channel.send(new Request.SubmitJob(
                    List.of(
                            new Request.SubmitJob.OfferedFile("\u00e9.7", SCAN),
                            new Request.SubmitJob.OfferedFile("empty.dat", "/scans/empty.dat")),
                    "{\"num_slices\": 128, \"label\": \"\\u00e4 \\\"x\\\"\"}",
                    false));
            upload(channel, SCAN, "\u00e9.7", content(1, 1000));
            upload(channel, "/scans/empty.dat", "empty.dat", new byte[0]);
            acknowledge(channel, Event.JobQueued.class, EventAck.RECEIVED);
            acknowledge(channel, Event.DicomTransferStart.class, EventAck.READY);
            new FileReceiver(channel, TransferProgress.NONE).receive("im_0001.dcm", this::intoDirectory);
            acknowledge(channel, Event.ReconComplete.class, EventAck.RECEIVED);
            assertThat(channel.receive()).isEmpty();
            python.join();
        }
        assertThat(directory.resolve("im_0001.dcm")).hasBinaryContent(content(2, 700));
    }

    private void upload(SecureChannel channel, String path, String name, byte[] content) throws IOException {
        assertThat(channel.expect(Transfer.RequestFile.class, "request_file").filepath())
                .isEqualTo(path);
        Path source = Files.write(directory.resolve("source"), content);
        try (FileSender sender = FileSender.open(source)) {
            sender.send(channel, name, Optional.empty(), TransferProgress.NONE);
        }
    }

    private static <E extends Event> void acknowledge(SecureChannel channel, Class<E> kind, String status)
            throws IOException {
        channel.send(new EventAck(channel.expect(kind, kind.getSimpleName()).name(), status));
    }
}
