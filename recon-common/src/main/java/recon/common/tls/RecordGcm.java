package recon.common.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.impl.TlsAEADCipherImpl;

/** AES-GCM of the JDK for the records of one direction. Not thread-safe. */
final class RecordGcm implements TlsAEADCipherImpl {
    private static final int TAG_BYTES = 16;

    private final Cipher cipher;
    private final boolean encrypts;
    private SecretKeySpec key;
    private byte[] nonce;
    private int tagBytes;

    RecordGcm(boolean encrypts) throws GeneralSecurityException {
        this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        this.encrypts = encrypts;
    }

    @Override
    public void setKey(byte[] bytes, int offset, int length) {
        key = new SecretKeySpec(bytes, offset, length, "AES");
    }

    @Override
    public void init(byte[] recordNonce, int macSize) {
        nonce = recordNonce;
        tagBytes = macSize;
    }

    @Override
    public int getOutputSize(int inputBytes) {
        return encrypts ? inputBytes + TAG_BYTES : Math.max(0, inputBytes - TAG_BYTES);
    }

    /** Input and output may be the same array from the same index on. */
    @Override
    public int doFinal(byte[] additional, byte[] in, int inAt, int length, byte[] out, int outAt) throws IOException {
        try {
            cipher.init(
                    encrypts ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE,
                    key,
                    new GCMParameterSpec(tagBytes * Byte.SIZE, nonce));
            cipher.updateAAD(additional);
            return encrypts ? cipher.doFinal(in, inAt, length, out, outAt) : decrypt(in, inAt, length, out, outAt);
        } catch (GeneralSecurityException e) {
            throw new TlsFatalAlert(AlertDescription.bad_record_mac, e);
        }
    }

    /** The JDK would copy the whole array, not just the record, to decrypt in place. */
    private int decrypt(byte[] in, int inAt, int length, byte[] out, int outAt) throws GeneralSecurityException {
        byte[] plain = cipher.doFinal(in, inAt, length);
        System.arraycopy(plain, 0, out, outAt, plain.length);
        return plain.length;
    }
}
