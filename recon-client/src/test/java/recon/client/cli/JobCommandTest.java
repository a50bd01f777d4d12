package recon.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.wire.Event;
import recon.common.wire.Message;
import recon.common.wire.Request;
import recon.common.wire.Transfer;

@Timeout(60)
class JobCommandTest {
    private static final byte[] CONTENT = "k-space".getBytes(StandardCharsets.UTF_8);
    private static final byte[] IMAGE = "image".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path directory;

    private Cli cli;
    private Path a;
    private Path b;

    @BeforeEach
    void writeInputs() throws IOException {
        cli = new Cli(directory);
        a = Files.write(directory.resolve("a.7"), CONTENT);
        b = Files.write(directory.resolve("b.dat"), new byte[300_000]);
    }

    private Cli.Run run(FakeServer.Behaviour behaviour, String... arguments) throws Exception {
        return run(List.of(behaviour), arguments);
    }

    private Cli.Run run(List<FakeServer.Behaviour> inTurn, String... arguments) throws Exception {
        try (FakeServer server = FakeServer.that(inTurn.toArray(FakeServer.Behaviour[]::new))) {
            Cli.Run run = cli.run(server, arguments);
            server.join();
            return run;
        }
    }

    private static void reconstruct(FakeServer.Peer client) throws IOException {
        client.accept();
        client.results(2);
        assertThat(client.push("1.dcm", IMAGE)).isEmpty();
        assertThat(client.push("more/2.dcm", IMAGE)).isEmpty();
        client.complete();
    }

