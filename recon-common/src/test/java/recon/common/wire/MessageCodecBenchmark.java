package recon.common.wire;

import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import recon.common.job.JobId;

/** Messages per second; with a chunk of 1 MiB that is MiB/s. */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MessageCodecBenchmark {
    /** What the message is: a piece of a file, or an event of a job. */
    public enum Kind {
        CHUNK_OF_1_MIB,
        JOB_QUEUED
    }

    @Param
    private Kind kind;

    private Message message;
    private MessageCodec.Encoded encoded;

    @Setup
    public void prepare() {
        byte[] data = new byte[1 << 20];
        new Random(1).nextBytes(data);
        message = switch (kind) {
            case CHUNK_OF_1_MIB -> new Transfer.Chunk("scan.dat", data, data.length);
            case JOB_QUEUED -> new Event.JobQueued(JobId.random(), 1);
        };
        encoded = MessageCodec.encode(message);
    }

    @Benchmark
    public Object encode() {
        return MessageCodec.encode(message);
    }

    @Benchmark
    public Message decode() throws ProtocolException {
        return MessageCodec.decode(encoded.buffer(), encoded.length());
    }
}
