package recon.server.queue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import recon.common.job.FileName;
import recon.common.job.InputFile;
import recon.common.job.JobId;
import recon.common.job.JobRequest;
import recon.common.job.Priority;
import recon.common.job.ResultPath;
import recon.common.job.Sha256;
import recon.common.job.SubmissionId;
import recon.common.wire.ReconOptionsJson;

/** Jobs and files to put into a store. */
final class StoreSamples {
    static final Instant START = Instant.parse("2026-11-20T16:40:12.345Z");
    static final String CLIENT = "192.0.2.7";

    private StoreSamples() {}

    /** Goes on by a second with each look at it. */
    static final class TickingClock extends Clock {
        private final AtomicLong ticks = new AtomicLong();

        @Override
        public Instant instant() {
            return START.plus(Duration.ofSeconds(ticks.getAndIncrement()));
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    static NewJob newJob(Priority priority, String... names) {
        return newJob("shared", priority, names);
    }

    static NewJob newJob(String owner, Priority priority, String... names) {
        List<InputFile> files = List.of(names).stream()
                .map(name -> new InputFile(new FileName(name), "/scans/" + name))
                .toList();
        return new NewJob(
                JobId.random(),
                SubmissionId.random(),
                new JobRequest(files, ReconOptionsJson.parse("{\"slices\":128,\"name\":\"über\"}")),
                priority,
                CLIENT,
                owner,
                false,
                START);
    }

    static NewJob newJob() {
        return newJob(Priority.NORMAL, "P12800.7", "extra.h5");
    }

    static StoredFile file(String path, long size) {
        return new StoredFile(ResultPath.parse(path), size, new Sha256("%064x".formatted(size)));
    }

    /** As many files as asked for, in an order that is not that of their names. */
    static List<StoredFile> files(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> file("series/" + (count - i) + ".dcm", i))
                .toList();
    }
}