    @Test
    void sendsTheFilesNamedAndSavesTheResults() throws Exception {
        AtomicReference<Request.SubmitJob> submission = new AtomicReference<>();
        List<byte[]> received = new ArrayList<>();
        Cli.Run run = run(
                client -> {
                    submission.set(client.submission());
                    received.add(client.pull(b.toString())); // in whatever order the server likes
                    received.add(client.pull(a.toString()));
                    client.queue(2);
                    client.results(1);
                    assertThat(client.push("1.dcm", IMAGE)).isEmpty();
                    client.complete();
                },
                "--files",
                a.toString(),
                b.toString(),
                "--recon-options",
                "{\"num_slices\": 128}");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.outLines())
                .containsExactly(
                        "sending 2 files, 300.0 kB",
                        "queued as job " + FakeServer.JOB,
                        "receiving 1 result",
                        "job " + FakeServer.JOB + " is complete: 1 file in " + cli.downloads());
        assertThat(submission.get().submissionId()).isPresent();
        assertThat(submission.get())
                .isEqualTo(new Request.SubmitJob(
                        List.of(
                                new Request.SubmitJob.OfferedFile("a.7", a.toString(), OptionalLong.of(7)),
                                new Request.SubmitJob.OfferedFile("b.dat", b.toString(), OptionalLong.of(300_000))),
                        "{\"num_slices\":128}",
                        true,
                        submission.get().submissionId(),
                        "normal"));
        assertThat(received).containsExactly(new byte[300_000], CONTENT);
        assertThat(cli.downloads().resolve("1.dcm")).hasBinaryContent(IMAGE);
    }

    @Test
    void sendsTheFilesOfADirectory() throws Exception {
        Cli.Run run = run(
                client -> {
                    assertThat(client.submission().files())
                            .extracting(Request.SubmitJob.OfferedFile::name)
                            .containsExactly("b.dat");
                    client.pull(b.toString());
                    client.queue(1);
                    client.complete();
                },
                "--directory",
                directory.toString(),
                "--pattern",
                "*.dat");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).endsWith("is complete; the script left no files\n");
    }

    @Test
    void sendsAFileWhoseNameBeginsWithAt() throws Exception {
        Path at = Path.of("@" + directory.getFileName() + ".7"); // relative: only then does the argument begin with @
        Files.writeString(at, "--server-status");
        try {
            Cli.Run run = run(
                    client -> {
                        assertThat(client.submission().files())
                                .extracting(Request.SubmitJob.OfferedFile::name)
                                .containsExactly(at.toString());
                        client.pull(at.toAbsolutePath().toString());
                        client.queue(1);
                        client.complete();
                    },
                    "--files",
                    at.toString());
            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
        } finally {
            Files.delete(at);
        }
    }

    @Test
    void sendsTheDefaultFile() throws Exception {
        Cli.Run run = run(
                client -> {
                    client.accept();
                    client.complete();
                },
                "--set",
                "CLIENT_DEFAULT_PFILE_PATH=" + a,
                "--quiet");
        assertThat(run).isEqualTo(new Cli.Run(0, "", ""));
    }

    @Test
    void savesWhereItIsTold() throws Exception {
        Path elsewhere = directory.resolve("elsewhere");
        Cli.Run run =
                run(JobCommandTest::reconstruct, "--files", a.toString(), "--quiet", "--output", elsewhere.toString());
        assertThat(run).isEqualTo(new Cli.Run(0, "", ""));
        assertThat(elsewhere.resolve("more/2.dcm")).hasBinaryContent(IMAGE);
    }

    @Test
    void saysThatNamesWereTaken() throws Exception {
        Files.createDirectory(cli.downloads());
        Files.writeString(cli.downloads().resolve("1.dcm"), "another image");
        Cli.Run run = run(JobCommandTest::reconstruct, "--files", a.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.outLines())
                .endsWith(
                        "job " + FakeServer.JOB + " is complete: 2 files in " + cli.downloads() + " (2 folders)",
                        "1 of them is in " + cli.downloads().resolve("job_" + FakeServer.JOB)
                                + ", because a different file of the same name was there already");
        assertThat(cli.downloads().resolve("1.dcm")).hasContent("another image");
    }

    @Test
    void printsJsonWithStableKeys() throws Exception {
        Files.createDirectory(cli.downloads());
        Files.writeString(cli.downloads().resolve("1.dcm"), "another image");
        Cli.Run run = run(JobCommandTest::reconstruct, "--files", a.toString(), "--json");
        Path elsewhere = cli.downloads().resolve("job_" + FakeServer.JOB + "/1.dcm");
        Path second = cli.downloads().resolve("more/2.dcm");
        assertThat(run.exitCode()).isZero();
        assertThat(run.outLines())
                .containsExactly(
                        "{\"event\":\"sending\",\"files\":1,\"bytes\":7}",
                        "{\"event\":\"queued\",\"job_id\":\"" + FakeServer.JOB + "\"}",
                        "{\"event\":\"receiving\",\"files\":2}",
                        "{\"event\":\"saved\",\"path\":\"" + elsewhere + "\",\"name_was_taken\":true}",
                        "{\"event\":\"saved\",\"path\":\"" + second + "\",\"name_was_taken\":false}",
                        "{\"event\":\"complete\",\"job_id\":\"" + FakeServer.JOB + "\",\"files\":[\"" + elsewhere
                                + "\",\"" + second + "\"]}");
    }

    @Test
    void printsFailuresAsJsonToo() throws Exception {
        Cli.Run failed = run(
                client -> {
                    client.accept();
                    client.channel.announce(new Event.JobFailed(FakeServer.JOB, "a.7", "exit code 3\nno \"coil\""));
                },
                "--files",
                a.toString(),
                "--json");
        assertThat(failed.exitCode()).isEqualTo(1);
        JsonNode last = new ObjectMapper().readTree(failed.outLines().get(2));
        assertThat(last.get("event").textValue()).isEqualTo("failed");
        assertThat(last.get("job_id").textValue()).isEqualTo(FakeServer.JOB.toString());
        assertThat(last.get("status").textValue()).isEqualTo("failed");
        assertThat(last.get("error").textValue()).isEqualTo("exit code 3\nno \"coil\"");

        Cli.Run lost =
                run(List.of(FakeServer.Peer::accept, FakeServer.Peer::cannotFetch), "--files", a.toString(), "--json");
        assertThat(lost.exitCode()).isEqualTo(5);
        assertThat(lost.outLines().get(4)).startsWith("{\"event\":\"error\",\"kind\":\"lost\",\"error\":\"");

        Cli.Run usage = cli.run("--files", directory.resolve("none").toString(), "--json");
        assertThat(usage.exitCode()).isEqualTo(2);
        assertThat(usage.out()).startsWith("{\"event\":\"error\",\"kind\":\"usage\",\"error\":\"");
    }

    @Test
    void printsWhatHappensWhenVerbose() throws Exception {
        Cli.Run run = run(JobCommandTest::reconstruct, "--files", a.toString(), "--verbose");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err().lines().map(line -> line.replaceAll(":\\d+$", ":PORT")))
                .containsExactly(
                        "recon-client: connected to /127.0.0.1:PORT",
                        "recon-client: sent command submit_recon_job over fernet",
                        "recon-client: received request_file",
                        "recon-client: sent " + a + ", 7 bytes",
                        "recon-client: received event job_queued",
                        "recon-client: received event dicom_transfer_start",
                        "recon-client: saved " + cli.downloads().resolve("1.dcm"),
                        "recon-client: saved " + cli.downloads().resolve("more/2.dcm"),
                        "recon-client: received event recon_complete");
    }

    /** Runs a job whose file something happens to between its first byte and its last. */
    private Cli.Run runWhile(FakeServer.Behaviour midway) throws Exception {
        return run(
                client -> {
                    client.submission();
                    Transfer.Start start = (Transfer.Start) client.ask(b.toString());
                    midway.serve(client);
                    client.channel.send(new Transfer.StartAck(start.filename(), true, ""));
                    Message message = client.channel.receive().orElseThrow();
                    while (message instanceof Transfer.Chunk) {
                        message = client.channel.receive().orElseThrow();
                    }
                    assertThat(message)
                            .isInstanceOfSatisfying(
                                    Transfer.RefuseFile.class,
                                    refusal -> assertThat(refusal.filepath()).isEqualTo(b.toString()));
                    assertThat(client.channel.receive()).isEmpty();
                },
                "--files",
                b.toString());
    }

    @Test
    void failsIfAFileChangesWhileItIsSent() throws Exception {
        Cli.Run run = runWhile(client -> {
            try (RandomAccessFile file = new RandomAccessFile(b.toFile(), "rw")) {
                file.seek(file.length());
                file.write(1);
            }
        });
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo(
                        "recon-client: " + b + " changed while it was being sent; send it again once it is complete\n");
    }

    @Test
    void failsIfAFileShrinksWhileItIsSent() throws Exception {
        Cli.Run run = runWhile(client -> {
            try (RandomAccessFile file = new RandomAccessFile(b.toFile(), "rw")) {
                file.setLength(1000);
            }
        });
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(b + " became shorter than 300000 bytes while it was being sent");
    }

    @Test
    void failsIfAFileVanishesWhileItIsSent() throws Exception {
        Cli.Run run = runWhile(client -> Files.delete(b));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(b + " vanished while it was being sent");
    }

    @Test
    void failsIfAFileVanishesBeforeItIsAskedFor() throws Exception {
        Cli.Run run = run(
                client -> {
                    client.submission();
                    client.pull(a.toString());
                    Files.delete(b);
                    assertThat(client.ask(b.toString()))
                            .isEqualTo(new Transfer.RefuseFile(
                                    b.toString(), b + " cannot be read: there is no such file"));
                },
                "--files",
                a.toString(),
                b.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("recon-client: " + b + " cannot be read: there is no such file\n");
    }

    @Test
    void saysThatAFileVanishedEvenIfTheServerHasGoneToo() throws Exception {
        try (FakeServer server = FakeServer.that(client -> {
            client.submission();
            client.pull(a.toString());
            Files.delete(b);
            client.channel.send(new Transfer.RequestFile(b.toString()));
            client.socket.setSoLinger(true, 0);
            client.socket.close();
        })) {
            Cli.Run run = cli.run(server, "--files", a.toString(), b.toString()); // tries again if the reset is faster
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains(b.toString());
        }
    }

    @Test
    void doesNotSendWhatItCannotSave() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        Cli.Run run = cli.run("--files", a.toString(), "--output", file.toString(), "--server=127.0.0.1:1");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("recon-client: results cannot be saved in " + file + ": it is no directory\n");
    }

    @Test
    void doesNotSendMoreFilesThanAJobMayHave() {
        Cli.Run run = cli.run("--files", a.toString(), b.toString(), "--set", "MAX_JOB_FILES=1");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("2 files are more than one job may have (MAX_JOB_FILES = 1)");
    }
}
