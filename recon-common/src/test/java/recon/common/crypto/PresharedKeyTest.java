package recon.common.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import recon.common.testing.TestKeys;

class PresharedKeyTest {
    private static PresharedKey of(String key) {
        return new OwnedKey(KeyOwner.SHARED, SharedKey.parse(key)).presharedKey();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    /** The vector of PROTOCOL.md, computed with {@code openssl kdf … HKDF} of OpenSSL 3.0. */
    @Test
    void theVectorOfTheProtocolIsDerived() {
        PresharedKey derived = of(TestKeys.A);
        assertThat(derived.key()).isEqualTo(hex("4f21568c19f5fdc654cd9242d9446bb3c90a993ef642074d5ba68cb0369ce50e"));
        assertThat(derived.identity()).isEqualTo(hex("90dab7c16ba676ce98c62c59ac3560d0"));
        assertThat(derived.isNamed(hex("90dab7c16ba676ce98c62c59ac3560d0"))).isTrue();
        assertThat(derived.isNamed(hex("90dab7c16ba676ce98c62c59ac3560d1"))).isFalse();
    }

    @Test
    void anotherKeyHasAnotherIdentity() {
        assertThat(of(TestKeys.B).identity()).isNotEqualTo(of(TestKeys.A).identity());
        assertThat(of(TestKeys.B).key()).isNotEqualTo(of(TestKeys.A).key());
    }

    @Test
    void whatItGivesOutAreCopies() {
        PresharedKey derived = of(TestKeys.A);
        derived.identity()[0]++;
        derived.key()[0]++;
        assertThat(derived.identity()).startsWith(0x90);
        assertThat(derived.key()).startsWith(0x4f);
    }

    @Test
    void itCannotBePrinted() {
        assertThat(of(TestKeys.A)).hasToString("PresharedKey[hidden]");
    }
}
