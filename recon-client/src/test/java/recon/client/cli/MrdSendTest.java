package recon.client.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.file.MrdReader;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.MetaAttributes;
import recon.mrd.wire.MrdInput;
import recon.mrd.wire.MrdMessage;
import recon.mrd.wire.MrdOutput;

/** Against a server of the test's own, which does what no real one should. */
@Timeout(60)
class MrdSendTest {
    private static final int READOUTS = 48;
    private static final String HEAP = "GCOL";

    @TempDir
    private Path directory;

    private ServerSocket server;
    private Path raw;
    private Path results;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0);
        raw = directory.resolve("raw.h5");
        results = directory.resolve("images.h5");
        Cli.Run phantom = Cli.bare("mrd", "phantom", "-o", raw.toString(), "-m", "16", "-c", "64", "--noise-scans=32");
        assertThat(phantom.exitCode()).isZero();
    }

    @AfterEach
    void hangUp() throws IOException {
        server.close();
    }

    private Cli.Run send(String... more) {
        List<String> arguments = new ArrayList<>(List.of("mrd", "send", "-p", "" + server.getLocalPort()));
        arguments.addAll(List.of("-o", results.toString(), raw.toString()));
        arguments.addAll(List.of(more));
        return Cli.bare(arguments.toArray(String[]::new));
    }

    private static void answer(MrdOutput out) throws IOException {
        out.write(new MrdMessage.Data(Image.of(ImageHeader.builder(), new MetaAttributes(), new short[] {9})));
        out.flush();
    }

    private void assertImageIsKept(Cli.Run run) throws IOException {
        assertThat(run.out()).isEqualTo("1 image in " + results + "\n");
        try (MrdReader file = MrdReader.open(results)) {
            assertThat(file.images().get(0).count()).isEqualTo(1);
        }
    }

    /** Answers with an image once the client has said that no more will come; returns how much had come. */
    private int readoutsThenOneImage() throws IOException {
        try (Socket client = server.accept()) {
            MrdInput in = new MrdInput(client.getInputStream(), 1 << 20);
            int readouts = 0;
            for (Optional<MrdMessage> next = in.read(); ; next = in.read()) {
                if (next.orElseThrow() instanceof MrdMessage.Data) {
                    readouts++;
                } else if (next.orElseThrow() instanceof MrdMessage.Close) {
                    break;
                }
            }
            MrdOutput out = new MrdOutput(client.getOutputStream());
            answer(out);
            out.write(new MrdMessage.Close());
            out.flush();
            return readouts;
        }
    }

    @Test
    void aFileThatCannotBeReadToItsEndIsNoLostConnection() throws Exception {
        String bytes = Files.readString(raw, ISO_8859_1);
        int damaged = bytes.indexOf(HEAP, bytes.length() / 2);
        Files.writeString(raw, bytes.substring(0, damaged) + "LOST" + bytes.substring(damaged + 4), ISO_8859_1);
        CompletableFuture<Integer> served = CompletableFuture.supplyAsync(this::served);
        Cli.Run run = send();
        int came = served.get(20, TimeUnit.SECONDS);
        assertThat(came).isBetween(1, READOUTS - 1);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("recon-client: " + raw + ": damaged HDF5 file: no heap at " + damaged + "; " + came + " of "
                        + READOUTS + " readouts, waveforms and images were sent\n");
        assertImageIsKept(run);
    }

    private int served() {
        try {
            return readoutsThenOneImage();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aServerThatHangsIsGivenUp() throws Exception {
        CompletableFuture<Socket> client = CompletableFuture.supplyAsync(() -> {
            try {
                Socket socket = server.accept();
                answer(new MrdOutput(socket.getOutputStream()));
                return socket;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Cli.Run run = send("--idle-timeout", "1");
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err())
                .isEqualTo("recon-client: the server has neither taken nor sent anything for 1 s (--idle-timeout)\n");
        assertImageIsKept(run);
        client.get(20, TimeUnit.SECONDS).close();
        assertThat(send("--idle-timeout", "-1").err()).contains("--idle-timeout -1 is negative; 0 means for ever");
        assertThat(send("-c", "x".repeat(1024)).err()).contains("--config: a name of 1024 bytes; at most 1023 fit");
    }

    @Test
    void aServerThatTakesSomethingNowAndThenDoesNotHang() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (MrdConnection connection =
                        MrdConnection.open("localhost", server.getLocalPort(), Duration.ofSeconds(1), null);
                Socket peer = server.accept()) {
            OutputStream out = connection.output();
            CompletableFuture<Void> sends = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < 8; i++) {
                        over.await(200, TimeUnit.MILLISECONDS);
                        out.write(new byte[] {1, 2, 3});
                    }
                    peer.getOutputStream().write(7);
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(connection.input().read()).isEqualTo(7);
            sends.get(20, TimeUnit.SECONDS);
            peer.shutdownOutput();
            assertThat(connection.input().read()).isEqualTo(-1);
        }
    }
}
