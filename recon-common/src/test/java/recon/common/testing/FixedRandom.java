package recon.common.testing;

import java.security.SecureRandom;
import java.util.function.IntFunction;

/** Gives out chosen bytes: the n-th call is filled from the n-th array. */
public final class FixedRandom extends SecureRandom {
    private final transient IntFunction<byte[]> bytesOfCall;
    private int calls;

    public FixedRandom(IntFunction<byte[]> bytesOfCall) {
        this.bytesOfCall = bytesOfCall;
    }

    /** The IV of the published vectors, each time: 0, 1, 2 … 15. */
    public static FixedRandom counting() {
        byte[] iv = new byte[16];
        for (int i = 0; i < iv.length; i++) {
            iv[i] = (byte) i;
        }
        return new FixedRandom(call -> iv);
    }

    @Override
    public void nextBytes(byte[] bytes) {
        System.arraycopy(bytesOfCall.apply(calls++), 0, bytes, 0, bytes.length);
    }
}
