package recon.common.testing;

import java.util.List;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.SharedKey;

/** Keys that protect nothing. */
public final class TestKeys {
    public static final String A = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    public static final String B = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";

    private TestKeys() {}

    public static FernetCipher cipher(String... keys) {
        return new FernetCipher(List.of(keys).stream().map(SharedKey::parse).toList());
    }
}
