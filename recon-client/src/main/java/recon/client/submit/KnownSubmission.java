package recon.client.submit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import recon.common.job.FileName;
import recon.common.job.InputFile;
import recon.common.job.JobRequest;
import recon.common.job.ReconOptions;
import recon.common.job.SubmissionId;

/**
 * A submission that somebody remembers: over any number of connections and programs it is the same, of the same content.
 *
 * @param files the primary one first
 * @param begunBefore whether the server may have heard of it
 */
public record KnownSubmission(SubmissionId id, List<KnownFile> files, ReconOptions options, boolean begunBefore) {
    public KnownSubmission {
        files = List.copyOf(files);
    }

    /** @throws IllegalArgumentException if a file's name cannot be sent */
    public JobRequest request() {
        List<InputFile> inputs = new ArrayList<>();
        for (KnownFile file : files) {
            Path path = file.path();
            inputs.add(new InputFile(new FileName(path.getFileName().toString()), path.toString()));
        }
        return new JobRequest(inputs, options);
    }
}
