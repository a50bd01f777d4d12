package recon.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import recon.common.crypto.FernetCipher;

/** The sessions of PROTOCOL.md are what the programs say to each other, but for ids and the directory of the files. */
@Timeout(120)
class RecordedSessionIT {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final Path DOCUMENT = Path.of("..", "recon-common", "PROTOCOL.md");
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /** {@code 3  C → S  01 0000001a} or {@code 3  C → S  000000b8  71 bytes}. */
    private static final Pattern HEADER =
            Pattern.compile(" *\\d+  (C → S|S → C)  (?:([0-9a-f]{8})  (\\d+) bytes|(0[012]) ([0-9a-f]{8}))( .*)?");

    @TempDir
    private Path directory;

    /** A frame as the document has it: what a reader could check with it in hand. */
    private record Written(String direction, int kind, int wireLength, int bodyLength, String body) {
        static Written of(RecordingProxy.Frame frame, String body) {
            int length = body.getBytes(StandardCharsets.UTF_8).length;
            boolean token = frame.kind() < 0;
            return new Written(
                    frame.direction(), frame.kind(), token ? FernetCipher.tokenBytes(length) : length, length, body);
        }

        Written with(String newBody) {
            return new Written(direction, kind, wireLength, bodyLength, newBody);
        }

        @Override
        public String toString() {
            return kind < 0
                    ? "%s  %08x  %d bytes%n    %s%n".formatted(direction, wireLength, bodyLength, body)
                    : "%s  %02x %08x%n    %s%n".formatted(direction, kind, wireLength, body);
        }
    }

    @ParameterizedTest
    @CsvSource({"fernet, 1", "auto, 2"})
    void theRecordedSessionIsTheDocumented(String transport, int version) throws Exception {
        Files.writeString(directory.resolve("a.txt"), "hello, spins\n");
        Files.createFile(directory.resolve("empty.dat"));
        List<Written> recorded = new ArrayList<>();
        try (Site site = new Site(directory)) {
            String script = "mkdir \"$3/series\"\ntr a-z A-Z < \"$1/a.txt\" > \"$3/series/a.txt\"\n";
            site.options(KEY, site.script("upper.sh", script));
            try (RecordingProxy proxy = new RecordingProxy(site.server().port(), KEY)) {
                Site.Run job = site.run(Site.java(
                        Site.CLIENT_JAR,
                        "--files",
                        "a.txt",
                        "empty.dat",
                        "--recon-options",
                        "{\"num_slices\": 128, \"label\": \"head\"}",
                        "--set",
                        "TRANSPORT=" + transport,
                        "--set",
                        "SERVER_PORT=" + proxy.port()));
                assertThat(job).returns(0, Site.Run::exitCode).returns("", Site.Run::err);
                for (RecordingProxy.Frame frame : proxy.recording()) {
                    recorded.add(Written.of(frame, asDocumented(frame)));
                }
            }
        }
        assertThat(withoutIds(recorded)).isEqualTo(withoutIds(documented(version)));
    }

    private String asDocumented(RecordingProxy.Frame frame) {
        String text = frame.text().replace(directory.toString(), "/scans/today");
        assertThat(text).doesNotContain(directory.getFileName().toString());
        return text;
    }

    /** The ids of a conversation, by the order in which they appear. */
    private static List<Written> withoutIds(List<Written> frames) {
        List<String> ids = new ArrayList<>();
        return frames.stream()
                .map(frame -> frame.with(UUID.matcher(frame.body()).replaceAll(id -> {
                    if (!ids.contains(id.group())) {
                        ids.add(id.group());
                    }
                    return "00000000-0000-0000-0000-%012d".formatted(ids.indexOf(id.group()));
                })))
                .toList();
    }

    private static List<Written> documented(int version) throws Exception {
        String[] parts = Files.readString(DOCUMENT).split("### A recorded session of version " + version + "\n", 2);
        String block = parts[1].split("```\n", 3)[1];
        List<Written> frames = new ArrayList<>();
        for (String line : block.lines().toList()) {
            Matcher header = HEADER.matcher(line);
            if (header.matches()) {
                boolean token = header.group(2) != null;
                int wireLength = Integer.parseInt(header.group(token ? 2 : 5), 16);
                frames.add(new Written(
                        header.group(1),
                        token ? -1 : Integer.parseInt(header.group(4)),
                        wireLength,
                        token ? Integer.parseInt(header.group(3)) : wireLength,
                        ""));
            } else if (line.startsWith("    ")) {
                Written last = frames.remove(frames.size() - 1);
                boolean data = last.kind() == 2;
                String more = data ? line.strip().replace("\\n", "\n") : line.strip();
                frames.add(last.with(last.body().isEmpty() ? more : last.body() + " " + more));
            }
        }
        return frames;
    }
}
