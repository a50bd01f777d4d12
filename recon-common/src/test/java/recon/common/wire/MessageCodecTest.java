package recon.common.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCodecTest {
    static Set<Map.Entry<Message, String>> samples() {
        return Samples.all().entrySet();
    }

    private static String encoded(Message message) {
        MessageCodec.Encoded text = MessageCodec.encode(message);
        return new String(text.buffer(), 0, text.length(), UTF_8);
    }

    private static Message decode(String text) throws ProtocolException {
        byte[] bytes = text.getBytes(UTF_8);
        byte[] padded = Arrays.copyOf(bytes, bytes.length + 40); // what follows the length must not matter
        Arrays.fill(padded, bytes.length, padded.length, (byte) '"');
        return MessageCodec.decode(padded, bytes.length);
    }

    private static byte[] data(String chunkText) throws ProtocolException {
        Transfer.Chunk chunk = (Transfer.Chunk) decode(chunkText);
        return Arrays.copyOf(chunk.data(), chunk.length());
    }

    @Test
    void everyKindOfMessageHasASample() {
        Set<Class<?>> kinds = new HashSet<>();
        Deque<Class<?>> open = new ArrayDeque<>(List.of(Message.class));
        while (!open.isEmpty()) {
            Class<?> kind = open.pop();
            if (kind.isSealed()) {
                open.addAll(Arrays.asList(kind.getPermittedSubclasses()));
            } else {
                kinds.add(kind);
            }
        }
        assertThat(samples().stream().map(sample -> sample.getKey().getClass()).collect(Collectors.toSet()))
                .isEqualTo(kinds);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void isWrittenAsPythonWritesIt(Map.Entry<Message, String> sample) {
        assertThat(encoded(sample.getKey())).isEqualTo(sample.getValue());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void comesBackAsItWas(Map.Entry<Message, String> sample) throws ProtocolException {
        Message back = decode(sample.getValue());
        assertThat(back).hasSameClassAs(sample.getKey());
        assertThat(encoded(back)).isEqualTo(sample.getValue());
        assertThat(back.label()).isEqualTo(sample.getKey().label());
        boolean holdsBytes = back instanceof Report.JobLog || back instanceof AdminReport.LogText;
        if (!(back instanceof Transfer.Chunk || holdsBytes)) { // whose bytes are not compared
            assertThat(back).isEqualTo(sample.getKey());
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void spacingDoesNotMatter(Map.Entry<Message, String> sample) throws ProtocolException {
        String text = sample.getValue();
        assertThat(encoded(decode(compact(text)))).isEqualTo(text);
        assertThat(encoded(decode(" \r\n\t" + text.replace("{\"", "{\n\t\"") + "\n")))
                .isEqualTo(text);
    }

    /** Drops the spaces that json.dumps writes; the samples hold none of these separators inside a string. */
    private static String compact(String text) {
        return text.replace("\": ", "\":").replace(", \"", ",\"").replace("}, {", "},{");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"payload\": {\"size\": 5, \"filename\": \"a\"}, \"type\": \"file_transfer_start\"}",
                "{\"v\": [1, {\"type\": \"x\"}], \"type\": \"file_transfer_start\", \"payload\": {\"extra\": {\"data\":"
                        + " \"x\\\\\"}, \"filename\": \"a\", \"mtime\": 1.5, \"size\": 5, \"tags\": [null, true]}}",
                "{\"type\": \"file_transfer_start\", \"payload\": {\"filename\": \"a\", \"size\": 5, \"data\": \"!\"}}",
                "{\"type\": \"file_transfer_start\", \"payload\": {\"\\u0066ilename\": \"\\u0061\", \"size\": 5}}",
            })
    void keyOrderAndUnknownKeysDoNotMatter(String text) throws ProtocolException {
        assertThat(decode(text)).isEqualTo(new Transfer.Start("a", 5));
    }

    @Test
    void aCommandWithTheNameOfAnEventIsAnUnknownCommand() throws ProtocolException {
        assertThat(decode("{\"type\": \"command\", \"payload\": {\"command_name\": \"job_queued\"}}"))
                .isEqualTo(new Request.UnknownCommand("job_queued"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\": \"file_transfer_start\", \"payload\": {\"size\": 5}}|file_transfer_start: \"filename\" must"
                        + " be a string; it is missing",
                "{\"type\": \"file_transfer_start\", \"payload\": {\"filename\": 5, \"size\": 5}}|file_transfer_start:"
                        + " \"filename\" must be a string; it is of kind number",
                "{\"type\": \"file_transfer_start\", \"payload\": {\"filename\": \"a\", \"size\": -1}}|\"size\" must be"
                        + " a whole number from 0 to 2^63-1",
                "{\"type\": \"file_transfer_start\", \"payload\": {\"filename\": \"a\", \"size\": 1.0}}|\"size\" must"
                        + " be a whole number",
                "{\"type\": \"file_transfer_start\", \"payload\": {\"filename\": \"a\", \"size\":"
                        + " 9223372036854775808}}|\"size\" must be a whole number",
                "{\"type\": \"file_transfer_start\", \"payload\": {\"filename\": \"a\", \"size\": \"5\"}}|\"size\" must"
                        + " be a whole number",
                "{\"type\": \"ack_file_transfer_end\", \"payload\": {\"filename\": \"a\", \"status\": \"maybe\"}}|"
                        + "\"status\" is \"maybe\", expected \"success\" or \"error\"",
                "{\"type\": \"file_chunk\", \"payload\": {\"filename\": \"a\"}}|file_chunk: \"data\" must be a string;"
                        + " it is missing",
                "{\"type\": \"file_chunk\", \"payload\": {\"filename\": \"a\", \"data\": \"A\"}}|\"data\" is not base64",
                "{\"type\": \"file_chunk\", \"payload\": {\"filename\": \"a\", \"data\": \"AA_-\"}}|is not base64",
                "{\"type\": \"file_chunk\", \"payload\": {\"filename\": \"a\", \"data\": \"AA\\u003d!\"}}|is not base64",
                "{\"type\": \"file_chunk\", \"payload\": {\"filename\": \"a\", \"data\": [1]}}|\"data\" must be a"
                        + " string; it is of kind array",
                "{\"type\": \"command\", \"payload\": {\"command_name\": null}}|\"command_name\" must be a string",
                "{\"type\": \"command\", \"payload\": {\"command_name\": \"submit_recon_job\", \"files\": [7]}}|"
                        + "\"files\" must be a list of objects; it is of kind number",
                "{\"type\": \"command\", \"payload\": {\"command_name\": \"job_queued\", \"params\": {}}}|\"job_id\" must"
                        + " be a string",
                "{\"type\": \"command\", \"payload\": {\"command_name\": \"job_queued\", \"params\": {\"job_id\":"
                        + " \"7\", \"num_files_received\": 1}}}|\"job_id\" is not a job id",
                "{\"type\": \"command\", \"payload\": {\"command_name\": \"server_status_response\", \"params\":"
                        + " {\"server_uptime\": \"x\", \"configured_max_workers\": 2147483648}}}|"
                        + "\"configured_max_workers\" = 2147483648 is beyond 2^31-1",
                "{\"type\": \"hello\", \"payload\": {}}|unknown message type \"hello\"",
                "{\"payload\": {}}|message has no \"type\"",
                "{\"type\": 5, \"payload\": {}}|message has no \"type\"",
                "{\"type\": \"error\"}|error has no \"payload\"",
                "{\"type\": \"error\", \"payload\": []}|error has no \"payload\"",
                "[]|must be one JSON object",
                "``|must be one JSON object",
                "{\"type\": \"error\", \"payload\": {\"message\": \"x\"}} x|not the JSON expected",
                "{\"type\": \"error\", \"payload\": {\"message\": \"x\"}}{}|must end after its JSON object",
                "{\"type\": \"error\", \"payload\": {\"message\": \"x\"}|not the JSON expected",
                "{'type': 'error'}|not the JSON expected",
                "GET / HTTP/1.1|not the JSON expected",
            })
    void aFaultIsNamed(String text, String fault) {
        assertThatThrownBy(() -> decode(text))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(fault);
    }

    @Test
    void missingOptionalFieldsHaveTheirDefaults() throws ProtocolException {
        assertThat(decode("{\"type\": \"command\", \"payload\": {\"command_name\": \"submit_recon_job\"}}"))
                .isEqualTo(new Request.SubmitJob(List.of(), "{}", false));
        assertThat(decode("{\"type\": \"ack_command\", \"payload\": {\"command\": \"x\"}}"))
                .isEqualTo(new EventAck("x", ""));
        assertThat(decode("{\"type\": \"ack_file_transfer_start\", \"payload\": {\"filename\": \"a\", \"status\":"
                        + " \"READY\", \"detail\": null}}"))
                .isEqualTo(new Transfer.StartAck("a", true, ""));
    }

    @Test
    void chunkDataMayHoldEscapes() throws ProtocolException {
        assertThat(
                        data(
                                "{\"type\": \"file_chunk\", \"payload\": {\"data\": \"AAE\\/P\\u006e5t\", \"filename\": \"a\"}}"))
                .isEqualTo(Base64.getDecoder().decode("AAE/Pn5t"));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 12_000})
    void twoFieldsOfOneNameAreRefused(int bytes) {
        String base64 = Base64.getEncoder().encodeToString(new byte[bytes]);
        String twins = "{\"type\": \"file_chunk\", \"payload\": {\"data\": \"" + base64
                + "\", \"filename\": \"a\", \"data\": \"\"}}";
        assertThatThrownBy(() -> decode(twins))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("Duplicate field 'data'");
    }

    @Test
    void longDataIsFoundInAnyOrderOfKeys() throws ProtocolException {
        byte[] bytes = new byte[10_000];
        new Random(7).nextBytes(bytes);
        String base64 = Base64.getEncoder().encodeToString(bytes);
        assertThat(data("{\"payload\":{\"data\":\"" + base64 + "\",\"filename\":\"a\"},\"type\":\"file_chunk\"}"))
                .isEqualTo(bytes);
        assertThat(data("{\"data\": \"x\", \"type\": \"file_chunk\", \"payload\": {\"filename\": \"a\", \"data\": \""
                        + base64.replace("/", "\\/") + "\"}}"))
                .isEqualTo(bytes);
        assertThatThrownBy(() -> decode(
                        "{\"payload\":{\"data\":\"" + base64 + "!\",\"filename\":\"a\"},\"type\":\"file_chunk\"}"))
                .hasMessageContaining("\"data\" is not base64");
    }

    @Test
    void chunksOfAnySizeComeBack() throws ProtocolException {
        for (int size : new int[] {1, 2, 3, 3584, 131_071, 131_072, 3 << 20}) {
            byte[] bytes = new byte[size];
            new Random(size).nextBytes(bytes);
            assertThat(data(encoded(new Transfer.Chunk("a", bytes, size)))).isEqualTo(bytes);
        }
    }

    @Test
    void depthAndLengthsAreLimited() {
        String deep = "[".repeat(40) + "]".repeat(40);
        String message = "{\"type\": \"error\", \"payload\": {\"message\": \"x\", \"y\": %s}}";
        assertRefused(message.formatted(deep));
        assertRefused("{\"type\": \"error\", \"y\": %s, \"payload\": {\"message\": \"x\"}}".formatted(deep));
        assertRefused("{\"type\": \"error\", \"payload\": {\"message\": \"%s\"}}".formatted("x".repeat((1 << 20) + 1)));
        assertRefused(message.formatted("9".repeat(101)));
        assertRefused("{\"type\": \"error\", \"payload\": {\"%s\": 1}}".formatted("x".repeat(60_000)));
        assertRefused("[".repeat(1_000_000));
    }

    @Test
    void hugeExponentsCostNothing() {
        assertRefused("{\"type\": \"file_transfer_start\", \"payload\": {\"filename\": \"a\", \"size\": 1e999999999}}");
    }

    private static void assertRefused(String text) {
        assertThatThrownBy(() -> decode(text)).isInstanceOf(ProtocolException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32BE", "UTF-32LE"})
    void otherEncodingsThanUtf8AreRefused(String charset) {
        byte[] bytes = "{\"type\": \"error\", \"payload\": {\"message\": \"x\"}}".getBytes(Charset.forName(charset));
        assertThatThrownBy(() -> MessageCodec.decode(bytes, bytes.length))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void aByteOrderMarkIsRefused() {
        assertRefused("\ufeff{\"type\": \"error\", \"payload\": {\"message\": \"x\"}}");
    }

    @Test
    void brokenUtf8IsRefused() {
        for (byte[] bad : new byte[][] {{(byte) 0xc3, '.'}, {(byte) 0xff}, {(byte) 0x80}}) {
            byte[] bytes = "{\"type\": \"error\", \"payload\": {\"message\": \"..\"}}".getBytes(StandardCharsets.UTF_8);
            System.arraycopy(bad, 0, bytes, bytes.length - 5, bad.length);
            assertThatThrownBy(() -> MessageCodec.decode(bytes, bytes.length)).isInstanceOf(ProtocolException.class);
        }
    }

    @Test
    void aLineForProgramsIsCompactJson() {
        String line = MessageCodec.line(fields -> {
            fields.text("a", "x\ny\u00e9");
            fields.number("n", 5);
            fields.decimal("d", 0.1);
            fields.decimal("none", Double.NaN);
            fields.flag("f", true);
            fields.texts("t", List.of("p", "q"));
            fields.objects("o", List.of(row -> row.text("k", "v")));
        });
        assertThat(line)
                .isEqualTo(
                        "{\"a\":\"x\\ny\\u00e9\",\"n\":5,\"d\":0.1,\"f\":true,\"t\":[\"p\",\"q\"],\"o\":[{\"k\":\"v\"}]}");
    }

    @Test
    void whatAPeerWroteCannotBreakALogLine() {
        for (String text : List.of(
                "{\"type\": \"a\\nb\\u001b[31m\"}",
                "{\"type\": \"a\\nb\", \"payload\": {}}",
                "{\"type\": \"ack_file_transfer_end\", \"payload\": {\"filename\": \"a\", \"status\": \"a\\nb\"}}",
                "{\"type\": \"ack_file_transfer_end\", \"payload\": {\"filename\": \"a\", \"status\": \""
                        + "x".repeat(100_000) + "\"}}",
                "{\"type\": \"" + "x".repeat(100_000) + "\"}")) {
            assertThatThrownBy(() -> decode(text)).satisfies(e -> {
                assertThat(e.getMessage()).hasSizeLessThan(500);
                assertThat(e.getMessage().chars()).noneMatch(Character::isISOControl);
            });
        }
    }
}
