package recon.common.tls;

import java.io.IOException;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;

/** A record was not made with the session's key, or was changed on the way. Nothing of it was used. */
public final class DamagedRecordException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedRecordException(TlsFatalAlert cause) {
        super("a TLS record is not authentic (" + AlertDescription.getText(cause.getAlertDescription())
                + "): it was changed on the way");
    }
}
