package recon.common.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one core can do at most with the ciphers that Java brings, in MiB per second: no transfer is faster than the
 * slowest that it needs.
 */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PlatformBenchmark {
    private static final int MIB = 1 << 20;
    private static final int SLICE_BYTES = 16 * 1024;
    private static final int TAG_BYTES = 16;
    private static final SecretKeySpec KEY = new SecretKeySpec(new byte[16], "AES");

    private final byte[] data = new byte[MIB];
    private final byte[] sealed = new byte[SLICE_BYTES + TAG_BYTES];
    private Cipher gcm;
    private Cipher cbc;
    private Mac hmac;
    private MessageDigest digest;
    private long records;

    @Setup
    public void prepare() throws GeneralSecurityException {
        new Random(1).nextBytes(data);
        gcm = Cipher.getInstance("AES/GCM/NoPadding");
        cbc = Cipher.getInstance("AES/CBC/PKCS5Padding");
        hmac = Mac.getInstance("HmacSHA256");
        hmac.init(KEY);
        digest = MessageDigest.getInstance("SHA-256");
    }

    @Benchmark
    public byte[] sha256() {
        for (int at = 0; at < MIB; at += SLICE_BYTES) {
            digest.update(data, at, SLICE_BYTES);
        }
        return digest.digest();
    }

    @Benchmark
    public byte[] hmacSha256() {
        for (int at = 0; at < MIB; at += SLICE_BYTES) {
            hmac.update(data, at, SLICE_BYTES);
        }
        return hmac.doFinal();
    }

    /** Record by record, as TLS does. */
    @Benchmark
    public byte[] aesGcmEncrypt() throws GeneralSecurityException {
        for (int at = 0; at < MIB; at += SLICE_BYTES) {
            byte[] nonce = ByteBuffer.allocate(12).putLong(4, records++).array();
            gcm.init(Cipher.ENCRYPT_MODE, KEY, new GCMParameterSpec(8 * TAG_BYTES, nonce));
            gcm.doFinal(data, at, SLICE_BYTES, sealed);
        }
        return sealed;
    }

    @Benchmark
    public byte[] aesCbcEncrypt() throws GeneralSecurityException {
        cbc.init(Cipher.ENCRYPT_MODE, KEY, new IvParameterSpec(new byte[16]));
        for (int at = 0; at < MIB; at += SLICE_BYTES) {
            cbc.update(data, at, SLICE_BYTES, sealed);
        }
        return cbc.doFinal();
    }
}
