package recon.client.watch;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import recon.client.submit.KnownFile;
import recon.common.job.SubmissionId;

/**
 * Files of options that went along with a job. One that lies there still when a scan of the same name comes is not meant
 * for it: scanners use their numbers again. Not thread-safe.
 */
final class UsedOptions {
    private final Map<String, Use> uses = new HashMap<>();

    private record Use(KnownFile file, SubmissionId submission) {}

    void note(KnownFile file, SubmissionId submission) {
        uses.put(LedgerRecords.name(file), new Use(file, submission));
    }

    /** The submission came to nothing. */
    void forget(SubmissionId submission) {
        uses.values().removeIf(use -> use.submission.equals(submission));
    }

    /** Whether the file is the one that was used, and was not written since: moving it or its rights make no new one. */
    boolean contains(KnownFile file) {
        Use use = uses.get(LedgerRecords.name(file));
        return use != null
                && use.file.mark().size() == file.mark().size()
                && use.file.mark().modified() == file.mark().modified()
                && use.file.sha256().equals(file.sha256());
    }

    Optional<KnownFile> of(SubmissionId submission) {
        return uses.values().stream()
                .filter(use -> use.submission.equals(submission))
                .map(Use::file)
                .findAny();
    }

    void forEach(BiConsumer<SubmissionId, KnownFile> action) {
        uses.values().forEach(use -> action.accept(use.submission, use.file));
    }
}
