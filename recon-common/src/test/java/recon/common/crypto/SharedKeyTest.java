package recon.common.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedKeyTest {
    private static final String ASCENDING = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    @Test
    void firstHalfSignsAndSecondHalfEncrypts() {
        try (SharedKey key = SharedKey.parse(ASCENDING)) {
            assertThat(key.signingHalf()).isEqualTo(HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f"));
            assertThat(key.encryptionHalf()).isEqualTo(HexFormat.of().parseHex("101112131415161718191a1b1c1d1e1f"));
            assertThat(key.text()).isEqualTo(ASCENDING);
        }
    }

    /** The key of the Fernet specification's vectors, which needs the URL-safe part of the alphabet. */
    @Test
    void readsTheUrlSafeAlphabet() {
        String text = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
        try (SharedKey key = SharedKey.parse(text)) {
            assertThat(key.text()).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SET_YOUR_SHARED_KEY_HERE",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8==",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8A",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==",
                "cw/0x689RpI+jtRR7oE8h/eQsKImvJapLeSbXpwF4e4=",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGx dHh8=",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxw=Hh8=",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxw\u00e9Hh8="
            })
    void refusesAnythingElseWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> SharedKey.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a shared key")
                .hasNoCause()
                .message()
                .satisfies(message -> {
                    for (int start = 0; start + 5 <= text.length(); start++) {
                        assertThat(message).doesNotContain(text.substring(start, start + 5));
                    }
                });
    }

    @Test
    void generatedKeysDifferAndCanBeParsed() {
        SecureRandom random = new SecureRandom();
        try (SharedKey first = SharedKey.generate(random);
                SharedKey second = SharedKey.generate(random);
                SharedKey again = SharedKey.parse(first.text())) {
            assertThat(first.text()).hasSize(SharedKey.TEXT_CHARS).isNotEqualTo(second.text());
            assertThat(again.signingHalf()).isEqualTo(first.signingHalf());
            assertThat(again.encryptionHalf()).isEqualTo(first.encryptionHalf());
        }
    }

    @Test
    void aClosedKeyIsWipedAndRefusesToWork() {
        SharedKey key = SharedKey.parse(ASCENDING);
        key.close();
        key.close();
        assertThatThrownBy(key::text).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(key::signingHalf).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(key::encryptionHalf).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void cannotBePrinted() {
        try (SharedKey key = SharedKey.parse(ASCENDING)) {
            assertThat(key).hasToString("SharedKey[hidden]");
        }
    }
}
