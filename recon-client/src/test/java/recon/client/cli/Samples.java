package recon.client.cli;

import java.util.List;
import recon.common.wire.Report;

/** Answers that a server could give. */
public final class Samples {
    private Samples() {}

    static Report.QueueDetails.Row row(String status, String file, String reason) {
        return row(status, file, reason, "");
    }

    static Report.QueueDetails.Row row(String status, String file, String reason, String owner) {
        return new Report.QueueDetails.Row(
                FakeServer.JOB.toString(),
                status,
                file,
                3,
                "2026-01-31 23:59:59 UTC",
                "job_" + FakeServer.JOB + "_input",
                "urgent",
                "2026-02-01 00:10:00 UTC",
                reason,
                owner);
    }

    public static Report.JobDetails details(String status) {
        return new Report.JobDetails(
                row(status, "a.7", "script exited with code 3"),
                "script exited with code 3\nno coil\u001b[2J",
                12_300_000,
                "10.0.0.5",
                2,
                "{\"num_slices\":128}",
                32,
                16_800_000,
                "2026-02-08 00:10:00 UTC",
                "",
                List.of(
                        new Report.JobDetails.Change("2026-01-31 23:59:59 UTC", "receiving", "", "10.0.0.5"),
                        new Report.JobDetails.Change("2026-02-01 00:10:00 UTC", status, "exit code 3", "server")));
    }
}
