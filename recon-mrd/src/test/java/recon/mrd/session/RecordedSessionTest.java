package recon.mrd.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import recon.mrd.recon.ReconModules;

/** What a client of another program sent, and what the server of another program answered. */
class RecordedSessionTest {
    @ParameterizedTest
    @ValueSource(strings = {"simplefft_py_clean", "img_invert"})
    void theAnswerIsTheSameByteForByte(String name) throws Exception {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        new MrdSession(new ByteArrayInputStream(resource(name + ".c2s.bin")), answer, 1 << 20, MrdSession.Recorder.NONE)
                .serve(new ReconModules(), "null");
        assertThat(answer.toByteArray()).isEqualTo(resource(name + ".s2c.bin"));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = RecordedSessionTest.class.getResourceAsStream("/recon/mrd/" + name)) {
            return in.readAllBytes();
        }
    }
}
