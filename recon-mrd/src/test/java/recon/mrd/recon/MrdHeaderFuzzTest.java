package recon.mrd.recon;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;

/** Whatever a text says, reading it as any of those that come with data gives values or the one refusal. */
class MrdHeaderFuzzTest {
    private interface Text {
        void read() throws MrdException;
    }

    @FuzzTest(maxDuration = "30s")
    void anyHeader(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        readOrRefuse(() -> {
            // What the schema requires is written even where it was not read.
            String whole = MrdHeader.parse(text).toXml();
            if (!MrdHeader.parse(whole).toXml().equals(whole)) {
                throw new AssertionError("not the same again: " + whole);
            }
        });
        readOrRefuse(() -> {
            MetaAttributes read = MetaAttributes.parse(text);
            if (!MetaAttributes.parse(read.toXml()).equals(read)) {
                throw new AssertionError("not the same again: " + read);
            }
        });
        readOrRefuse(() -> ReconParameters.parse(text).config());
    }

    private static void readOrRefuse(Text text) {
        try {
            text.read();
        } catch (MrdException e) {
            if (e.getMessage().contains("\n")) {
                throw new AssertionError("a refusal of several lines", e);
            }
        }
    }
}
