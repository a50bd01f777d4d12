package recon.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import recon.client.FreePort;
import recon.common.job.JobId;
import recon.common.wire.Event;
import recon.common.wire.EventAck;
import recon.common.wire.Refusal;
import recon.common.wire.Transfer;

/** What the person at the console is told when the server is not as it should be. */
@Timeout(60)
class ServerFaultsTest {
    private static final byte[] CONTENT = "k-space".getBytes(StandardCharsets.UTF_8);
    private static final JobId OTHER_JOB = JobId.parse("99999999-2222-3333-4444-555555555555");

    @TempDir
    private Path directory;

    private Cli cli;
    private Path input;

    @BeforeEach
    void writeInput() throws IOException {
        cli = new Cli(directory);
        input = Files.write(directory.resolve("a.7"), CONTENT);
    }

    private Cli.Run submit(FakeServer.Behaviour... inTurn) throws Exception {
        try (FakeServer server = FakeServer.that(inTurn)) {
            Cli.Run run = cli.run(server, "--files", input.toString());
            server.join();
            return run;
        }
    }

    private List<Path> saved() throws IOException {
        if (!Files.exists(cli.downloads())) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(cli.downloads(), FileVisitOption.FOLLOW_LINKS)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void getsNoFileThatWasNotOffered() throws Exception {
        Cli.Run run = submit(client -> {
            client.submission();
            client.channel.send(new Transfer.RequestFile("/etc/passwd"));
            assertThat(client.channel.receive()).isEmpty();
        });
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err())
                .contains("the server broke the protocol: the server asked for /etc/passwd, which was not offered");
    }

    @Test
    void getsNoFileTwice() throws Exception {
        Cli.Run run = submit(client -> {
            client.submission();
            client.pull(input.toString());
            client.channel.send(new Transfer.RequestFile(input.toString()));
            assertThat(client.channel.receive()).isEmpty();
        });
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("asked for " + input + ", which was not offered or was sent already");
    }

    @Test
    void mayNotQueueAJobWhoseFilesItDidNotTake() throws Exception {
        Cli.Run run = submit(client -> {
            client.submission();
            client.channel.send(new Event.JobQueued(FakeServer.JOB, 1));
            client.awaitClose();
        });
        assertThat(run.exitCode()).isEqualTo(5);
        assertThat(run.err()).contains("queued the job without having asked for [" + input + "]");
    }

