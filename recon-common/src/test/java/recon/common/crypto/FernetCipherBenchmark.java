package recon.common.crypto;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import recon.common.testing.TestKeys;

/** Tokens per second; with a body of 1 MiB that is MiB/s. */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FernetCipherBenchmark {
    @Param({"256", "1048576"})
    private int bodyBytes;

    private final FernetCipher cipher = TestKeys.cipher(TestKeys.A);
    private byte[] body;
    private byte[] token;

    @Setup
    public void prepare() throws IOException {
        body = new byte[bodyBytes];
        new Random(1).nextBytes(body);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        cipher.seal(body, bodyBytes, cipher.firstKey(), out);
        token = out.toByteArray();
    }

    @Benchmark
    public long seal() throws IOException {
        return cipher.seal(body, bodyBytes, cipher.firstKey(), OutputStream.nullOutputStream());
    }

    @Benchmark
    public OpenedToken open() throws IOException {
        return cipher.open(new ByteArrayInputStream(token), token.length, Optional.of(cipher.firstKey()));
    }
}
