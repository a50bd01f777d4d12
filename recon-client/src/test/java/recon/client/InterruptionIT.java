package recon.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.client.cli.FakeServer;
import recon.client.cli.Samples;
import recon.common.wire.Request;

/** The real client process, and the signals that a person or a system sends it. */
@Timeout(180)
class InterruptionIT {
    private static final String JOB = FakeServer.JOB.toString();
    private static final String LEFT = "recon-client: interrupted; job " + JOB
            + " goes on at the server; to fetch its results:" + " java -jar recon-client.jar --fetch " + JOB + "\n";
    private static final String HOW_TO_CANCEL = "recon-client: to cancel the job, press Ctrl-C again within 2 s\n";

    @TempDir
    private Path directory;

    private Site site;

    @BeforeEach
    void makeSite() throws IOException {
        site = new Site(directory);
        Files.writeString(directory.resolve("a.7"), "primary");
        site.options(FakeServer.KEY, "");
    }

    @AfterEach
    void endAll() throws IOException {
        site.close();
    }

    private Site.Program start(FakeServer server, String... arguments) throws IOException {
        List<String> command = Site.java(Site.CLIENT_JAR, arguments);
        command.add("--server=127.0.0.1:" + server.port());
        // A test that itself runs in the background ignores SIGINT, and so would what it starts.
        command.addAll(0, List.of("env", "--default-signal=INT"));
        return site.start(command);
    }

    private static void acceptAndWait(FakeServer.Peer client) throws IOException {
        client.accept();
        client.awaitClose();
    }

    @Test
    void oneCtrlCLeavesTheJobRunning() throws Exception {
        try (FakeServer server = FakeServer.that(InterruptionIT::acceptAndWait)) {
            Site.Program client = start(server, "--files", "a.7");
            client.awaitOut("queued as job ");
            client.signal("INT");
            Site.Run run = client.end();
            server.join();
            assertThat(run.err()).isEqualTo(LEFT + HOW_TO_CANCEL);
            assertThat(run.exitCode()).isEqualTo(130);
        }
    }

    @Test
    void aSecondCtrlCCancelsTheJob() throws Exception {
        List<Request> asked = new ArrayList<>();
        try (FakeServer server = FakeServer.that(InterruptionIT::acceptAndWait, client -> {
            asked.add(client.request(Request.class, "cancel_job"));
            client.channel.announce(Samples.details("cancelled"));
        })) {
            Site.Program client = start(server, "--files", "a.7");
            client.awaitOut("queued as job ");
            client.signal("INT");
            client.awaitErr("press Ctrl-C again");
            client.signal("INT");
            Site.Run run = client.end();
            server.join();
            assertThat(run.err()).isEqualTo(LEFT + HOW_TO_CANCEL + "recon-client: job " + JOB + " is cancelled\n");
            assertThat(run.exitCode()).isEqualTo(130);
            assertThat(asked).containsExactly(new Request.OfJob(Request.OfJob.Verb.CANCEL, FakeServer.JOB));
        }
    }

    @Test
    void sigtermLeavesTheJobRunningAtOnce() throws Exception {
        try (FakeServer server = FakeServer.that(InterruptionIT::acceptAndWait)) {
            Site.Program client = start(server, "--files", "a.7", "--json");
            client.awaitOut("\"queued\"");
            client.signal("TERM");
            Site.Run run = client.end();
            assertThat(run.err()).isEqualTo(LEFT);
            assertThat(run.out()).contains("{\"event\":\"error\",\"kind\":\"interrupted\",");
            assertThat(run.exitCode()).isEqualTo(143);
        }
    }

    @Test
    void duringAnUploadNothingIsLeft() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (FakeServer server = FakeServer.that(client -> {
            client.ask(client.submission().files().get(0).originalPath());
            asked.countDown();
            client.awaitClose();
        })) {
            Site.Program client = start(server, "--files", "a.7");
            assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
            client.signal("INT");
            Site.Run run = client.end();
            assertThat(run.err()).isEqualTo("recon-client: interrupted; " + ClientException.NOT_KNOWN + "\n");
            assertThat(run.exitCode()).isEqualTo(130);
        }
    }

    @Test
    void aFetchJustEnds() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        try (FakeServer server = FakeServer.that(
                client -> {
                    client.request(Request.OfJob.class, "get_job");
                    client.channel.announce(Samples.details("running"));
                },
                client -> {
                    client.fetch();
                    waiting.countDown();
                    client.awaitClose();
                })) {
            Site.Program client = start(server, "--fetch", JOB);
            assertThat(waiting.await(60, TimeUnit.SECONDS)).isTrue();
            client.signal("INT");
            Site.Run run = client.end();
            assertThat(run.err())
                    .isEqualTo("recon-client: interrupted; what job " + JOB + " has left at the server stays there;"
                            + " to go on: java -jar recon-client.jar --fetch " + JOB + "\n");
            assertThat(run.exitCode()).isEqualTo(130);
        }
    }
}
