package recon.common.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import recon.common.job.JobId;
import recon.common.job.JobState;

/** The fields that a job's life needs: what peers may leave out, and what they must not send. */
class JobMessagesTest {
    private static final String ID = "3f0c1e9a-5b7d-4a55-9c5e-0d2f6b8a1c33";
    private static final String DIGEST = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private static Message decode(String text) throws ProtocolException {
        byte[] bytes = text.replace('\'', '"').getBytes(UTF_8);
        return MessageCodec.decode(bytes, bytes.length);
    }

    private static Message command(String name, String fields) throws ProtocolException {
        return decode("{'type': 'command', 'payload': {'command_name': '" + name + "'" + fields + "}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"''", "'7'", "'3f0c1e9a5b7d4a559c5e0d2f6b8a1c33'", "null", "7", "{}"})
    void aBadSubmissionIdIsRefused(String value) {
        assertThatThrownBy(() -> command("submit_recon_job", ", 'submission_id': " + value))
                .isInstanceOf(ProtocolException.class)
                .hasMessageStartingWith("command: \"submission_id\" ");
    }

    @Test
    void aSubmissionIdMayBeInUpperCase() throws ProtocolException {
        Request.SubmitJob submit = (Request.SubmitJob)
                command("submit_recon_job", ", 'submission_id': '" + ID.toUpperCase(Locale.ROOT) + "'");
        assertThat(submit.submissionId().orElseThrow()).hasToString(ID);
    }

    @Test
    void aSubmissionOfAPythonClientHasNoneOfTheNewFields() throws ProtocolException {
        Request.SubmitJob submit = (Request.SubmitJob)
                command("submit_recon_job", ", 'files': [{'name': 'a.7', 'original_path_on_client': '/a.7'}]");
        assertThat(submit.submissionId()).isEmpty();
        assertThat(submit.priority()).isEqualTo("normal");
        assertThat(submit.files())
                .containsExactly(new Request.SubmitJob.OfferedFile("a.7", "/a.7", OptionalLong.empty()));
    }

    @Test
    void anUnknownPriorityComesThroughToBeAnsweredInWords() throws ProtocolException {
        assertThat(((Request.SubmitJob) command("submit_recon_job", ", 'priority': 'asap'")).priority())
                .isEqualTo("asap");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "'5'", "null", "9223372036854775808"})
    void aBadSizeOfAnOfferedFileIsRefused(String size) {
        assertThatThrownBy(() -> command(
                        "submit_recon_job",
                        ", 'files': [{'name': 'a', 'original_path_on_client': 'a', 'size': " + size + "}]"))
                .isInstanceOf(ProtocolException.class)
                .hasMessageStartingWith("command: \"size\" must be a whole number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1e3", "'5'", "null", "2147483648"})
    void aBadLimitIsRefused(String limit) {
        assertThatThrownBy(() -> command("get_queue_details", ", 'limit': " + limit))
                .isInstanceOf(ProtocolException.class)
                .hasMessageStartingWith("command: \"limit\" ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fetch_job", "get_job", "cancel_job", "rerun_job", "get_job_log"})
    void aRequestAboutAJobNeedsItsId(String command) {
        assertThatThrownBy(() -> command(command, ""))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("command: \"job_id\" must be a string; it is missing");
        assertThatThrownBy(() -> command(command, ", 'job_id': '../../etc'"))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("command: \"job_id\" is not a job id (a UUID of 36 characters): \"../../etc\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pause_job", "FETCH_JOB", "fetch", "job_details_response", "job_log"})
    void anotherCommandAboutAJobIsUnknown(String command) throws ProtocolException {
        assertThat(command(command, ", 'job_id': '" + ID + "'")).isEqualTo(new Request.UnknownCommand(command));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "'abc'",
                "''",
                "null",
                "5",
                "'BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD'",
                "'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0'",
            })
    void aBadDigestIsRefusedInEachOfItsMessages(String value) {
        for (String text : List.of(
                "{'type': 'file_transfer_start', 'payload': {'filename': 'a', 'size': 3, 'sha256': " + value + "}}",
                "{'type': 'ack_file_transfer_end', 'payload': {'filename': 'a', 'status': 'success', 'size': 3,"
                        + " 'sha256': " + value + "}}")) {
            assertThatThrownBy(() -> decode(text))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("\"sha256\" ");
        }
    }

