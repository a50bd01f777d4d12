package recon.common.tls;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import org.bouncycastle.jcajce.util.DefaultJcaJceHelper;
import org.bouncycastle.tls.crypto.impl.TlsAEADCipherImpl;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;

/** Bouncy Castle's TLS on the JDK's cryptography. */
final class Crypto extends JcaTlsCrypto {
    private static final SecureRandom RANDOM = new SecureRandom();

    Crypto() {
        super(new DefaultJcaJceHelper(), RANDOM, RANDOM);
    }

    /** The one cipher suite here is AES-128-GCM. */
    @Override
    protected TlsAEADCipherImpl createAEADCipher(String name, String algorithm, int keyBytes, boolean encrypts)
            throws GeneralSecurityException {
        return new RecordGcm(encrypts);
    }
}
