package recon.common.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import recon.common.crypto.KeyOwner;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.Priority;
import recon.common.job.Sha256;
import recon.common.job.SubmissionId;

/** One message of each kind, at least, and its text as Python's {@code json.dumps} spells it. */
final class Samples {
    private static final String ID = "3f0c1e9a-5b7d-4a55-9c5e-0d2f6b8a1c33";
    private static final JobId JOB = JobId.parse(ID);
    private static final String SUBMISSION = "7a1d0c52-93be-4f0e-8a67-1f3f0a9d2b10";
    /** Of the three bytes {@code abc}, FIPS 180-4. */
    private static final Sha256 ABC = new Sha256("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

    private Samples() {}

    static Map<Message, String> all() {
        Map<Message, String> samples = new LinkedHashMap<>();
        samples.put(
                new Request.SubmitJob(
                        List.of(
                                new Request.SubmitJob.OfferedFile("a.7", "/scans/a.7"),
                                new Request.SubmitJob.OfferedFile("\u00e9.dat", "C:\\x\\\u00e9.dat")),
                        "{\"num_slices\":128}",
                        false),
                "{\"type\": \"command\", \"payload\": {\"command_name\": \"submit_recon_job\", \"files\": [{\"name\":"
                        + " \"a.7\", \"original_path_on_client\": \"/scans/a.7\"}, {\"name\": \"\\u00e9.dat\","
                        + " \"original_path_on_client\": \"C:\\\\x\\\\\\u00e9.dat\"}],"
                        + " \"client_recon_options_json\": \"{\\\"num_slices\\\":128}\"}}");
        samples.put(
                new Request.SubmitJob(List.of(), "{}", true),
                "{\"type\": \"command\", \"payload\": {\"command_name\": \"submit_recon_job\", \"files\": [],"
                        + " \"client_recon_options_json\": \"{}\", \"result_paths\": true}}");
        samples.put(
                new Request.SubmitJob(
                        List.of(new Request.SubmitJob.OfferedFile("a.7", "/scans/a.7", OptionalLong.of(1L << 40))),
                        "{}",
                        true,
                        Optional.of(SubmissionId.parse(SUBMISSION)),
                        "urgent"),
                "{\"type\": \"command\", \"payload\": {\"command_name\": \"submit_recon_job\", \"files\": [{\"name\":"
                        + " \"a.7\", \"original_path_on_client\": \"/scans/a.7\", \"size\": 1099511627776}],"
                        + " \"client_recon_options_json\": \"{}\", \"result_paths\": true, \"submission_id\": \""
                        + SUBMISSION + "\", \"priority\": \"urgent\"}}");
        for (Request.OfJob.Verb verb : Request.OfJob.Verb.values()) {
            String command = switch (verb) {
                case FETCH -> "fetch_job";
                case SHOW -> "get_job";
                case CANCEL -> "cancel_job";
                case RERUN -> "rerun_job";
            };
            samples.put(new Request.OfJob(verb, JOB), request(command, "\"job_id\": \"" + ID + "\""));
        }
        samples.put(new Request.GetJobLog(JOB, false), request("get_job_log", "\"job_id\": \"" + ID + "\""));
        samples.put(
                new Request.GetJobLog(JOB, true),
                request("get_job_log", "\"job_id\": \"" + ID + "\", \"follow\": true"));
        samples.put(new Request.GetQueueDetails(true, 1000), request("get_queue_details", "\"all\": true"));
        samples.put(new Request.GetQueueDetails(false, 0), request("get_queue_details", "\"limit\": 0"));
        samples.put(
                new Request.GetQueueDetails(true, 100), request("get_queue_details", "\"all\": true, \"limit\": 100"));
        samples.put(
                new Request.GetServerStatus(),
                "{\"type\": \"command\", \"payload\": {\"command_name\": \"get_server_status\"}}");
        samples.put(
                new Request.GetQueueDetails(),
                "{\"type\": \"command\", \"payload\": {\"command_name\": \"get_queue_details\"}}");
        samples.put(
                new Request.UnknownCommand("reboot"),
                "{\"type\": \"command\", \"payload\": {\"command_name\": \"reboot\"}}");
        addAdministration(samples);
        addRelay(samples);
        samples.put(
                new Offer(new Request.GetServerStatus(), List.of("tls13-psk")),
                "{\"type\": \"command\", \"payload\": {\"command_name\": \"get_server_status\", \"transports\":"
                        + " [\"tls13-psk\"]}}");
        samples.put(
                new Offer(
                        new Request.GetServerStatus(),
                        List.of("tls13-psk"),
                        Optional.of(new KeyOwner("scanner1", false))),
                "{\"type\": \"command\", \"payload\": {\"command_name\": \"get_server_status\", \"transports\":"
                        + " [\"tls13-psk\"], \"on_behalf_of\": \"scanner1\"}}");
        samples.put(
                new Offer(
                        new Request.OfJob(Request.OfJob.Verb.CANCEL, JOB),
                        List.of(),
                        Optional.of(new KeyOwner("boss", true))),
                request(
                        "cancel_job",
                        "\"job_id\": \"" + ID + "\", \"on_behalf_of\": \"boss\", \"on_behalf_of_operator\": true"));
        samples.put(
                new UseTransport("tls13-psk"),
                "{\"type\": \"use_transport\", \"payload\": {\"transport\": \"tls13-psk\"}}");
        samples.put(
                new Transfer.RequestFiles(
                        List.of(Transfer.Wanted.WHOLE, new Transfer.Wanted(1L << 40, Optional.of(ABC)))),
                "{\"type\": \"request_files\", \"payload\": {\"files\": [{}, {\"offset\": 1099511627776, \"sha256\":"
                        + " \"" + ABC + "\"}]}}");
        samples.put(
                new Transfer.OfferFiles(List.of(new Transfer.Offered("s/1.dcm", 3, ABC))),
                "{\"type\": \"offer_files\", \"payload\": {\"files\": [{\"filename\": \"s/1.dcm\", \"size\": 3,"
                        + " \"sha256\": \"" + ABC + "\"}]}}");
        samples.put(
                new Transfer.AckFiles(List.of(new Transfer.Receipt(3, ABC))),
                "{\"type\": \"ack_files\", \"payload\": {\"files\": [{\"size\": 3, \"sha256\": \"" + ABC + "\"}]}}");
        samples.put(
                new Transfer.Start("a.7", 1L << 40, Optional.empty(), 1L << 33),
                "{\"type\": \"file_transfer_start\", \"payload\": {\"filename\": \"a.7\", \"size\": 1099511627776,"
                        + " \"offset\": 8589934592}}");
        samples.put(
                new Transfer.End("abc", Optional.of(ABC)),
                "{\"type\": \"file_transfer_end\", \"payload\": {\"filename\": \"abc\", \"sha256\": \"" + ABC + "\"}}");
        samples.put(
                new Transfer.RequestFile("/c/\u00e9.7"),
                "{\"type\": \"request_file\", \"payload\": {\"filepath\": \"/c/\\u00e9.7\"}}");
        samples.put(
                new Transfer.RefuseFile("/c/a.7", "gone"),
                "{\"type\": \"error_request_file\", \"payload\": {\"filepath\": \"/c/a.7\", \"detail\": \"gone\"}}");
        samples.put(
                new Transfer.Start("a.7", 1L << 40),
                "{\"type\": \"file_transfer_start\", \"payload\": {\"filename\": \"a.7\", \"size\": 1099511627776}}");
        samples.put(
                new Transfer.StartAck("a.7", true, ""),
                "{\"type\": \"ack_file_transfer_start\", \"payload\": {\"filename\": \"a.7\", \"status\": \"ready\"}}");
        samples.put(
                new Transfer.StartAck("b.7", false, "Unexpected filename. Expected a.7."),
                "{\"type\": \"ack_file_transfer_start\", \"payload\": {\"filename\": \"b.7\", \"status\": \"error\","
                        + " \"detail\": \"Unexpected filename. Expected a.7.\"}}");
        samples.put(
                new Transfer.Start("abc", 3, Optional.of(ABC)),
                "{\"type\": \"file_transfer_start\", \"payload\": {\"filename\": \"abc\", \"size\": 3, \"sha256\": \""
                        + ABC + "\"}}");
        samples.put(
                new Transfer.StartAck("abc", Transfer.Answer.HAVE, ""),
                "{\"type\": \"ack_file_transfer_start\", \"payload\": {\"filename\": \"abc\", \"status\": \"have\"}}");
        samples.put(
                new Transfer.EndAck("abc", true, "", Optional.of(new Transfer.Receipt(3, ABC))),
                "{\"type\": \"ack_file_transfer_end\", \"payload\": {\"filename\": \"abc\", \"status\": \"success\","
                        + " \"size\": 3, \"sha256\": \"" + ABC + "\"}}");
        samples.put(
                new Transfer.Chunk("a.7", "\0\1?>~more".getBytes(US_ASCII), 6),
                "{\"type\": \"file_chunk\", \"payload\": {\"filename\": \"a.7\", \"data\": \"AAE/Pn5t\"}}");
        samples.put(
                new Transfer.Chunk("a.7", new byte[0], 0),
                "{\"type\": \"file_chunk\", \"payload\": {\"filename\": \"a.7\", \"data\": \"\"}}");
        samples.put(new Transfer.End("a.7"), "{\"type\": \"file_transfer_end\", \"payload\": {\"filename\": \"a.7\"}}");
        samples.put(
                new Transfer.EndAck("a.7", true, ""),
                "{\"type\": \"ack_file_transfer_end\", \"payload\": {\"filename\": \"a.7\", \"status\": \"success\"}}");
        samples.put(
                new Transfer.EndAck("a.7", false, "disk full"),
                "{\"type\": \"ack_file_transfer_end\", \"payload\": {\"filename\": \"a.7\", \"status\": \"error\","
                        + " \"detail\": \"disk full\"}}");
        samples.put(
                new EventAck("job_queued", EventAck.RECEIVED),
                "{\"type\": \"ack_command\", \"payload\": {\"command\": \"job_queued\", \"status\": \"received\"}}");
        samples.put(
                new Refusal(Refusal.UNTRUSTED_ADDRESS),
                "{\"type\": \"error\", \"payload\": {\"message\": \"Untrusted IP.\"}}");
        samples.put(
                new Event.JobQueued(JOB, 2),
                event("job_queued", "\"job_id\": \"" + ID + "\", \"num_files_received\": 2"));
        samples.put(
                new Event.JobQueued(JOB, 2, "priority normal: urgent is not for clients"),
                event(
                        "job_queued",
                        "\"job_id\": \"" + ID + "\", \"num_files_received\": 2,"
                                + " \"notice\": \"priority normal: urgent is not for clients\""));
        samples.put(
                new Event.DicomTransferStart(JOB, 32),
                event("dicom_transfer_start", "\"job_id\": \"" + ID + "\", \"num_files\": 32"));
        samples.put(
                new Event.ReconStatus(JOB, Event.ReconStatus.COMPLETED_NO_DICOMS, "a.7"),
                event(
                        "recon_status",
                        "\"job_id\": \"" + ID + "\", \"status\": \"completed_no_dicoms\", \"pfile\": \"a.7\""));
        samples.put(
                new Event.ReconComplete(JOB, "a.7"),
                event("recon_complete", "\"job_id\": \"" + ID + "\", \"pfile\": \"a.7\""));
        samples.put(
                new Event.JobFailed(JOB, "a.7", "line 1\nline\t2 \u20ac \ud83d\ude00 \u0001"),
                event(
                        "job_failed",
                        "\"job_id\": \"" + ID + "\", \"pfile\": \"a.7\", \"error\":"
                                + " \"line 1\\nline\\t2 \\u20ac \\ud83d\\ude00 \\u0001\""));
        for (JobState state : List.of(JobState.CANCELLED, JobState.EXPIRED)) {
            samples.put(
                    new Event.JobFailed(JOB, "a.7", "x", state),
                    event(
                            "job_failed",
                            "\"job_id\": \"" + ID + "\", \"pfile\": \"a.7\", \"error\": \"x\", \"status\": \""
                                    + state.word() + "\""));
        }
        samples.put(
                new Report.ServerStatus("00h 00m 56s", 4, 1, 5, 0, "499 MB of memory are available"),
                event(
                        "server_status_response",
                        "\"server_uptime\": \"00h 00m 56s\", \"configured_max_workers\": 4,"
                                + " \"current_worker_thread_count\": 1, \"queued_jobs_in_system\": 5,"
                                + " \"undelivered_jobs\": 0,"
                                + " \"waiting_because\": \"499 MB of memory are available\""));
        samples.put(
                new Report.JobDetails(
                        new Report.QueueDetails.Row(
                                ID,
                                "failed",
                                "a.7",
                                1,
                                "t1",
                                "job_" + ID + "_input",
                                "urgent",
                                "t2",
                                "first line",
                                "scanner1"),
                        "first line\nsecond",
                        1L << 40,
                        "192.0.2.7",
                        2,
                        "{\"n\":1}",
                        32,
                        1L << 33,
                        "t3",
                        "",
                        List.of(
                                new Report.JobDetails.Change("t1", "receiving", "", "192.0.2.7"),
                                new Report.JobDetails.Change("t2", "failed", "first line", "server"))),
                event(
                        "job_details_response",
                        "\"job\": {\"job_id\": \"" + ID + "\", \"status\": \"failed\", \"primary_input_file\":"
                                + " \"a.7\", \"num_input_files\": 1, \"submitted_at_utc\": \"t1\","
                                + " \"job_input_dir_basename\": \"job_" + ID
                                + "_input\", \"priority\": \"urgent\", \"changed_at_utc\": \"t2\","
                                + " \"reason\": \"first line\", \"owner\": \"scanner1\"}, \"reason\": \"first line\\nsecond\","
                                + " \"input_bytes\": 1099511627776, \"submitted_from\": \"192.0.2.7\","
                                + " \"attempts\": 2, \"client_recon_options_json\": \"{\\\"n\\\":1}\","
                                + " \"num_results\": 32, \"result_bytes\": 8589934592,"
                                + " \"results_kept_until_utc\": \"t3\", \"inputs_kept_until_utc\": \"\","
                                + " \"history\": [{\"at_utc\": \"t1\", \"status\": \"receiving\", \"reason\":"
                                + " \"\", \"by\": \"192.0.2.7\"}, {\"at_utc\": \"t2\", \"status\": \"failed\","
                                + " \"reason\": \"first line\", \"by\": \"server\"}]"));
        samples.put(
                new Report.JobLog(JOB, new byte[] {0, -1, 10}, false),
                event("job_log", "\"job_id\": \"" + ID + "\", \"output\": \"AP8K\", \"end\": false"));
        samples.put(
                new Report.JobLog(JOB, new byte[0], true),
                event("job_log", "\"job_id\": \"" + ID + "\", \"output\": \"\", \"end\": true"));
        samples.put(
                new Report.ServerStatus("00h 00m 56s", 4, 1, 0, 3, ""),
                event(
                        "server_status_response",
                        "\"server_uptime\": \"00h 00m 56s\", \"configured_max_workers\": 4,"
                                + " \"current_worker_thread_count\": 1, \"queued_jobs_in_system\": 0,"
                                + " \"undelivered_jobs\": 3"));
        samples.put(
                new Report.QueueDetails(
                        List.of(new Report.QueueDetails.Row(
                                ID,
                                "queued",
                                "a.7",
                                2,
                                "2026-01-31 23:59:59 UTC",
                                "job_" + ID + "_input",
                                "low",
                                "2026-02-01 00:00:00 UTC",
                                "",
                                "")),
                        7),
                event(
                        "queue_details_response",
                        "\"jobs\": [{\"job_id\": \"" + ID + "\", \"status\": \"queued\", \"primary_input_file\":"
                                + " \"a.7\", \"num_input_files\": 2, \"submitted_at_utc\": \"2026-01-31 23:59:59 UTC\","
                                + " \"job_input_dir_basename\": \"job_" + ID
                                + "_input\", \"priority\": \"low\", \"changed_at_utc\":"
                                + " \"2026-02-01 00:00:00 UTC\", \"reason\": \"\"}], \"count\": 1, \"total\": 7"));
        samples.put(
                new Report.QueueDetails(List.of(), 0),
                event("queue_details_response", "\"jobs\": [], \"count\": 0, \"total\": 0"));
        samples.put(new Event.EventError("Unknown command: X"), event("error", "\"message\": \"Unknown command: X\""));
        return samples;
    }

    private static void addRelay(Map<Message, String> samples) {
        samples.put(
                new Report.ServerStatus("00h 00m 56s", 4, 1, 5, 0, "").toRelay(),
                event(
                        "server_status_response",
                        "\"server_uptime\": \"00h 00m 56s\", \"configured_max_workers\": 4,"
                                + " \"current_worker_thread_count\": 1, \"queued_jobs_in_system\": 5,"
                                + " \"undelivered_jobs\": 0, \"trusts_relay\": true"));
        samples.put(
                new Report.ServerStatus(
                        "00h 00m 56s",
                        4,
                        1,
                        5,
                        0,
                        "",
                        true,
                        true,
                        List.of(
                                new Report.ServerStatus.Backend("recon1:60000", true, true, 4, 1, 5, ""),
                                new Report.ServerStatus.Backend("[::1]:60000", false, false, 0, 0, 0, "timed out"))),
                event(
                        "server_status_response",
                        "\"server_uptime\": \"00h 00m 56s\", \"configured_max_workers\": 4,"
                                + " \"current_worker_thread_count\": 1, \"queued_jobs_in_system\": 5,"
                                + " \"undelivered_jobs\": 0, \"draining\": true, \"trusts_relay\": true,"
                                + " \"backends\": [{\"backend\": \"recon1:60000\", \"healthy\": true,"
                                + " \"draining\": true, \"configured_max_workers\": 4, \"current_worker_thread_count\": 1,"
                                + " \"queued_jobs_in_system\": 5}, {\"backend\": \"[::1]:60000\", \"healthy\": false,"
                                + " \"configured_max_workers\": 0, \"current_worker_thread_count\": 0,"
                                + " \"queued_jobs_in_system\": 0, \"problem\": \"timed out\"}]"));
        samples.put(
                new Report.QueueDetails(
                        List.of(new Report.QueueDetails.Row(
                                        ID,
                                        "queued",
                                        "a.7",
                                        1,
                                        "t1",
                                        "job_" + ID + "_input",
                                        "low",
                                        "t2",
                                        "",
                                        "scanner1")
                                .at("recon1:60000")),
                        1),
                event(
                        "queue_details_response",
                        "\"jobs\": [{\"job_id\": \"" + ID + "\", \"status\": \"queued\", \"primary_input_file\":"
                                + " \"a.7\", \"num_input_files\": 1, \"submitted_at_utc\": \"t1\","
                                + " \"job_input_dir_basename\": \"job_" + ID
                                + "_input\", \"priority\": \"low\", \"changed_at_utc\": \"t2\", \"reason\": \"\","
                                + " \"owner\": \"scanner1\", \"backend\": \"recon1:60000\"}],"
                                + " \"count\": 1, \"total\": 1"));
    }

    private static String request(String command, String arguments) {
        return "{\"type\": \"command\", \"payload\": {\"command_name\": \"" + command + "\", " + arguments + "}}";
    }

    private static String event(String name, String params) {
        return "{\"type\": \"command\", \"payload\": {\"command_name\": \"" + name + "\", \"params\": {" + params
                + "}}}";
    }

    private static void addAdministration(Map<Message, String> samples) {
        for (AdminRequest.Show.What what : AdminRequest.Show.What.values()) {
            samples.put(new AdminRequest.Show(what), admin(what.name().toLowerCase(java.util.Locale.ROOT), ""));
        }
        samples.put(
                new AdminRequest.Jobs(Optional.of(JobState.FAILED), Duration.ofHours(24), 1000),
                admin("jobs", ", \"status\": \"failed\", \"since_seconds\": 86400, \"limit\": 1000"));
        samples.put(
                new AdminRequest.Logs(50, Optional.of(JOB), true),
                admin("logs", ", \"lines\": 50, \"job_id\": \"" + ID + "\", \"follow\": true"));
        samples.put(new AdminRequest.Logs(0, Optional.empty(), false), admin("logs", ", \"lines\": 0"));
        samples.put(new AdminRequest.Cancel(JOB), admin("cancel", ", \"job_id\": \"" + ID + "\""));
        samples.put(
                new AdminRequest.SetPriority(JOB, Priority.LOW),
                admin("priority", ", \"job_id\": \"" + ID + "\", \"priority\": \"low\""));
        samples.put(new AdminRequest.SetMaxJobs(4), admin("set_max_jobs", ", \"max_jobs\": 4"));
        samples.put(new AdminRequest.Drain(false, ""), admin("drain", ""));
        samples.put(
                new AdminRequest.Drain(true, "recon2:60000"),
                admin("drain", ", \"wait\": true, \"backend\": \"recon2:60000\""));
        samples.put(new AdminRequest.Resume(""), admin("resume", ""));
        samples.put(new AdminRequest.Reload(), admin("reload", ""));
        samples.put(new AdminRequest.Purge(Duration.ofDays(30)), admin("purge", ", \"older_than_seconds\": 2592000"));
        samples.put(new AdminRequest.Unknown("reboot"), admin("reboot", ""));
        samples.put(
                new Offer(new AdminRequest.Reload(), List.of("tls13-psk")),
                admin("reload", ", \"transports\": [\"tls13-psk\"]"));
        samples.put(
                new AdminReport.LogText(new byte[] {0, -1, 10}, false),
                event("log_text", "\"output\": \"AP8K\", \"end\": false"));
        samples.put(
                new AdminReport.Done("2 jobs run at once now", Map.of("max_jobs", 2L)),
                event("done", "\"message\": \"2 jobs run at once now\", \"figures\": {\"max_jobs\": 2}"));
        samples.put(
                new AdminReport.Reloaded(List.of("SHARED_KEY"), List.of()),
                event("reloaded", "\"changed\": [\"SHARED_KEY\"], \"changed_but_needs_restart\": []"));
        samples.put(
                new AdminReport.Workers(2, true, "", List.of()),
                event(
                        "workers_response",
                        "\"max_jobs\": 2, \"draining\": true, \"waiting_because\": \"\", \"busy\": []"));
        samples.put(
                new RelayReport.Status("00h 00m 56s", "1.0", 7, 2, 1, 3),
                event(
                        "relay_status_response",
                        "\"relay_uptime\": \"00h 00m 56s\", \"version\": \"1.0\", \"clients\": 7,"
                                + " \"healthy_backends\": 2, \"draining_backends\": 1, \"all_backends\": 3"));
        samples.put(
                new RelayReport.Backends(List.of(new RelayReport.Backends.Backend(
                        new Report.ServerStatus.Backend("recon1:60000", true, false, 4, 1, 5, ""),
                        150,
                        12,
                        "timed out",
                        "t1"))),
                event(
                        "backends_response",
                        "\"backends\": [{\"backend\": \"recon1:60000\", \"healthy\": true,"
                                + " \"configured_max_workers\": 4, \"current_worker_thread_count\": 1,"
                                + " \"queued_jobs_in_system\": 5, \"load_percent\": 150, \"latency_ms\": 12,"
                                + " \"last_error\": \"timed out\", \"last_error_at_utc\": \"t1\"}]"));
        samples.put(
                new RelayReport.Clients(List.of(
                        new RelayReport.Clients.Client(
                                "10.0.0.7", "scanner1", "tls", "t1", "submit_recon_job", Optional.of(JOB), "a:1"),
                        new RelayReport.Clients.Client(
                                "::1", "shared", "fernet", "t2", "get_queue_details", Optional.empty(), ""))),
                event(
                        "clients_response",
                        "\"clients\": [{\"address\": \"10.0.0.7\", \"owner\": \"scanner1\", \"transport\": \"tls\","
                                + " \"since_utc\": \"t1\", \"command_name\": \"submit_recon_job\", \"job_id\": \"" + ID
                                + "\", \"backend\": \"a:1\"}, {\"address\": \"::1\", \"owner\": \"shared\","
                                + " \"transport\": \"fernet\", \"since_utc\": \"t2\", \"command_name\":"
                                + " \"get_queue_details\", \"backend\": \"\"}]"));
        samples.put(
                new Report.ServerStatus("00h 00m 56s", 4, 1, 0, 3, "", true),
                event(
                        "server_status_response",
                        "\"server_uptime\": \"00h 00m 56s\", \"configured_max_workers\": 4,"
                                + " \"current_worker_thread_count\": 1, \"queued_jobs_in_system\": 0,"
                                + " \"undelivered_jobs\": 3, \"draining\": true"));
    }

    private static String admin(String command, String arguments) {
        return "{\"type\": \"admin_command\", \"payload\": {\"command_name\": \"" + command + "\"" + arguments + "}}";
    }
}
