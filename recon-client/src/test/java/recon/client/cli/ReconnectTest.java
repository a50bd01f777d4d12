package recon.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import recon.common.job.JobState;
import recon.common.job.SubmissionId;
import recon.common.wire.Event;
import recon.common.wire.Report;
import recon.common.wire.Request;
import recon.common.wire.Transfer;

/** A connection that drops is made again, and the job goes on where it was. */
@Timeout(60)
class ReconnectTest {
    private static final byte[] CONTENT = "k-space".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ONE = "the first image".getBytes(StandardCharsets.UTF_8);
    private static final byte[] TWO = "the second image".getBytes(StandardCharsets.UTF_8);
    private static final String LOST = "connection lost (the peer closed the connection; expected ";

    @TempDir
    private Path directory;

    private Cli cli;
    private Path input;

    @BeforeEach
    void writeInput() throws IOException {
        cli = new Cli(directory);
        input = Files.write(directory.resolve("a.7"), CONTENT);
    }

    private Cli.Run submit(List<FakeServer.Behaviour> inTurn, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--files", input.toString()));
        arguments.addAll(List.of(more));
        return run(inTurn, arguments.toArray(String[]::new));
    }

    private Cli.Run run(List<FakeServer.Behaviour> inTurn, String... arguments) throws Exception {
        try (FakeServer server = FakeServer.that(inTurn.toArray(FakeServer.Behaviour[]::new))) {
            Cli.Run run = cli.run(server, arguments);
            server.join();
            return run;
        }
    }

    private static void finish(FakeServer.Peer client) throws IOException {
        client.fetch();
        client.complete();
    }

    private static void details(FakeServer.Peer client) throws IOException {
        client.request(Request.OfJob.class, "get_job");
        client.channel.announce(Samples.details("running"));
    }

