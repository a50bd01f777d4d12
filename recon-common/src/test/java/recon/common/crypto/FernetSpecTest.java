package recon.common.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import recon.common.testing.FixedRandom;
import recon.common.testing.TestKeys;

/**
 * The vectors published with the Fernet specification: generate.json, verify.json and invalid.json of
 * <a href="https://github.com/fernet/spec">github.com/fernet/spec</a>. All use the same key.
 */
class FernetSpecTest {
    private static final String HELLO =
            "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==";
    private static final Duration TTL = Duration.ofSeconds(60);

    private static FernetCipher cipherAt(Instant now) {
        return new FernetCipher(
                List.of(SharedKey.parse(TestKeys.B)), FixedRandom.counting(), Clock.fixed(now, ZoneOffset.UTC));
    }

    private static OpenedToken open(String token, String now) throws IOException {
        Instant time = OffsetDateTime.parse(now).toInstant();
        OpenedToken opened = cipherAt(time).open(new ByteArrayInputStream(token.getBytes(US_ASCII)), token.length());
        new ReplayGuard(TTL, Clock.fixed(time, ZoneOffset.UTC)).admit(opened);
        return opened;
    }

    @Test
    void generate() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FernetCipher cipher =
                cipherAt(OffsetDateTime.parse("1985-10-26T01:20:00-07:00").toInstant());
        cipher.seal("hello".getBytes(US_ASCII), 5, cipher.keys().first(), out);
        assertThat(out.toString(US_ASCII)).isEqualTo(HELLO);
    }

    @Test
    void verify() throws IOException {
        OpenedToken opened = open(HELLO, "1985-10-26T01:20:01-07:00");
        assertThat(new String(opened.buffer(), 0, opened.length(), US_ASCII)).isEqualTo("hello");
        assertThat(opened.sealedAt()).isEqualTo(Instant.ofEpochSecond(499162800));
        assertThat(opened.key().owner()).isEqualTo(KeyOwner.SHARED);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "incorrect mac, gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykQUFBQUFBQUFBQQ==",
        "too short, gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPA==",
        "invalid base64, %%%%%%%%%%%%%AECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykRtfsH-p1YsUD2Q==",
        "payload size not multiple of block size,"
                + " gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPOm73QeoCk9uGib28Xe5vz6oxq5nmxbx_v7mrfyudzUm",
        "payload padding error, gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0ODz4LEpdELGQAad7aNEHbf-JkLPIpuiYRLQ3RtXatOYREu2FWke6CnJNYIbkuKNqOhw==",
        "incorrect IV (causes padding error),"
                + " gAAAAAAdwJ6xBQECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAkLhFLHpGtDBRLRTZeUfWgHSv49TF2AUEZ1TIvcZjK1zQ==",
        "trailing characters after b64 padding,"
                + " gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==trailingdata",
        "invalid characters in b64,"
                + " *gAAAAAAdwJ6wAAECAwQFBgcI!CQoLDA0ODy021?cpGVWKZ_eEwC@GM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==",
        "invalid non-urlsafe characters in b64,"
                + " gAAAAAAdwJ6wAAEC/AwQFBgcICQoLDA0ODy+021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==",
    })
    void invalidIsNotAuthentic(String description, String token) {
        assertThatThrownBy(() -> open(token, "1985-10-26T01:20:01-07:00"))
                .as(description)
                .isInstanceOf(AuthenticationFailedException.class)
                .hasMessage("token is not authentic: it was sealed with another key, or changed on the way")
                .hasNoCause();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "far-future TS (unacceptable clock skew), 1985-10-26T01:20:01-07:00,"
                + " gAAAAAAdwStRAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAnja1xKYyhd-Y6mSkTOyTGJmw2Xc2a6kBd-iX9b_qXQcw==",
        "expired TTL, 1985-10-26T01:21:31-07:00,"
                + " gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykRtfsH-p1YsUD2Q==",
    })
    void invalidIsStale(String description, String now, String token) {
        assertThatThrownBy(() -> open(token, now)).as(description).isInstanceOf(StaleTokenException.class);
    }
}
