package recon.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import recon.client.submit.JobOutcome;
import recon.common.job.JobState;

@Timeout(30)
class TerminalReportTest {
    private static final String CLEAR = "\r\u001b[K\u001b[?7h";

    /** A terminal that tells what is drawn on it. */
    private static final class Screen extends StringWriter {
        private final BlockingQueue<String> pictures = new ArrayBlockingQueue<>(10_000);

        @Override
        public void write(String text, int offset, int length) {
            super.write(text, offset, length);
            pictures.add(text.substring(offset, offset + length));
        }

        /** Waits for a picture with these words. */
        void await(String words) throws InterruptedException {
            String picture = "";
            while (!picture.contains(words)) {
                picture = pictures.poll(20, TimeUnit.SECONDS);
                assertThat(picture).as("a picture with \"%s\"", words).isNotNull();
            }
        }
    }

    private final Screen out = new Screen();
    private final StringWriter err = new StringWriter();

    private TerminalReport report(TerminalReport.PlaceInQueue places) {
        return new TerminalReport(new PrintWriter(out), new PrintWriter(err), places);
    }

    @Test
    void drawsEachPhaseOfAJob() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        try (TerminalReport report = report(job -> running.getCount() == 0 ? "running" : "queued, 1 ahead")) {
            out.await("connecting");
            report.sending(2, 4_000_000);
            report.sent(1_000_000);
            out.await("sending 2 files [######..................]  25 % of 4.0 MB");
            report.queued(FakeServer.JOB);
            out.await("job " + FakeServer.JOB + "\n");
            out.await("queued, 1 ahead, 0:0");
            running.countDown();
            out.await("running 0:0");
            report.receiving(3);
            report.received(2000);
            report.saved(Path.of("/downloads/1.dcm"), false);
            out.await("receiving 2/3, 2.0 kB");
            report.saved(Path.of("/downloads/2.dcm"), false);
            report.ended(new JobOutcome.Completed(FakeServer.JOB, List.of(Path.of("/downloads/1.dcm"))));
        }
        assertThat(out.toString()).endsWith(CLEAR + "job " + FakeServer.JOB + " is complete: 1 file in /downloads\n");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void saysThatTheConnectionIsLostAndBackAndKeepsCount() throws Exception {
        try (TerminalReport report = report(job -> "running")) {
            report.waiting(FakeServer.JOB);
            out.await("running 0:0");
            report.receiving(3);
            report.saved(Path.of("/downloads/1.dcm"), false);
            out.await("receiving 2/3, ");
            report.connectionLost("Connection reset\u001b");
            out.await("connection lost (Connection reset?); trying again\n");
            out.await("reconnecting 0:0");
            report.reconnected();
            out.await("connected again\n");
            out.await("running 0:0");
            report.notice("soon");
            out.await("the server says: soon\n");
            report.receiving(3);
            out.await("receiving 2/3, ");
        }
        assertThat(out.toString()).endsWith(CLEAR);
    }

    @Test
    void clearsTheLineBeforeAFailureIsPrinted() throws Exception {
        try (TerminalReport report = report(job -> null)) {
            report.sending(1, 1);
            report.queued(FakeServer.JOB);
            out.await("queued 0:0");
            report.ended(new JobOutcome.Failed(FakeServer.JOB, JobState.FAILED, "exit code 3"));
        }
        assertThat(out.toString()).endsWith(CLEAR);
        assertThat(err.toString()).isEqualTo("recon-client: job " + FakeServer.JOB + " failed: exit code 3\n");
    }

    @Test
    void leavesNothingBehindIfTheJobNeverEnds() throws Exception {
        try (TerminalReport report = report(job -> null)) {
            report.sending(1, 1_000_000);
            out.await("sending 1 file");
        }
        assertThat(out.toString()).endsWith(CLEAR);
    }

    @Test
    void doesNotStopTheJobWhileTheTerminalIsStopped() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        PrintWriter terminal = new PrintWriter(new StringWriter() {
            @Override
            public void write(String text, int offset, int length) {
                stopped.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                out.write(text, offset, length);
            }
        });
        try (TerminalReport report = new TerminalReport(terminal, new PrintWriter(err), job -> null)) {
            assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
            report.sending(1, 10);
            report.sent(10);
            report.queued(FakeServer.JOB); // returns although nothing can be drawn
            report.ended(new JobOutcome.Completed(FakeServer.JOB, List.of()));
            goOn.countDown();
        }
        assertThat(out.toString()).contains("job " + FakeServer.JOB + " is complete; the script left no files\n");
    }
}
