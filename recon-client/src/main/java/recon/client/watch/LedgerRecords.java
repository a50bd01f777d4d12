package recon.client.watch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import recon.client.submit.FileMark;
import recon.client.submit.KnownFile;
import recon.client.submit.KnownSubmission;
import recon.common.job.JobId;
import recon.common.job.Sha256;
import recon.common.job.SubmissionId;
import recon.common.wire.ReconOptionsJson;

/**
 * How the ledger writes what it knows, as fields with a word for their kind first; {@link LedgerFile} writes those.
 *
 * @param directory of the files that the records name
 */
record LedgerRecords(Path directory) {
    static final String HEADER = "ledger";
    static final String BEGIN = "begin";
    static final String BEGIN_WITH_OPTIONS = "begin-with-options";
    static final String OPTIONS = "options";
    static final String QUEUED = "queued";
    static final String ENDED = "ended";
    static final String DROPPED = "dropped";
    static final String SENT = "sent";
    static final String SAME = "same";
    static final String REFUSED = "refused";
    static final String REFUSED_FOR_GOOD = "refused-for-good";
    private static final String VERSION = "1";
    private static final int FILE_FIELDS = 5;

    List<String> header() {
        return List.of(HEADER, VERSION, directory.toString());
    }

    static void requireVersion(List<String> header) {
        if (!header.get(1).equals(VERSION)) {
            throw new IllegalArgumentException("its version is " + header.get(1));
        }
    }

    /** A record of a submission, of either kind. */
    static List<String> begin(KnownSubmission submission, Optional<KnownFile> optionsFile) {
        List<String> record = new ArrayList<>(List.of(
                optionsFile.isPresent() ? BEGIN_WITH_OPTIONS : BEGIN,
                submission.id().toString(),
                submission.options().json()));
        optionsFile.ifPresent(file -> record.addAll(fields(file)));
        submission.files().forEach(file -> record.addAll(fields(file)));
        return record;
    }

    KnownSubmission submission(List<String> record) {
        List<KnownFile> files = new ArrayList<>();
        for (int i = 3 + (hasOptions(record) ? FILE_FIELDS : 0); i < record.size(); i += FILE_FIELDS) {
            files.add(file(record, i));
        }
        return new KnownSubmission(id(record), files, ReconOptionsJson.parse(record.get(2)), true);
    }

    /** The file of options that a submission begins with. */
    Optional<KnownFile> optionsFile(List<String> record) {
        return hasOptions(record) ? Optional.of(file(record, 3)) : Optional.empty();
    }

    private static boolean hasOptions(List<String> record) {
        return record.get(0).equals(BEGIN_WITH_OPTIONS);
    }

    static List<String> queued(SubmissionId id, JobId job, String folder) {
        return List.of(QUEUED, id.toString(), job.toString(), folder);
    }

    static List<String> of(String kind, SubmissionId id) {
        return List.of(kind, id.toString());
    }

    static List<String> of(String kind, KnownFile file) {
        List<String> record = new ArrayList<>(List.of(kind));
        record.addAll(fields(file));
        return record;
    }

    static List<String> options(SubmissionId id, KnownFile file) {
        List<String> record = new ArrayList<>(of(OPTIONS, id));
        record.addAll(fields(file));
        return record;
    }

    /** A file that makes no job. Nobody has read it. */
    KnownFile unread(String name, FileMark mark) {
        return new KnownFile(directory.resolve(name), mark, Sha256.of(Sha256.begin()));
    }

    static SubmissionId id(List<String> record) {
        return SubmissionId.parse(record.get(1));
    }

    /** @param at the first of its fields */
    KnownFile file(List<String> record, int at) {
        FileMark mark = new FileMark(
                Long.parseLong(record.get(at + 1)), Long.parseLong(record.get(at + 2)), record.get(at + 3));
        return new KnownFile(directory.resolve(record.get(at)), mark, new Sha256(record.get(at + 4)));
    }

    private static List<String> fields(KnownFile file) {
        return List.of(
                name(file),
                Long.toString(file.mark().size()),
                Long.toString(file.mark().modified()),
                file.mark().identity(),
                file.sha256().hex());
    }

    static String name(KnownFile file) {
        return file.path().getFileName().toString();
    }
}
