package recon.server.mrd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.wire.MrdInput;
import recon.mrd.wire.MrdMessage;
import recon.mrd.wire.MrdOutput;
import recon.server.testing.ServerProcess;

/** Executables of a site as modules: well-behaved ones and all others. */
@Timeout(60)
class SiteModulesIT {
    private static final MrdMessage HEADER = new MrdMessage.Header("none");
    private static final MrdMessage CLOSE = new MrdMessage.Close();
    private static final String HANGS = " took no data and sent nothing for 2 s (MRD_MODULE_TIMEOUT_SECONDS)";

    @TempDir
    private Path directory;

    private Path modules;
    private MrdService service;
    private byte[] sent;
    private byte[] answer;

    @BeforeEach
    void start() throws IOException {
        modules = Files.createDirectory(directory.resolve("modules"));
        sent = MrdService.recorded("simplefft_py_clean.c2s.bin");
        answer = MrdService.recorded("simplefft_py_clean.s2c.bin");
        Files.write(modules.resolve("answer.bin"), answer);
        service = MrdService.start(directory, Optional.of(modules));
    }

    @AfterEach
    void stop() throws IOException {
        service.close();
    }

    private void module(String name, String script) throws IOException {
        Files.writeString(modules.resolve(name), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(modules.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The recorded stream, but asking for this module. */
    private byte[] sentTo(String name) throws IOException {
        byte[] bytes = sent.clone();
        byte[] config = bytes(new MrdMessage.ConfigFile(name));
        System.arraycopy(config, 0, bytes, 0, config.length);
        return bytes;
    }

    private static byte[] bytes(MrdMessage... messages) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        MrdOutput out = new MrdOutput(bytes);
        for (MrdMessage message : messages) {
            out.write(message);
        }
        out.flush();
        return bytes.toByteArray();
    }

    private List<MrdMessage> recordedAnswer() throws IOException {
        MrdInput in = new MrdInput(new ByteArrayInputStream(answer), MrdService.LIMIT);
        return List.of(in.read().orElseThrow(), in.read().orElseThrow());
    }

    private List<Path> logs() throws IOException {
        try (var files = Files.list(directory.resolve("logs"))) {
            return files.toList();
        }
    }

    @Test
    void aProgramGetsEveryByteAndItsAnswerIsTheClients() throws Exception {
        module("site", "cat >$RECON_MRD_CONFIG.in; cat answer.bin");
        byte[] asked = sentTo("site");
        assertThat(service.answerTo(asked)).isEqualTo(recordedAnswer());
        assertThat(Files.readAllBytes(modules.resolve("site.in"))).isEqualTo(asked);
        assertThat(logs()).isEmpty(); // it had nothing to say
    }

    @Test
    void whatItSendsArrivesAtOnceWhileMoreMayCome() throws Exception {
        module("site", "head -c 3000 >/dev/null; cat answer.bin; cat >/dev/null");
        byte[] asked = sentTo("site");
        try (Socket client = service.connect()) {
            client.getOutputStream().write(asked, 0, asked.length - 2); // all but the close
            MrdInput in = new MrdInput(client.getInputStream(), MrdService.LIMIT);
            assertThat(in.read()).isEqualTo(recordedAnswer().stream().findFirst());
            assertThat(in.read()).contains(CLOSE);
            client.getOutputStream().write(asked, asked.length - 2, 2);
            assertThat(in.read()).isEmpty();
        }
    }

    @Test
    void aSiteMayReplaceAModuleAndAnswerWithTexts() throws Exception {
        Files.write(modules.resolve("text.bin"), bytes(HEADER, new MrdMessage.Text("found nothing"), CLOSE));
        module("null", "cat >/dev/null; cat text.bin; echo a trace >&2");
        assertThat(service.answerTo(bytes(new MrdMessage.ConfigFile("null"), HEADER, CLOSE)))
                .containsExactly(new MrdMessage.Text("found nothing"), CLOSE);
        assertThat(logs()).hasSize(1).allSatisfy(log -> assertThat(log).hasContent("a trace"));
    }

    @Test
    void whateverAProgramDoesCostsItsSessionOnly() throws Exception {
        Map<String, String> expected = new LinkedHashMap<>();
        module("exits", "echo no table >&2; echo for coil 3 >&2; exit 3");
        expected.put("exits", " exited with code 3; its last words: no table | for coil 3");
        module("dies", "kill -9 $$");
        expected.put("dies", " was killed by signal 9 (SIGKILL)");
        module("fails-late", "cat >/dev/null; cat answer.bin; exit 4");
        module("says-nothing", "cat >/dev/null");
        expected.put("says-nothing", " ended its output without a close message");
        module("garbage", "yes");
        expected.put(
                "garbage",
                " answered what is no MRD: message id 2681 at byte 0 is not known; 1 to 5, 1008, 1022"
                        + " and 1026 are");
        module("half", "cat >/dev/null; head -c 100 answer.bin");
        expected.put(
                "half",
                " answered what is no MRD: the stream ends at byte 100, within a message IMAGE that began at"
                        + " byte 0");
        module("too-long", "printf '\\005\\000\\377\\377\\377\\177'; sleep 100");
        expected.put(
                "too-long",
                " answered what is no MRD: a message TEXT at byte 0 has 2147483647 bytes, more than the"
                        + " 1048576 allowed (MRD_MAX_MESSAGE_BYTES)");
        module("no-interpreter", "");
        Files.writeString(modules.resolve("no-interpreter"), "#!/no/such\n");
        module("not-executable", "");
        Files.setPosixFilePermissions(modules.resolve("not-executable"), PosixFilePermissions.fromString("rw-r--r--"));
        module("anybodys", "touch ran");
        Files.setPosixFilePermissions(modules.resolve("anybodys"), PosixFilePermissions.fromString("rwxrwxrwx"));

        Map<String, String> errors = errorsOfAll();
        assertThat(errors).hasSize(10);
        expected.forEach((name, error) -> assertThat(errors.remove(name)).isEqualTo("ERROR   module " + name + error));
        assertThat(errors.remove("fails-late")).isEqualTo("ERROR   module fails-late exited with code 4");
        assertThat(errors.remove("no-interpreter")).contains("exited with code 12", "/no-interpreter");
        assertThat(errors.remove("not-executable")).contains("is not executable; run: chmod +x ");
        assertThat(errors.remove("anybodys")).contains("can be written to by other users (rwxrwxrwx)");
        assertThat(errors).isEmpty();
        assertThat(modules.resolve("ran")).doesNotExist();
    }

    @Test
    void aProgramThatHangsIsEndedAndCostsItsSessionOnly() throws Exception {
        service.close();
        service = MrdService.start(directory, Optional.of(modules), MrdService.SHORT);
        module("silent", "cat >/dev/null; sleep 100");
        module("takes-nothing", "sleep 100");
        module("closes-stdin", "exec 0<&-; sleep 100");
        module("ignores", "trap '' TERM; while :; do sleep 0.1; done");
        module("chatters", "yes coil >&2");
        Map<String, String> errors = errorsOfAll();
        for (String name : List.of("silent", "takes-nothing", "closes-stdin", "ignores")) {
            assertThat(errors.remove(name)).isEqualTo("ERROR   module " + name + HANGS);
        }
        assertThat(errors.remove("chatters"))
                .startsWith("ERROR   module chatters" + HANGS + "; its last words: coil | coil | ")
                .hasSizeLessThan(9000);
        assertThat(errors).isEmpty();
        for (Path log : logs()) {
            assertThat(Files.size(log)).isLessThan(5000);
        }
    }

    /** What the client of each module is told, all at once. */
    private Map<String, String> errorsOfAll() throws Exception {
        Map<String, CompletableFuture<List<MrdMessage>>> answers = new LinkedHashMap<>();
        try (var files = Files.list(modules)) {
            for (Path file :
                    files.filter(path -> !path.toString().endsWith(".bin")).toList()) {
                String name = file.getFileName().toString();
                answers.put(name, answering(sentTo(name)));
            }
        }
        Map<String, String> errors = new LinkedHashMap<>();
        for (Map.Entry<String, CompletableFuture<List<MrdMessage>>> each : answers.entrySet()) {
            List<MrdMessage> messages = new ArrayList<>(each.getValue().get());
            if (each.getKey().equals("fails-late")) {
                assertThat(messages.remove(0)).isEqualTo(recordedAnswer().get(0));
            }
            assertThat(messages).as(each.getKey()).hasSize(2).endsWith(CLOSE);
            errors.put(each.getKey(), ((MrdMessage.Text) messages.get(0)).text());
        }
        return errors;
    }

    private CompletableFuture<List<MrdMessage>> answering(byte[] bytes) {
        CompletableFuture<List<MrdMessage>> answers = new CompletableFuture<>();
        new Thread(() -> {
                    try {
                        answers.complete(service.answerTo(bytes));
                    } catch (IOException | RuntimeException | Error e) {
                        answers.completeExceptionally(e);
                    }
                })
                .start();
        return answers;
    }

    @Test
    void whatAProgramLeavesBehindEndsWithIt() throws Exception {
        module("leaves", "sleep 300 & echo $! >child; cat >/dev/null; exit 5"); // the child holds the output open
        assertThat(service.answerTo(sentTo("leaves")))
                .containsExactly(new MrdMessage.Text("ERROR   module leaves exited with code 5"), CLOSE);
        assertThat(ServerProcess.isRunning(pid("child"))).isFalse();
    }

    @Test
    void whatTheServersFormerRunHasLeftIsEnded() throws Exception {
        List<Process> running = new ArrayList<>();
        for (String session : List.of("of-the-former-run", "of-another-server")) {
            ProcessBuilder builder = new ProcessBuilder("sleep", "300");
            builder.environment().put("RECON_MRD_SESSION", session);
            running.add(builder.start());
        }
        try {
            Files.createFile(directory.resolve("logs").resolve("mrd_of-the-former-run.log"));
            service.endLeftOvers();
            assertThat(running.get(0).waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(running.get(1).isAlive()).isTrue();
        } finally {
            running.forEach(Process::destroyForcibly);
        }
    }

    private long pid(String file) throws IOException {
        return Long.parseLong(Files.readString(modules.resolve(file)).strip());
    }

    @Test
    void aProgramEndsWithItsClientAndWithTheServer() throws Exception {
        Files.write(modules.resolve("begun.bin"), bytes(new MrdMessage.Text("begun")));
        module("waits", "echo $$ >$$.pid; cat begun.bin; cat >/dev/null; sleep 300");
        byte[] asked = sentTo("waits");
        try (Socket cut = service.connect();
                Socket stopped = service.connect()) {
            for (Socket client : List.of(cut, stopped)) {
                client.getOutputStream().write(asked, 0, asked.length - 2);
                assertThat(new MrdInput(client.getInputStream(), MrdService.LIMIT).read())
                        .contains(new MrdMessage.Text("begun"));
            }
            cut.getOutputStream().write(1); // half of an id
            cut.shutdownOutput();
            assertThat(MrdService.allOf(cut))
                    .first()
                    .isEqualTo(new MrdMessage.Text("ERROR   the stream ends at byte " + (asked.length - 1)
                            + ", within the id of a message that began at byte " + (asked.length - 2)));
            service.stopServer();
        }
        assertThat(logs()).isEmpty();
        try (var files = Files.newDirectoryStream(modules, "*.pid")) {
            for (Path file : files) {
                assertThat(ServerProcess.isRunning(pid(file.getFileName().toString())))
                        .isFalse();
            }
        }
    }

    @Test
    void aNameFromTheWireIsNeverAPath() throws Exception {
        Files.createDirectory(modules.resolve("sub"));
        module("sub/inner", "touch ran; cat answer.bin");
        module(".hidden", "touch ran; cat answer.bin");
        Files.copy(modules.resolve("sub/inner"), directory.resolve("outside"));
        Files.setPosixFilePermissions(directory.resolve("outside"), PosixFilePermissions.fromString("rwx------"));
        List<String> names = List.of(
                "../outside",
                directory.resolve("outside").toString(),
                "/bin/sh",
                "sub/inner",
                "sub",
                "sub\\inner",
                ".hidden",
                "",
                ".",
                "..",
                " ",
                "x".repeat(256),
                "x".repeat(1023),
                "line\nbreak",
                "\u001b[31m");
        for (String name : names) {
            assertThat(service.answerTo(bytes(new MrdMessage.ConfigFile(name), HEADER, CLOSE)))
                    .as(name)
                    .endsWith(CLOSE) // of the default
                    .allMatch(message -> message.equals(CLOSE) || isOfDefault(message));
        }
        for (String json : List.of("sub/inner", "../outside", "sub\\u002finner", "outside\\u0000")) {
            MrdMessage more = new MrdMessage.Text("{\"parameters\": {\"customconfig\": \"" + json + "\"}}");
            assertThat(service.answerTo(bytes(new MrdMessage.ConfigFile("null"), HEADER, more, CLOSE)))
                    .as(json)
                    .endsWith(CLOSE)
                    .allMatch(message -> message.equals(CLOSE) || isOfDefault(message));
        }
        assertThat(modules.resolve("ran")).doesNotExist();
        assertThat(modules.resolve("sub/ran")).doesNotExist();
        assertThat(directory.resolve("ran")).doesNotExist();
    }

    @Test
    void aDirectoryThatOthersCanWriteToIsRefused() throws Exception {
        Files.setPosixFilePermissions(modules, PosixFilePermissions.fromString("rwxrwxr-x"));
        assertThatThrownBy(() -> MrdService.start(directory, Optional.of(modules)))
                .hasMessageContaining(modules + " (MRD_MODULES_DIR) can be written to by other users (rwxrwxr-x)");
        Files.setPosixFilePermissions(modules, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThatThrownBy(() -> MrdService.start(directory, Optional.of(directory.resolve("none"))))
                .hasMessage(directory.resolve("none") + " (MRD_MODULES_DIR) does not exist");
    }

    private static boolean isOfDefault(MrdMessage message) {
        return message instanceof MrdMessage.Text text
                && text.text().endsWith("; null takes its place (MRD_DEFAULT_CONFIG)");
    }
}