    @Test
    void isTakenForOneWithAnotherKeyIfItClosesAtOnce() throws Exception {
        Cli.Run run = submit(client -> client.socket.close());
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err()).contains("closed the connection without an answer; most likely its SHARED_KEY");
    }

    @Test
    void isTakenForOneWithAnotherKeyIfItClosesAfterTheCommand() throws Exception {
        Cli.Run run = submit(client -> client.submission());
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err()).contains("MESSAGE_MAX_AGE_SECONDS").contains("too many connections");
    }

    static Stream<FakeServer.Behaviour> closesWhenTheJobIsAccepted() {
        return Stream.of(
                client -> client.accept(),
                client -> {
                    client.accept();
                    client.channel.send(new Event.DicomTransferStart(FakeServer.JOB, 1));
                },
                client -> {
                    client.accept();
                    client.results(1);
                },
                client -> {
                    client.accept();
                    client.results(2);
                    client.push("one.dcm", CONTENT);
                    client.channel.send(new Transfer.Start("two.dcm", 100));
                },
                client -> {
                    client.accept();
                    client.results(1);
                    client.push("one.dcm", CONTENT);
                });
    }

    @ParameterizedTest
    @MethodSource("closesWhenTheJobIsAccepted")
    void closesOnceTheJobIsAcceptedAndCannotTakeItUpAgain(FakeServer.Behaviour behaviour) throws Exception {
        Cli.Run run = submit(behaviour, FakeServer.Peer::cannotFetch);
        assertThat(run.exitCode()).isEqualTo(5);
        assertThat(run.err())
                .isEqualTo("recon-client: the server refused to go on after job " + FakeServer.JOB
                        + " was accepted: Unknown command: fetch_job; the job may go on, and its results stay with the"
                        + " server then: java -jar recon-client.jar --fetch " + FakeServer.JOB + "\n");
        assertThat(saved()).allMatch(file -> file.endsWith("one.dcm"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "/etc/x", "a/../../b", "nul\0.dcm", "..", "", "a//b", "c:\\x"})
    void cannotChooseABadNameForAResult(String name) throws Exception {
        Cli.Run run = submit(client -> {
            client.accept();
            client.results(1);
            assertThat(client.push(name, CONTENT)).contains("not a bare file name");
            client.awaitClose();
        });
        assertThat(run.exitCode()).isEqualTo(5);
        assertThat(run.err())
                .contains("the server sent something unusable after job " + FakeServer.JOB + " was accepted")
                .contains("the peer chose a bad name: not a bare file name");
        assertThat(saved()).isEmpty();
        assertThat(directory.resolve("x")).doesNotExist();
    }

    @Test
    void cannotChooseAnEndlessName() throws Exception {
        Cli.Run run = submit(client -> {
            client.accept();
            client.results(1);
            client.push("x".repeat(300), CONTENT);
            client.awaitClose();
        });
        assertThat(run.exitCode()).isEqualTo(5);
        assertThat(run.err()).contains("file name of 300 bytes is longer than 255");
    }

    @Test
    void cannotFollowALinkOutOfTheDownloadFolder() throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.createDirectory(cli.downloads());
        Files.createSymbolicLink(cli.downloads().resolve("series"), outside);
        Cli.Run run = submit(client -> {
            client.accept();
            client.results(1);
            assertThat(client.push("series/new/1.dcm", CONTENT)).contains("leads out of the download folder");
            client.awaitClose();
        });
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("leads out of the download folder");
        assertThat(outside).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(longs = {6, 8})
    void cannotSendAResultOfAnotherSize(long announced) throws Exception {
        Cli.Run run = submit(client -> {
            client.accept();
            client.results(1);
            assertThat(client.push("one.dcm", CONTENT, announced)).contains("one.dcm");
            client.awaitClose();
        });
        assertThat(run.exitCode()).isIn(1, 5);
        assertThat(run.err()).contains("one.dcm");
        assertThat(saved()).isEmpty();
    }

    @Test
    void isToldThatAResultCannotBeKeptAndSoIsThePerson() throws Exception {
        Cli.Run run = submit(client -> {
            client.accept();
            client.results(1);
            assertThat(client.push("one.dcm", CONTENT, 8)).isEqualTo("one.dcm ended at 7 of 8 bytes");
            client.awaitClose();
        });
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("recon-client: the results of job " + FakeServer.JOB + " cannot be saved in "
                        + cli.downloads() + ": one.dcm could not be kept: one.dcm ended at 7 of 8 bytes;"
                        + " they are kept on the server\n");
    }

    @Test
    void saysThatItCannotSendAResult() throws Exception {
        Cli.Run run = submit(client -> {
            client.accept();
            client.results(1);
            client.channel.send(new Transfer.RefuseFile("one.dcm", "changed while it was being sent"));
            client.awaitClose();
        });
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("the server cannot send a result: one.dcm: changed while it was being sent");
    }

    static Stream<Event> eventsOfAnotherJob() {
        return Stream.of(
                new Event.DicomTransferStart(OTHER_JOB, 1),
                new Event.ReconComplete(OTHER_JOB, "a.7"),
                new Event.JobFailed(OTHER_JOB, "a.7", "out of memory"));
    }

    @ParameterizedTest
    @MethodSource("eventsOfAnotherJob")
    void cannotGiveUsAnotherJobsEnd(Event event) throws Exception {
        Cli.Run run = submit(client -> {
            client.accept();
            client.channel.send(event);
            client.awaitClose();
        });
        assertThat(run.exitCode()).isEqualTo(5);
        assertThat(run.err()).contains("an event of job " + OTHER_JOB + ", which is not ours");
    }

    @Test
    void mayTellNewsThatWeDoNotKnow() throws Exception {
        Cli.Run run = submit(client -> {
            client.accept();
            client.channel.announce(new Event.ReconStatus(FakeServer.JOB, "warming up", "a.7"));
            client.complete();
        });
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).endsWith("job " + FakeServer.JOB + " is complete; the script left no files\n");
    }

    @Test
    void saysInSeveralLinesWhyTheJobFailed() throws Exception {
        Cli.Run run = submit(client -> {
            client.accept();
            client.channel.announce(new Event.JobFailed(
                    FakeServer.JOB, "a.7", "the script ended with exit code 3\nno coil\u001b[2J\r\nbye"));
        });
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("recon-client: job " + FakeServer.JOB
                        + " failed: the script ended with exit code 3\nno coil?[2J\nbye\n");
    }

    @Test
    void hasAnotherKeyAndAnswersAllTheSame() throws Exception {
        try (FakeServer server =
                FakeServer.withKey(FakeServer.OTHER_KEY, client -> client.channel.send(new Refusal("go away")))) {
            Cli.Run run = cli.run(server, "--server-status");
            server.join();
            assertThat(run.exitCode()).isEqualTo(4);
            assertThat(run.err()).contains("the server's answer cannot be opened: its SHARED_KEY is another one");
        }
    }

    @Test
    void doesNotTrustThisAddress() throws Exception {
        Cli.Run run = submit(client -> {
            client.channel.send(new Refusal(Refusal.UNTRUSTED_ADDRESS));
            client.channel.finish();
        });
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err()).contains("the server refused: Untrusted IP.").contains("TRUSTED_IPS");
    }

    @Test
    void refusesTheSubmission() throws Exception {
        Cli.Run run = submit(client -> {
            client.submission();
            client.channel.send(new Event.EventError("Job submission: the queue is full"));
            client.awaitClose();
        });
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err()).contains("the server refused: Job submission: the queue is full");
    }

    @Test
    void hasNoSpaceForTheUpload() throws Exception {
        Cli.Run run = submit(client -> {
            client.submission();
            client.ask(input.toString());
            client.channel.send(new Transfer.StartAck("a.7", false, "No space left on device"));
            client.awaitClose();
        });
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err()).contains("did not take the upload").contains("a.7: No space left on device");
    }

    @Test
    void isSilent() throws Exception {
        try (FakeServer server = FakeServer.that(FakeServer.Peer::awaitClose)) {
            Cli.Run run = cli.run(server, "--server-status", "--set", "IDLE_TIMEOUT_SECONDS=1");
            assertThat(run.exitCode()).isEqualTo(3);
            assertThat(run.err()).contains("the server does not answer: nothing received for 1 s");
        }
    }

    @Test
    void isNoReconServer() throws Exception {
        try (FakeServer server = FakeServer.that(client -> {
            OutputStream out = client.socket.getOutputStream();
            out.write("SSH-2.0-OpenSSH_9.2p1\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            client.channel.finish();
        })) {
            Cli.Run run = cli.run(server, "--server-status");
            assertThat(run.exitCode()).isEqualTo(3);
            assertThat(run.err()).contains("what answers there is no recon server: frame length");
        }
    }

    @Test
    void answersSomethingElse() throws Exception {
        try (FakeServer server = FakeServer.that(client -> {
            client.channel.receive();
            client.channel.send(new EventAck("x", "y"));
            client.awaitClose();
        })) {
            Cli.Run run = cli.run(server, "--server-status", "--verbose");
            assertThat(run.exitCode()).isEqualTo(3);
            assertThat(run.err())
                    .contains("recon-client: connected to /127.0.0.1:" + server.port())
                    .contains("expected the answer to get_server_status, got ack_command")
                    .contains("at recon.client.ReconClient");
        }
    }

    @Test
    void isNotThere() throws Exception {
        int port = FreePort.find();
        Cli.Run run = cli.run("--server-status", "--server=127.0.0.1:" + port);
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err())
                .contains("cannot connect to 127.0.0.1 port " + port + ": Connection refused; is the server running");
    }

    @Test
    void hasANameThatNobodyKnows() {
        Cli.Run run = cli.run("--server-status", "--server=no-such-host.invalid");
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("no-such-host.invalid port 60000: the host name is not known");
    }
}
