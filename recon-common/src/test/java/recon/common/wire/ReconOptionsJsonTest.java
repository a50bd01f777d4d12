package recon.common.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import recon.common.job.ReconOptions;
import recon.common.job.ReconOptions.Argument;

class ReconOptionsJsonTest {
    @Test
    void argumentsKeepTheirOrderAndSpelling() {
        ReconOptions options = ReconOptionsJson.parse(
                "{\"z\": 128, \"a\": \"x y\", \"t\": true, \"f\": false, \"n\":"
                        + " null, \"d\": 0.5, \"big\": 123456789012345678901234567890, \"l\": [1, {\"k\": \"v\"}], \"e\": \"\"}");
        assertThat(options.arguments())
                .containsExactly(
                        new Argument("z", "128"),
                        new Argument("a", "x y"),
                        new Argument("t", "true"),
                        new Argument("f", "false"),
                        new Argument("n", "null"),
                        new Argument("d", "0.5"),
                        new Argument("big", "123456789012345678901234567890"),
                        new Argument("l", "[1,{\"k\":\"v\"}]"),
                        new Argument("e", ""));
        assertThat(options.json()).startsWith("{\"z\":128,\"a\":\"x y\"");
    }

    @Test
    void noOptionsAreNoArguments() {
        assertThat(ReconOptionsJson.parse(" {} ")).isEqualTo(ReconOptions.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|must be one JSON object",
                "[]|must be one JSON object",
                "128|must be one JSON object",
                "{'a': 1}|are not JSON",
                "{\"a\": 1} and more|are not JSON",
                "{\"a\": 1}{\"b\": 2}|are not JSON",
                "{\"a\": 1, \"a\": 2}|Duplicate",
                "{\"a\": 1|are not JSON",
                "{\"a\": NaN}|are not JSON",
                "{\"a b\": 1}|does not match",
                "{\"a\": \"x\\u0000\"}|NUL",
            })
    void aFaultIsNamed(String json, String fault) {
        assertThatThrownBy(() -> ReconOptionsJson.parse(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(fault);
    }

    @Test
    void depthIsLimited() {
        assertThatThrownBy(() -> ReconOptionsJson.parse("{\"a\": " + "[".repeat(50) + "]".repeat(50) + "}"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void numbersArriveAsTheyWereWritten() {
        ReconOptions options =
                ReconOptionsJson.parse("{\"a\": 1e3, \"b\": 0.10, \"c\": [-1E999, 12345678901234567890]}");
        assertThat(options.arguments())
                .containsExactly(
                        new ReconOptions.Argument("a", "1e3"),
                        new ReconOptions.Argument("b", "0.10"),
                        new ReconOptions.Argument("c", "[-1E999,12345678901234567890]"));
    }

    @Test
    void ofTwoObjectsTheSecondOverridesTheFirst() {
        ReconOptions merged = ReconOptionsJson.merge("{\"a\": 1, \"b\": {\"c\": 2}}", "{\"d\": true, \"b\": \"x\"}");
        assertThat(merged.json()).isEqualTo("{\"a\":1,\"b\":\"x\",\"d\":true}");
        assertThatThrownBy(() -> ReconOptionsJson.merge("{}", "[]")).hasMessageContaining("must be one JSON object");
    }
}
