package recon.common.wire;

import java.io.IOException;
import java.util.Optional;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import recon.common.testing.Channels;

/**
 * A client and a server in one process, on two threads. {@code data} is MiB per second: as messages of version 1, or as
 * the stream of version 2. {@code message} is short messages per second that are answered.
 */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SecureChannelBenchmark {
    private static final int MIB = 1 << 20;
    private static final int MIB_PER_FILE = 16;
    private static final String NAME = "scan.dat";
    private static final Message STATUS = new Request.GetServerStatus();

    @Param({"FERNET", "TLS"})
    private TransportChoice transport;

    private final byte[] data = new byte[MIB];
    private Channels channels;
    private Thread serving;
    private long received;

    @Setup
    public void open() throws IOException {
        new Random(1).nextBytes(data);
        channels = Channels.open();
        serving = new Thread(this::serve, "server");
        serving.start();
        channels.client().ask(new Request.GetServerStatus(), transport);
        channels.client().receive();
    }

    @TearDown
    public void close() throws IOException, InterruptedException {
        channels.client().close();
        serving.join();
        channels.close();
    }

    /** Answers every message but the pieces of a file, which it takes. */
    private void serve() {
        SecureChannel server = channels.server();
        try {
            Optional<Message> message = server.receiveFirst(TransportChoice.AUTO);
            while (message.isPresent()) {
                if (message.get() instanceof Transfer.Start && server.streams()) {
                    server.receiveData((long) MIB_PER_FILE * MIB, (bytes, offset, length) -> received += length);
                }
                if (!(message.get() instanceof Transfer.Chunk chunk)) {
                    server.send(new Transfer.EndAck(NAME, true, ""));
                } else {
                    received += chunk.length();
                }
                message = server.receive();
            }
        } catch (IOException clientHasGone) {
            // the trial is over
        }
    }

    @Benchmark
    public Optional<Message> message() throws IOException {
        channels.client().send(STATUS);
        return channels.client().receive();
    }

    @Benchmark
    @OperationsPerInvocation(MIB_PER_FILE)
    public Optional<Message> data() throws IOException {
        SecureChannel client = channels.client();
        if (client.streams()) {
            client.sendLater(new Transfer.Start(NAME, (long) MIB_PER_FILE * MIB));
        }
        for (int i = 0; i < MIB_PER_FILE; i++) {
            if (client.streams()) {
                client.sendData(data, MIB);
            } else {
                client.send(new Transfer.Chunk(NAME, data, MIB));
            }
        }
        if (!client.streams()) {
            client.send(STATUS);
        }
        client.flush();
        return client.receive();
    }
}
