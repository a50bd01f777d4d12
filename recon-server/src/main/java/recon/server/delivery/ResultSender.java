package recon.server.delivery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import recon.common.job.FileName;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.ResultPath;
import recon.common.lifecycle.CrashPoint;
import recon.common.transfer.FileSender;
import recon.common.transfer.SourceFile;
import recon.common.transfer.SourceFileException;
import recon.common.transfer.StreamSender;
import recon.common.transfer.TransferProgress;
import recon.common.wire.Event;
import recon.common.wire.EventAck;
import recon.common.wire.ProtocolException;
import recon.common.wire.SecureChannel;
import recon.common.wire.Transfer;
import recon.server.queue.StoredFile;

/** Tells a waiting client how its job ended, and hands over the results. Used by the thread that owns the channel. */
final class ResultSender {
    /** Room for the number of a result whose name is taken, and a {@code _}. */
    private static final int NUMBER_BYTES = 11;

    private final SecureChannel channel;
    private final JobId job;
    private final String primaryFile;

    ResultSender(SecureChannel channel, JobId job, FileName primaryFile) {
        this.channel = channel;
        this.job = job;
        this.primaryFile = primaryFile.value();
    }

    /**
     * Sends every result, and returns once the client has confirmed them.
     *
     * @param directory what the paths are relative to
     * @throws IOException if the client did not take all of them
     */
    void sendResults(Path directory, List<StoredFile> results, Delivery.Manners manners) throws IOException {
        CrashPoint.BEFORE_RESULTS_REPLY.reach();
        if (results.isEmpty()) {
            channel.announce(new Event.ReconStatus(job, Event.ReconStatus.COMPLETED_NO_DICOMS, primaryFile));
            return;
        }
        EventAck ack = channel.announce(new Event.DicomTransferStart(job, results.size()));
        if (!ack.status().equals(EventAck.READY)) {
            throw new ProtocolException(
                    "the client is not ready for the results; it answered \"" + ack.status() + "\"");
        }
        CrashPoint.AFTER_RESULTS_REPLY.reach();
        if (channel.streams()) {
            stream(directory, results);
            return;
        }
        List<ResultPath> paths = results.stream().map(StoredFile::path).toList();
        List<String> names =
                manners.paths() ? paths.stream().map(ResultPath::toString).toList() : bareNames(paths);
        for (int i = 0; i < names.size(); i++) {
            StoredFile result = results.get(i);
            CrashPoint.BEFORE_RESULT_SENT.reach();
            send(result, directory, names.get(i), manners.receipts());
            CrashPoint.AFTER_RESULT_CONFIRMED.reach();
        }
    }

    /** Offers the results a list at a time, and sends what the client asks for of each list. */
    private void stream(Path directory, List<StoredFile> results) throws IOException {
        StreamSender sender = new StreamSender(channel, TransferProgress.NONE);
        for (int at = 0; at < results.size(); at += Transfer.LIST_ENTRIES) {
            List<StoredFile> list = results.subList(at, Math.min(results.size(), at + Transfer.LIST_ENTRIES));
            channel.send(new Transfer.OfferFiles(list.stream()
                    .map(result -> new Transfer.Offered(result.path().toString(), result.size(), result.sha256()))
                    .toList()));
            List<Transfer.Wanted> wanted = channel.expect(
                            Transfer.RequestFiles.class, "request_files of the results that were offered")
                    .files();
            if (wanted.size() != list.size()) {
                throw new ProtocolException(
                        "the client asks for " + wanted.size() + " files, and was offered " + list.size());
            }
            for (int i = 0; i < list.size(); i++) {
                CrashPoint.BEFORE_RESULT_SENT.reach();
                stream(sender, directory, list.get(i), wanted.get(i));
            }
            sender.awaitReceipts();
            CrashPoint.AFTER_RESULT_CONFIRMED.reach();
        }
    }

    private void stream(StreamSender sender, Path directory, StoredFile result, Transfer.Wanted wanted)
            throws IOException {
        String name = result.path().toString();
        try (SourceFile file = SourceFile.open(result.path().resolveAgainst(directory))) {
            if (file.size() != result.size()) {
                throw new SourceFileException(file.path(), "has " + file.size() + " bytes, and had " + result.size());
            }
            sender.send(file, name, wanted, result.sha256());
        } catch (SourceFileException e) {
            channel.send(new Transfer.RefuseFile(name, e.getMessage()));
            throw e;
        }
    }

    /** Says that the client has it all. */
    void sendComplete() throws IOException {
        channel.announce(new Event.ReconComplete(job, primaryFile));
    }

    /** Says that there will be no results. */
    void sendFailure(String reason, JobState state) throws IOException {
        channel.announce(new Event.JobFailed(job, primaryFile, reason, state));
    }

    /** @param receipts the client compares the digest; where it does not, we do, since the disk may have changed the file */
    private void send(StoredFile result, Path directory, String name, boolean receipts) throws IOException {
        try (FileSender sender = FileSender.open(result.path().resolveAgainst(directory))) {
            if (receipts) {
                sender.send(channel, name, Optional.of(result.sha256()), TransferProgress.NONE);
            } else {
                sender.require(result.size(), result.sha256());
                sender.send(channel, name, Optional.empty(), TransferProgress.NONE);
            }
        } catch (SourceFileException e) {
            channel.send(new Transfer.RefuseFile(name, e.getMessage()));
            throw e;
        }
    }

    /**
     * The last element of each path where no two are alike; where they are, the whole path with {@code _} for {@code /},
     * shortened at its beginning to what a file name may be, and numbered if that is still taken.
     */
    static List<String> bareNames(List<ResultPath> results) {
        Set<String> once = new HashSet<>();
        Set<String> twice = new HashSet<>();
        for (ResultPath result : results) {
            String name = result.fileName().value();
            if (!once.add(name)) {
                twice.add(name);
            }
        }
        Set<String> taken = new HashSet<>(once);
        taken.removeAll(twice);
        List<String> names = new ArrayList<>();
        for (ResultPath result : results) {
            String name = result.fileName().value();
            names.add(twice.contains(name) ? unusedName(result, taken) : name);
        }
        return names;
    }

    private static String unusedName(ResultPath result, Set<String> taken) {
        String flat = result.toString().replace('/', '_');
        while (flat.getBytes(StandardCharsets.UTF_8).length > FileName.MAX_BYTES - NUMBER_BYTES) {
            flat = flat.substring(flat.offsetByCodePoints(0, 1));
        }
        String name = flat;
        for (int n = 2; !taken.add(name); n++) {
            name = n + "_" + flat;
        }
        return name;
    }
}
