package recon.client.watch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import recon.client.submit.FileMark;
import recon.client.submit.KnownFile;
import recon.client.submit.KnownSubmission;
import recon.common.job.JobId;
import recon.common.job.ReconOptions;
import recon.common.job.Sha256;
import recon.common.job.SubmissionId;

/**
 * What was sent from one directory: files by name and mark, contents by digest, and submissions whose end is not known.
 * Everything is on the disk before a method returns, and so before it is done: a submission is noted before the server
 * hears of it, and after a crash it is the same submission again.
 *
 * <p>Thread-safe. The lock covers the file too: its order is the order of what happened.
 */
final class Ledger implements Closeable {
    private static final int SPARE_RECORDS = 500;

    private final LedgerRecords form;

    @GuardedBy("this")
    private final LedgerFile file;

    @GuardedBy("this")
    private final Map<Sha256, SubmissionId> contents = new HashMap<>();

    @GuardedBy("this")
    private final Map<String, KnownFile> sent = new HashMap<>();

    @GuardedBy("this")
    private final Map<String, Refusal> refused = new HashMap<>();

    @GuardedBy("this")
    private final UsedOptions usedOptions = new UsedOptions();

    @GuardedBy("this")
    private final Map<SubmissionId, Pending> pending = new LinkedHashMap<>();

    /**
     * A submission whose end is not known.
     *
     * @param job once the server has it
     * @param folder the name of the folder for its results, once the server has the job
     */
    record Pending(KnownSubmission submission, Optional<JobId> job, String folder) {}

    /** @param forGood whether it shows nowhere but here, so that nobody can ask for another attempt but by a change */
    private record Refusal(FileMark mark, boolean forGood) {}

    /** What became of an attempt to begin a submission. */
    sealed interface Begun {
        /** It is noted. */
        record New(KnownSubmission submission) implements Begun {}

        /** Nothing of it is new: all contents were sent, some of them with this submission. */
        record Known(SubmissionId before) implements Begun {}

        /** Nothing of it is new, but this submission, of the same content, may still come to nothing. */
        record Unsure(SubmissionId before) implements Begun {}
    }

    /**
     * Opens the ledger of a directory, and makes it if it is missing.
     *
     * @throws IOException also if it is damaged
     */
    static Ledger open(Path file, Path directory) throws IOException {
        List<List<String>> records = new ArrayList<>();
        return new Ledger(LedgerFile.open(file, records), directory, records, file);
    }

    private Ledger(LedgerFile ledgerFile, Path directory, List<List<String>> records, Path path) throws IOException {
        this.form = new LedgerRecords(directory);
        synchronized (this) {
            this.file = ledgerFile;
            try {
                for (List<String> record : records) {
                    replay(record);
                }
                if (records.isEmpty()) {
                    file.append(List.of(form.header()));
                } else {
                    compact(records.size());
                }
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                file.close();
                throw new IOException(path + " is of another version of this program: " + e.getMessage(), e);
            } catch (IOException e) {
                file.close();
                throw e;
            }
        }
    }

    @GuardedBy("this")
    private void replay(List<String> record) {
        switch (record.get(0)) {
            case LedgerRecords.HEADER -> LedgerRecords.requireVersion(record);
            case LedgerRecords.BEGIN, LedgerRecords.BEGIN_WITH_OPTIONS ->
                note(form.submission(record), form.optionsFile(record));
            case LedgerRecords.OPTIONS -> usedOptions.note(form.file(record, 2), LedgerRecords.id(record));
            case LedgerRecords.QUEUED -> note(LedgerRecords.id(record), JobId.parse(record.get(2)), record.get(3));
            case LedgerRecords.ENDED -> pending.remove(LedgerRecords.id(record));
            case LedgerRecords.DROPPED -> forget(LedgerRecords.id(record));
            case LedgerRecords.SENT -> contents.put(new Sha256(record.get(2)), LedgerRecords.id(record));
            case LedgerRecords.SAME -> noteSent(form.file(record, 1));
            case LedgerRecords.REFUSED -> noteRefused(form.file(record, 1), false);
            case LedgerRecords.REFUSED_FOR_GOOD -> noteRefused(form.file(record, 1), true);
            default -> throw new IllegalArgumentException("it holds a record \"" + record.get(0) + "\"");
        }
    }

    @GuardedBy("this")
    private void note(KnownSubmission submission, Optional<KnownFile> optionsFile) {
        pending.put(submission.id(), new Pending(submission, Optional.empty(), ""));
        for (KnownFile one : submission.files()) {
            contents.putIfAbsent(one.sha256(), submission.id());
            noteSent(one);
        }
        optionsFile.ifPresent(one -> usedOptions.note(one, submission.id()));
    }

    @GuardedBy("this")
    private void noteSent(KnownFile one) {
        sent.put(LedgerRecords.name(one), one);
        refused.remove(LedgerRecords.name(one));
    }

    @GuardedBy("this")
    private void noteRefused(KnownFile one, boolean forGood) {
        refused.put(LedgerRecords.name(one), new Refusal(one.mark(), forGood));
        sent.remove(LedgerRecords.name(one));
    }

    @GuardedBy("this")
    private void note(SubmissionId id, JobId job, String folder) {
        pending.computeIfPresent(id, (same, before) -> new Pending(before.submission(), Optional.of(job), folder));
    }

