package recon.common.tls;

import java.io.IOException;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;

/** There is no TLS session: most likely the two sides have no key in common. */
public final class HandshakeException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean byPeer;

    HandshakeException(IOException cause) {
        super("no TLS session: " + words(cause), cause);
        this.byPeer = cause instanceof TlsFatalAlertReceived;
    }

    /** Whether the peer refused, and not we. */
    public boolean isByPeer() {
        return byPeer;
    }

    private static String words(IOException cause) {
        if (cause instanceof TlsFatalAlertReceived alert) {
            return "the peer answered with the " + TlsSession.words(alert);
        }
        if (cause instanceof TlsFatalAlert alert) {
            if (alert.getAlertDescription() == AlertDescription.unknown_psk_identity) {
                return "the peer offers no key of ours";
            }
            return AlertDescription.getText(alert.getAlertDescription());
        }
        return String.valueOf(cause.getMessage());
    }
}
