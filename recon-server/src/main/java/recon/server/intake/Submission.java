package recon.server.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import recon.common.job.InputFile;
import recon.common.job.JobRequest;
import recon.common.job.Priority;
import recon.common.job.SubmissionId;
import recon.common.transfer.IncomingFile;
import recon.common.wire.ReconOptionsJson;
import recon.common.wire.Request;
import recon.server.queue.JobRecord;

/**
 * What a client asks for, checked.
 *
 * @param id the client's, or one made here for a client that sends none
 * @param priority what the job gets
 * @param notice what the client should know of that, or empty
 * @param hasClientsId whether the client chose the id, and can come back with it
 * @param sizes of the files, as far as the client has said
 * @param announced bytes of all files, as far as the client has said; 0 or more
 */
record Submission(
        JobRequest request,
        SubmissionId id,
        boolean hasClientsId,
        Priority priority,
        String notice,
        List<OptionalLong> sizes,
        long announced) {
    /** @throws NotTakenException if it is malformed, or more than one client may ask for */
    static Submission check(Request.SubmitJob request, SubmissionLimits limits) throws NotTakenException {
        if (request.files().isEmpty()) {
            throw new NotTakenException("'files' list missing or empty.");
        }
        if (request.files().size() > limits.jobFiles()) {
            throw new NotTakenException(request.files().size() + " files are more than this server takes in one job"
                    + " (MAX_JOB_FILES = " + limits.jobFiles() + ")");
        }
        long announced = request.files().stream()
                .mapToLong(file -> file.size().orElse(0))
                .reduce(0, (sum, size) -> sum + size < 0 ? Long.MAX_VALUE : sum + size);
        if (announced > limits.jobBytes()) {
            throw new NotTakenException(announced
                    + " bytes are more than this server takes in one job (MAX_JOB_BYTES = " + limits.jobBytes() + ")");
        }
        try {
            Priority wanted = Priority.parse(request.priority());
            Priority priority = wanted.atMost(limits.priority());
            String notice = priority == wanted
                    ? ""
                    : "priority " + wanted.word() + " is more than this server gives to clients; the job has priority "
                            + priority.word() + " (MAX_CLIENT_PRIORITY)";
            List<InputFile> files = new ArrayList<>();
            for (Request.SubmitJob.OfferedFile file : request.files()) {
                InputFile input = file.toInputFile();
                if (IncomingFile.isPartialName(input.name().value())) {
                    throw new NotTakenException(
                            "\"" + input.name() + "\" is what files are called here until they are whole; rename it");
                }
                files.add(input);
            }
            JobRequest job = new JobRequest(files, ReconOptionsJson.parse(request.optionsJson()));
            return new Submission(
                    job,
                    request.submissionId().orElseGet(SubmissionId::random),
                    request.submissionId().isPresent(),
                    priority,
                    notice,
                    request.files().stream()
                            .map(Request.SubmitJob.OfferedFile::size)
                            .toList(),
                    announced);
        } catch (IllegalArgumentException e) {
            throw new NotTakenException(e.getMessage());
        }
    }

    /** Whether a job that was accepted under this id is of the same files and options. */
    boolean isSameAs(JobRecord job) {
        return job.primaryFile().equals(request.primaryFile())
                && job.fileCount() == request.files().size()
                && job.options().equals(request.options());
    }
}
