package recon.common.tls;

import java.io.IOException;
import java.util.Optional;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsServer;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.BasicTlsPSKExternal;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.PskIdentity;
import org.bouncycastle.tls.PskKeyExchangeMode;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsPSKExternal;
import recon.common.crypto.KeyRing;
import recon.common.crypto.OwnedKey;

/** What a server accepts: TLS 1.3 with a key of its ring, X25519 and AES-128-GCM, and nothing else. */
@SuppressWarnings("JdkObsolete") // Bouncy Castle's interfaces are made of Vector
final class ServerPeer extends AbstractTlsServer {
    private final KeyRing keys;
    private Optional<OwnedKey> selected = Optional.empty();

    ServerPeer(KeyRing keys) {
        super(new Crypto());
        this.keys = keys;
    }

    /** The first key of those that the client offered which is in the ring. */
    Optional<OwnedKey> selected() {
        return selected;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.TLSv13.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return new int[] {CipherSuite.TLS_AES_128_GCM_SHA256};
    }

    @Override
    public int[] getSupportedGroups() {
        return new int[] {NamedGroup.x25519};
    }

    @Override
    public short[] getPskKeyExchangeModes() {
        return new short[] {PskKeyExchangeMode.psk_dhe_ke};
    }

    @Override
    public TlsPSKExternal getExternalPSK(@SuppressWarnings("rawtypes") Vector identities) {
        for (Object offered : identities) {
            byte[] identity = ((PskIdentity) offered).getIdentity();
            selected = keys.named(identity);
            if (selected.isPresent()) {
                return new BasicTlsPSKExternal(
                        identity,
                        getCrypto().createSecret(selected.get().presharedKey().key()));
            }
        }
        return null;
    }

    /** Asked for where the client has no key of ours. */
    @Override
    public TlsCredentials getCredentials() throws IOException {
        throw new TlsFatalAlert(AlertDescription.unknown_psk_identity);
    }

    /** A connection that ends without a goodbye is no different from one that is cut: our messages tell. */
    @Override
    public boolean requiresCloseNotify() {
        return false;
    }

    @Override
    public int getHandshakeTimeoutMillis() {
        return 0; // the connection has its own limits
    }
}
