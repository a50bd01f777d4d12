package recon.mrd.recon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import recon.mrd.format.MrdException;

class ReconParametersTest {
    @Test
    void parametersAreTexts() throws MrdException {
        ReconParameters parameters = ReconParameters.parse("{\"version\": \"1.0\", \"other\": {\"a\": [1]},"
                + " \"parameters\": {\"options\": \"roi\", \"n\": 2.50, \"list\": [1, {\"b\": null}], \"none\": null,"
                + " \"sendOriginal\": \" True\", \"no\": false}}");
        assertThat(parameters.values())
                .containsEntry("options", "roi")
                .containsEntry("n", "2.50")
                .containsEntry("list", "[1,{\"b\":null}]")
                .containsEntry("none", "null")
                .containsEntry("no", "false");
        assertThat(parameters.isTrue("sendOriginal")).isTrue();
        assertThat(parameters.isTrue("no")).isFalse();
        assertThat(parameters.isTrue("absent")).isFalse();
        assertThat(parameters.config()).isEmpty();
        assertThat(ReconParameters.parse("{}")).isEqualTo(ReconParameters.NONE);
    }

    @Test
    void aCustomConfigGoesBeforeTheConfig() throws MrdException {
        assertThat(ReconParameters.parse("{\"parameters\":{\"config\":\"a\"}}").config())
                .contains("a");
        assertThat(ReconParameters.parse("{\"parameters\":{\"config\":\"a\",\"customconfig\":\"b\"}}")
                        .config())
                .contains("b");
        assertThat(ReconParameters.parse("{\"parameters\":{\"config\":\"a\",\"customconfig\":\"\"}}")
                        .config())
                .contains("a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|the additional configuration is no JSON object",
                "''|the additional configuration is no JSON object",
                "{\"parameters\": 3}|\"parameters\" of the additional configuration is no JSON object",
                "{} x|the additional configuration is no JSON: Unrecognized token 'x'",
                "{} {}|the additional configuration has more behind its JSON object",
                "{\"a\":|the additional configuration is no JSON: Unexpected end-of-input within/between Object entries (line 1, column 6)"
            })
    void whatIsNoneIsNamed(String json, String message) {
        assertThatThrownBy(() -> ReconParameters.parse(json))
                .isInstanceOf(MrdException.class)
                .hasMessageStartingWith(message);
    }

    /** Names with one hash code are not sought one by one: that took a minute for these. */
    @Test
    @Timeout(20)
    void namesMayCollide() throws MrdException {
        int bits = 16;
        String members = IntStream.range(0, 1 << bits)
                .mapToObj(number -> IntStream.range(0, bits)
                        .mapToObj(bit -> (number >> bit & 1) == 0 ? "Aa" : "BB")
                        .collect(Collectors.joining("", "\"", "\":1")))
                .collect(Collectors.joining(","));
        assertThat(ReconParameters.parse("{\"parameters\":{" + members + "}}").values())
                .hasSize(1 << bits);
    }

    @Test
    void deepNestingIsRefused() {
        for (String before : new String[] {"{\"other\":", "{\"parameters\":{\"a\":"}) {
            assertThatThrownBy(() -> ReconParameters.parse(before + "[".repeat(1_000_000)))
                    .isInstanceOf(MrdException.class)
                    .hasMessageContaining("nesting depth (1001)")
                    .hasMessageNotContaining("\n");
        }
    }

    @Property(tries = 300)
    void anyTextIsReadOrRefused(@ForAll String text) {
        try {
            ReconParameters.parse("{\"parameters\":" + text);
        } catch (MrdException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }
}
