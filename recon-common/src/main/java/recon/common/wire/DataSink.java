package recon.common.wire;

import java.io.IOException;

/** Takes bytes of a file from where they were decrypted; must be done with the array when it returns. */
@FunctionalInterface
public interface DataSink {
    void take(byte[] bytes, int offset, int length) throws IOException;
}
