package recon.common.tls;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsClient;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.BasicTlsPSKExternal;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.PskKeyExchangeMode;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsPSK;
import recon.common.crypto.OwnedKey;

/** What a client offers: TLS 1.3 with one of its keys, X25519 and AES-128-GCM, and nothing else. */
@SuppressWarnings("JdkObsolete") // Bouncy Castle's interfaces are made of Vector
final class ClientPeer extends AbstractTlsClient {
    private final List<OwnedKey> keys;
    private Optional<OwnedKey> selected = Optional.empty();

    ClientPeer(List<OwnedKey> keys) {
        super(new Crypto());
        this.keys = keys;
    }

    /** The key that the server chose; empty before. */
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
    protected Vector<Integer> getSupportedGroups(@SuppressWarnings("rawtypes") Vector roles) {
        return new Vector<>(List.of(NamedGroup.x25519));
    }

    @Override
    public short[] getPskKeyExchangeModes() {
        return new short[] {PskKeyExchangeMode.psk_dhe_ke};
    }

    @Override
    public Vector<TlsPSK> getExternalPSKs() {
        Vector<TlsPSK> offered = new Vector<>();
        for (OwnedKey key : keys) {
            offered.add(new BasicTlsPSKExternal(
                    key.presharedKey().identity(),
                    getCrypto().createSecret(key.presharedKey().key())));
        }
        return offered;
    }

    /** Called with null where the server wants to go on without a pre-shared key. */
    @Override
    public void notifySelectedPSK(TlsPSK chosen) throws IOException {
        if (chosen == null) {
            throw new TlsFatalAlert(AlertDescription.handshake_failure, "the server did not accept the key");
        }
        selected = keys.stream()
                .filter(key -> key.presharedKey().isNamed(chosen.getIdentity()))
                .findFirst();
    }

    @Override
    public TlsAuthentication getAuthentication() throws IOException {
        throw new TlsFatalAlert(AlertDescription.handshake_failure, "the server offers a certificate");
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