    @GuardedBy("this")
    private void forget(SubmissionId id) {
        usedOptions.forget(id);
        Pending dropped = pending.remove(id);
        if (dropped != null) {
            for (KnownFile one : dropped.submission().files()) {
                contents.remove(one.sha256(), id);
                sent.remove(LedgerRecords.name(one), one);
            }
        }
    }

    /** Leaves out what is over, once that is the larger part. */
    @GuardedBy("this")
    private void compact(int records) throws IOException {
        List<List<String>> needed = new ArrayList<>(List.of(form.header()));
        contents.forEach((sha256, id) -> {
            if (!pending.containsKey(id)) {
                needed.add(List.of(LedgerRecords.SENT, id.toString(), sha256.hex()));
            }
        });
        sent.values().stream()
                .filter(one -> Files.exists(one.path()))
                .forEach(one -> needed.add(LedgerRecords.of(LedgerRecords.SAME, one)));
        refused.forEach(
                (name, one) -> needed.add(LedgerRecords.of(refusal(one.forGood()), form.unread(name, one.mark()))));
        usedOptions.forEach((id, one) -> needed.add(LedgerRecords.options(id, one)));
        pending.forEach((id, one) -> {
            needed.add(LedgerRecords.begin(one.submission(), Optional.empty()));
            one.job().ifPresent(job -> needed.add(LedgerRecords.queued(id, job, one.folder())));
        });
        if (records > needed.size() * 3 / 2 + SPARE_RECORDS) {
            file.replace(needed);
        }
    }

    /** Whether the file has been sent, or is about to be, as far as shows without reading it. */
    synchronized boolean isSent(String name, FileMark mark) {
        KnownFile known = sent.get(name);
        return known != null && known.mark().equals(mark);
    }

    /** Whether the file, as it is, was in a job that could not be submitted. */
    synchronized boolean isRefused(String name, FileMark mark) {
        Refusal refusal = refused.get(name);
        return refusal != null && refusal.mark().equals(mark);
    }

    /** Whether the file, as it is, was refused and could not be marked: then it is not tried again until it changes. */
    synchronized boolean isRefusedForGood(String name, FileMark mark) {
        return isRefused(name, mark) && refused.get(name).forGood();
    }

    /** Whether a file of options went along with a job already, and was not written anew since. */
    synchronized boolean isUsedUp(KnownFile optionsFile) {
        return usedOptions.contains(optionsFile);
    }

    /** The file of options that went along with a submission, unless another one has taken its name since. */
    synchronized Optional<KnownFile> optionsFile(SubmissionId id) {
        return usedOptions.of(id);
    }

    /**
     * Notes a submission of these files, unless nothing of it is new.
     *
     * @param files in the directory, the primary one first
     * @param optionsFile where some of the options are from; it is used up then
     */
    synchronized Begun begin(List<KnownFile> files, ReconOptions options, Optional<KnownFile> optionsFile)
            throws IOException {
        if (contents.keySet().containsAll(files.stream().map(KnownFile::sha256).toList())) {
            for (KnownFile one : files) {
                SubmissionId before = contents.get(one.sha256());
                if (isUnsettled(before)) {
                    return new Begun.Unsure(before);
                }
            }
            file.append(files.stream()
                    .map(one -> LedgerRecords.of(LedgerRecords.SAME, one))
                    .toList());
            for (KnownFile one : files) {
                noteSent(one);
            }
            return new Begun.Known(contents.get(files.get(0).sha256()));
        }
        KnownSubmission submission = new KnownSubmission(SubmissionId.random(), files, options, false);
        file.append(List.of(LedgerRecords.begin(submission, optionsFile)));
        note(submission, optionsFile);
        return new Begun.New(submission);
    }

    /** Whether the submission may still come to nothing. */
    synchronized boolean isUnsettled(SubmissionId id) {
        return pending.containsKey(id) && pending.get(id).job().isEmpty();
    }

    /** The server has it. */
    synchronized void queued(SubmissionId id, JobId job, Path folder) throws IOException {
        String name = folder.getFileName().toString();
        file.append(List.of(LedgerRecords.queued(id, job, name)));
        note(id, job, name);
    }

    /** The job has ended, and its results are here. */
    synchronized void ended(SubmissionId id) throws IOException {
        file.append(List.of(LedgerRecords.of(LedgerRecords.ENDED, id)));
        pending.remove(id);
    }

    /** The server does not have it and never will: its contents were not sent. */
    synchronized void dropped(SubmissionId id) throws IOException {
        file.append(List.of(LedgerRecords.of(LedgerRecords.DROPPED, id)));
        forget(id);
    }

    /** These files, as they are, make no job, as their marks are about to show. */
    synchronized void refused(Map<String, FileMark> files) throws IOException {
        refused(files, false);
    }

    /** These files make no job, and cannot be marked. */
    synchronized void refusedForGood(Map<String, FileMark> files) throws IOException {
        refused(files, true);
    }

    @GuardedBy("this")
    private void refused(Map<String, FileMark> files, boolean forGood) throws IOException {
        List<KnownFile> unread = new ArrayList<>();
        files.forEach((name, mark) -> unread.add(form.unread(name, mark)));
        file.append(unread.stream()
                .map(one -> LedgerRecords.of(refusal(forGood), one))
                .toList());
        unread.forEach(one -> noteRefused(one, forGood));
    }

    private static String refusal(boolean forGood) {
        return forGood ? LedgerRecords.REFUSED_FOR_GOOD : LedgerRecords.REFUSED;
    }

    /** The submissions whose end is not known, the oldest first. */
    synchronized List<Pending> pending() {
        return List.copyOf(pending.values());
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
