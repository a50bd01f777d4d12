package recon.common.crypto;

import java.io.IOException;

/**
 * A token was not made with a key of ours, or was changed on the way. Says no more than that and carries no cause: a
 * peer that can tell a bad signature from bad padding can decrypt by asking.
 */
public final class AuthenticationFailedException extends IOException {
    AuthenticationFailedException() {
        super("token is not authentic: it was sealed with another key, or changed on the way");
    }
}