    @Test
    void aReceiptNeedsASizeAndSizeAloneIsNone() throws ProtocolException {
        String ack = "{'type': 'ack_file_transfer_end', 'payload': {'filename': 'a', 'status': 'success'";
        assertThatThrownBy(() -> decode(ack + ", 'sha256': '" + DIGEST + "'}}"))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("\"size\" must be a whole number");
        assertThat(decode(ack + ", 'size': 3}}")).isEqualTo(new Transfer.EndAck("a", true, "", Optional.empty()));
    }

    @Test
    void theAnswersToAStartAreThreeInAnyCase() throws ProtocolException {
        String ack = "{'type': 'ack_file_transfer_start', 'payload': {'filename': 'a', 'status': '%s'}}";
        assertThat(decode(ack.formatted("Have")))
                .isEqualTo(new Transfer.StartAck("a", Transfer.Answer.HAVE, ""))
                .satisfies(
                        have -> assertThat(((Transfer.StartAck) have).ready()).isFalse());
        assertThat(((Transfer.StartAck) decode(ack.formatted("ready"))).ready()).isTrue();
        assertThatThrownBy(() -> decode(ack.formatted("success")))
                .isInstanceOf(ProtocolException.class)
                .hasMessageEndingWith("\"status\" is \"success\", expected \"ready\" or \"have\" or \"error\"");
    }

    @Test
    void aFailureWithoutAStateHasFailedAndOneOfAnotherWordIsRefused() throws ProtocolException {
        String params = ", 'params': {'job_id': '" + ID + "'%s}";
        assertThat(command("job_failed", params.formatted("")))
                .isEqualTo(new Event.JobFailed(JobId.parse(ID), "", "the server gave no reason", JobState.FAILED));
        assertThat(((Event.JobFailed) command("job_failed", params.formatted(", 'status': 'expired'"))).state())
                .isEqualTo(JobState.EXPIRED);
        for (String status : List.of("'lost'", "'EXPIRED'", "null", "1")) {
            assertThatThrownBy(() -> command("job_failed", params.formatted(", 'status': " + status)))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("\"status\" ");
        }
    }

    @Test
    void reportsOfAPythonServerHaveTheirDefaults() throws ProtocolException {
        assertThat(command(
                        "server_status_response",
                        ", 'params': {'server_uptime': 'x', 'configured_max_workers': 1,"
                                + " 'current_worker_thread_count': 2, 'queued_jobs_in_system': 3}"))
                .isEqualTo(new Report.ServerStatus("x", 1, 2, 3, 0, ""));
        assertThat(command(
                        "queue_details_response",
                        ", 'params': {'jobs': [{'job_id': 'x', 'num_input_files': 1}], 'count': 1}"))
                .isEqualTo(new Report.QueueDetails(
                        List.of(new Report.QueueDetails.Row("x", "queued", "", 1, "", "", "normal", "", "", "")), 1));
    }

    @Test
    void detailsMayLackWhatIsNotKnown() throws ProtocolException {
        assertThat(command(
                        "job_details_response",
                        ", 'params': {'job': {'job_id': 'x', 'num_input_files': 1}, 'input_bytes': 0, 'attempts': 0,"
                                + " 'num_results': 0, 'result_bytes': 0}"))
                .isEqualTo(new Report.JobDetails(
                        new Report.QueueDetails.Row("x", "queued", "", 1, "", "", "normal", "", "", ""),
                        "",
                        0,
                        "",
                        0,
                        "{}",
                        0,
                        0,
                        "",
                        "",
                        List.of()));
        assertThatThrownBy(() -> command("job_details_response", ", 'params': {'job': []}"))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("command: \"job\" must be an object; it is of kind array");
    }

    @Test
    void aPieceOfALogIsBytesAndTheLastUnlessItSaysOtherwise() throws ProtocolException {
        Report.JobLog log =
                (Report.JobLog) command("job_log", ", 'params': {'job_id': '" + ID + "', 'output': 'AP8K'}");
        assertThat(log.output()).containsExactly(0, -1, 10);
        assertThat(log.end()).isTrue();
        assertThatThrownBy(() -> command("job_log", ", 'params': {'job_id': '" + ID + "', 'output': '?'}"))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("command: \"output\" is not base64");
    }
}