    private List<String> saved() throws IOException {
        try (Stream<Path> files = Files.walk(cli.downloads())) {
            return files.filter(Files::isRegularFile)
                    .map(file -> cli.downloads().relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    static Stream<FakeServer.Behaviour> dropsDuringTheUpload() {
        return Stream.of(
                client -> client.ask(client.submission().files().get(0).originalPath()),
                client -> {
                    Transfer.Start start = (Transfer.Start)
                            client.ask(client.submission().files().get(0).originalPath());
                    client.channel.send(new Transfer.StartAck(start.filename(), true, ""));
                },
                client -> client.pull(client.submission().files().get(0).originalPath()));
    }

    @Test
    void aServerThatCannotSayWhetherItHasTheJobIsAskedAgain() throws Exception {
        Cli.Run run = submit(List.of(
                client -> client.pull(client.submission().files().get(0).originalPath()),
                client -> {
                    client.submission();
                    client.channel.send(new Event.EventError("the records cannot be used now", true));
                },
                client -> {
                    client.submission();
                    client.queue(1);
                    client.complete();
                }));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void aFirstSubmissionThatIsNotTakenNowIsRefused() throws Exception {
        Cli.Run run = submit(List.of(client -> {
            client.submission();
            client.channel.send(new Event.EventError("the queue is full", true));
        }));
        assertThat(run.err()).contains("the server refused: the queue is full");
        assertThat(run.exitCode()).isEqualTo(4);
    }

    private static final String DRAINING = "Job submission: the server is draining and takes no new jobs for now";

    private static void turnAway(FakeServer.Peer client) throws IOException {
        client.submission();
        client.channel.send(new Event.EventError(DRAINING, true));
    }

    private static FakeServer.Behaviour status(boolean draining) {
        return client -> {
            client.request(Request.GetServerStatus.class, "get_server_status");
            client.channel.announce(new Report.ServerStatus("00h 00m 56s", 1, 0, 0, 0, "", draining));
        };
    }

    @Test
    void whoWaitsAlsoWaitsForAServerThatDrainsAndHearsWhyOnce() throws Exception {
        Cli.Run run = submit(List.of(
                ReconnectTest::turnAway, status(true), ReconnectTest::turnAway, ReconnectTest::turnAway, client -> {
                    client.accept();
                    client.complete();
                }));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.outLines())
                .containsExactly(
                        "the server says: " + DRAINING,
                        "sending 1 file, 7 B",
                        "queued as job " + FakeServer.JOB,
                        "job " + FakeServer.JOB + " is complete; the script left no files");
        assertThat(cli.pauses()).hasSize(3);
    }

    @Test
    void whoDoesNotWaitDoesNotWaitForAServerThatDrains() throws Exception {
        Cli.Run run = submit(List.of(ReconnectTest::turnAway), "--no-wait");
        assertThat(run.err()).isEqualTo("recon-client: the server refused: " + DRAINING + "\n");
        assertThat(run.exitCode()).isEqualTo(4);
    }

    @Test
    void aServerThatIsFullButDoesNotDrainIsNotWaitedFor() throws Exception {
        Cli.Run run = submit(List.of(
                client -> {
                    client.submission();
                    client.channel.send(new Event.EventError("the queue is full", true));
                },
                status(false)));
        assertThat(run.err()).isEqualTo("recon-client: the server refused: the queue is full\n");
        assertThat(run.exitCode()).isEqualTo(4);
    }

    @ParameterizedTest
    @MethodSource("dropsDuringTheUpload")
    void duringTheUploadTheSameSubmissionIsSentAgain(FakeServer.Behaviour dropping) throws Exception {
        List<SubmissionId> ids = new ArrayList<>();
        Cli.Run run = submit(List.of(dropping, client -> {
            Request.SubmitJob again = client.submission();
            ids.add(again.submissionId().orElseThrow());
            assertThat(client.pull(again.files().get(0).originalPath())).isEqualTo(CONTENT);
            client.queue(1);
            client.complete();
        }));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(ids).hasSize(1);
        assertThat(run.outLines())
                .filteredOn(line -> line.startsWith("connection lost ("))
                .hasSize(1);
        assertThat(run.outLines())
                .containsSubsequence("connected again", "sending 1 file, 7 B", "queued as job " + FakeServer.JOB);
    }

    @Test
    void aSubmissionThatTheServerHasWholeIsNotSentAgain() throws Exception {
        List<SubmissionId> ids = new ArrayList<>();
        Cli.Run run = submit(List.of(
                client -> {
                    Request.SubmitJob first = client.submission();
                    ids.add(first.submissionId().orElseThrow());
                    client.pull(input.toString());
                },
                client -> {
                    ids.add(client.submission().submissionId().orElseThrow());
                    client.channel.announce(new Event.JobQueued(FakeServer.JOB, 1, "it is normal, not urgent"));
                    client.complete();
                }));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(ids.get(0)).isEqualTo(ids.get(1));
        assertThat(run.outLines())
                .containsExactly(
                        "sending 1 file, 7 B",
                        LOST + "request_file or event job_queued); trying again",
                        "connected again",
                        "queued as job " + FakeServer.JOB,
                        "the server says: it is normal, not urgent",
                        "job " + FakeServer.JOB + " is complete; the script left no files");
    }

    @Test
    void aJobThatWaitsIsFetched() throws Exception {
        Cli.Run run = submit(List.of(FakeServer.Peer::accept, FakeServer.Peer::fetch, ReconnectTest::finish));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.outLines())
                .containsExactly(
                        "sending 1 file, 7 B",
                        "queued as job " + FakeServer.JOB,
                        LOST + "an event of job " + FakeServer.JOB + "); trying again",
                        "connected again",
                        "job " + FakeServer.JOB + " is complete; the script left no files");
    }

    @Test
    void aServerThatClosesWithoutAnAnswerMayJustBeStarting() throws Exception {
        Cli.Run run = submit(List.of(
                FakeServer.Peer::accept,
                client -> client.socket.close(),
                client -> client.socket.close(),
                ReconnectTest::finish));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void aServerThatIsGoneIsTriedAgainAndAgainAndSaidSoOnce() throws Exception {
        Cli.Run run = submit(List.of(FakeServer.Peer::accept));
        assertThat(run.exitCode()).isEqualTo(5); // the test's patience is finite
        assertThat(run.outLines())
                .filteredOn(line -> line.startsWith("connection lost ("))
                .hasSize(1);
        assertThat(run.outLines()).doesNotContain("connected again");
        assertThat(cli.pauses()).hasSize(50).allMatch(pause -> pause.toMillis() <= 30_000);
        assertThat(cli.pauses().stream()
                        .mapToLong(pause -> pause.toMillis())
                        .max()
                        .orElse(0))
                .isGreaterThan(10_000);
    }

    @Test
    void inTheMiddleOfADownloadOnlyWhatIsMissingIsSentAgain() throws Exception {
        List<Transfer.Answer> answers = new ArrayList<>();
        List<List<String>> between = new ArrayList<>();
        Cli.Run run = submit(List.of(
                client -> {
                    client.accept();
                    client.results(2);
                    answers.add(client.offer("1.dcm", ONE));
                    client.breakWithin("s/2.dcm", TWO);
                },
                client -> {
                    client.fetch();
                    between.add(saved());
                    client.results(2);
                    answers.add(client.offer("1.dcm", ONE));
                    answers.add(client.offer("s/2.dcm", TWO));
                    client.complete();
                }));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(answers).containsExactly(Transfer.Answer.READY, Transfer.Answer.HAVE, Transfer.Answer.READY);
        assertThat(between).containsExactly(List.of("1.dcm")); // nothing of the half file
        assertThat(saved()).containsExactly("1.dcm", "s/2.dcm");
        assertThat(cli.downloads().resolve("s/2.dcm")).hasBinaryContent(TWO);
        assertThat(run.outLines())
                .endsWith("job " + FakeServer.JOB + " is complete: 2 files in " + cli.downloads() + " (2 folders)");
    }

    @Test
    void programsAreToldEachResultOnce() throws Exception {
        Cli.Run run = submit(
                List.of(
                        client -> {
                            client.accept();
                            client.results(1);
                            client.offer("1.dcm", ONE);
                        },
                        client -> {
                            client.fetch();
                            client.results(1);
                            client.offer("1.dcm", ONE);
                            client.complete();
                        }),
                "--json");
        assertThat(run.exitCode()).isZero();
        String path = cli.downloads().resolve("1.dcm").toString();
        assertThat(run.outLines())
                .containsExactly(
                        "{\"event\":\"sending\",\"files\":1,\"bytes\":7}",
                        "{\"event\":\"queued\",\"job_id\":\"" + FakeServer.JOB + "\"}",
                        "{\"event\":\"receiving\",\"files\":1}",
                        "{\"event\":\"saved\",\"path\":\"" + path + "\",\"name_was_taken\":false}",
                        "{\"event\":\"connection_lost\",\"reason\":\"the peer closed the connection; expected an event"
                                + " of job " + FakeServer.JOB + "\"}",
                        "{\"event\":\"reconnected\"}",
                        "{\"event\":\"receiving\",\"files\":1}",
                        "{\"event\":\"complete\",\"job_id\":\"" + FakeServer.JOB + "\",\"files\":[\"" + path + "\"]}");
    }

    @Test
    void aPersonWhoWantsQuietHearsNothingOfIt() throws Exception {
        assertThat(submit(List.of(FakeServer.Peer::accept, ReconnectTest::finish), "--quiet"))
                .isEqualTo(new Cli.Run(0, "", ""));
    }

    @Test
    void aRefusalIsFinal() throws Exception {
        Cli.Run run = submit(
                List.of(client -> client.pull(client.submission().files().get(0).originalPath()), client -> {
                    client.submission();
                    client.channel.send(new Event.EventError("the disk is full"));
                    client.awaitClose();
                }));
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err()).isEqualTo("recon-client: the server refused: the disk is full\n");
        assertThat(cli.pauses()).hasSize(1);
    }

    @Test
    void aFileThatVanishedMeanwhileIsNotWaitedFor() throws Exception {
        Cli.Run run = submit(List.of(client -> {
            client.ask(client.submission().files().get(0).originalPath());
            Files.delete(input);
        }));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("recon-client: " + input + " vanished before it was sent\n");
    }

    @Test
    void aTimeoutEndsTheWaitingAndSaysHowToFetch() throws Exception {
        Cli.Run run = submit(
                List.of(client -> {
                    client.accept();
                    cli.timeIsUp();
                    client.awaitClose();
                }),
                "--timeout",
                "100");
        assertThat(run.exitCode()).isEqualTo(5);
        assertThat(run.err())
                .isEqualTo("recon-client: job " + FakeServer.JOB + " has not ended within 100 s; it goes on, and its"
                        + " results can be fetched by its id: java -jar recon-client.jar --fetch " + FakeServer.JOB
                        + "\n");
    }

    @Test
    void aTimeoutEndsAnUploadToo() throws Exception {
        Cli.Run run = submit(
                List.of(client -> {
                    client.ask(client.submission().files().get(0).originalPath());
                    cli.timeIsUp();
                    client.awaitClose();
                }),
                "--timeout=100",
                "--json");
        assertThat(run.exitCode()).isEqualTo(5);
        assertThat(run.outLines().get(1))
                .startsWith("{\"event\":\"error\",\"kind\":\"timed_out\",\"error\":\"the job could not be submitted");
    }

    @Test
    void aSubmissionWithoutWaitingPrintsTheIdAlone() throws Exception {
        List<Request.SubmitJob> submissions = new ArrayList<>();
        Cli.Run run = submit(
                List.of(client -> client.pull(client.submission().files().get(0).originalPath()), client -> {
                    submissions.add(client.submission());
                    client.channel.announce(new Event.JobQueued(FakeServer.JOB, 1, "the disk is nearly full"));
                }),
                "--no-wait",
                "--priority",
                "urgent");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo(FakeServer.JOB + "\n");
        assertThat(run.err().lines())
                .containsExactly(
                        "recon-client: " + LOST + "request_file or event job_queued); trying again",
                        "recon-client: connected again",
                        "recon-client: the server says: the disk is nearly full");
        assertThat(submissions.get(0).priority()).isEqualTo("urgent");
        assertThat(cli.downloads()).doesNotExist();
    }

    @Test
    void aSubmissionWithoutWaitingIsToldAsJson() throws Exception {
        Cli.Run run = submit(List.of(FakeServer.Peer::accept), "--no-wait", "--json");
        assertThat(run.exitCode()).isZero();
        assertThat(run.outLines()).last().isEqualTo("{\"event\":\"queued\",\"job_id\":\"" + FakeServer.JOB + "\"}");
    }

    @Test
    void aFetchReconnectsEvenIfTheServerNeverSaidAnythingAboutTheJob() throws Exception {
        Path folder = directory.resolve("folder");
        Cli.Run run = run(
                List.of(ReconnectTest::details, FakeServer.Peer::fetch, client -> {
                    client.fetch();
                    client.results(1);
                    client.offer("1.dcm", ONE);
                    client.complete();
                }),
                "--fetch",
                FakeServer.JOB.toString(),
                "--output",
                folder.toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(folder.resolve("1.dcm")).hasBinaryContent(ONE);
        assertThat(run.outLines())
                .containsExactly(
                        "waiting for job " + FakeServer.JOB,
                        LOST + "the answer to fetch_job); trying again",
                        "connected again",
                        "receiving 1 result",
                        "job " + FakeServer.JOB + " is complete: 1 file in " + folder);
    }

    @Test
    void aFetchOfAnUnknownJobIsRefused() throws Exception {
        Cli.Run run = run(
                List.of(client -> {
                    client.request(Request.OfJob.class, "get_job");
                    client.channel.send(new Event.EventError("there is no job " + FakeServer.JOB));
                    client.awaitClose();
                }),
                "--fetch",
                FakeServer.JOB.toString());
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err()).isEqualTo("recon-client: the server refused: there is no job " + FakeServer.JOB + "\n");
    }

    @Test
    void aFetchWhoseResultsWereRemovedIsRefused() throws Exception {
        Cli.Run run = run(
                List.of(ReconnectTest::details, client -> {
                    client.fetch();
                    client.channel.send(new Event.EventError("its results are gone"));
                    client.awaitClose();
                }),
                "--json",
                "--fetch",
                FakeServer.JOB.toString());
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.outLines())
                .containsExactly(
                        "{\"event\":\"waiting\",\"job_id\":\"" + FakeServer.JOB + "\"}",
                        "{\"event\":\"error\",\"kind\":\"refused\",\"error\":\"the server refused: its results are"
                                + " gone\"}");
    }

    @Test
    void aJobThatEndedWithoutResultsIsSaidToHave() throws Exception {
        for (var words : List.of(List.of("CANCELLED", "was cancelled"), List.of("EXPIRED", "has expired"))) {
            Cli.Run run = submit(List.of(client -> {
                client.accept();
                client.channel.announce(
                        new Event.JobFailed(FakeServer.JOB, "a.7", "by 127.0.0.1", JobState.valueOf(words.get(0))));
            }));
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .isEqualTo("recon-client: job " + FakeServer.JOB + " " + words.get(1) + ": by 127.0.0.1\n");
        }
    }
}
