package recon.client.submit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import recon.client.download.ResultFolder;
import recon.common.job.JobId;
import recon.common.job.Sha256;
import recon.common.transfer.Busy;
import recon.common.transfer.FileReceiver;
import recon.common.transfer.KeepAlive;
import recon.common.transfer.StreamReceiver;
import recon.common.wire.Event;
import recon.common.wire.EventAck;
import recon.common.wire.Message;
import recon.common.wire.ProtocolException;
import recon.common.wire.SecureChannel;
import recon.common.wire.Transfer;

/**
 * A job's end, and its results on this machine. Over a new connection only those are sent that are not here yet.
 *
 * <p>Not thread-safe: used by one thread.
 */
final class JobResults {
    private final ResultFolder downloads;
    private final JobListener listener;
    private final Consumer<String> trace;
    private final Set<Path> saved = new LinkedHashSet<>();

    JobResults(ResultFolder downloads, JobListener listener, Consumer<String> trace) {
        this.downloads = downloads;
        this.listener = listener;
        this.trace = trace;
    }

    int count() {
        return saved.size();
    }

    /** Returns when the job has ended. */
    JobOutcome await(SecureChannel channel, JobId job) throws IOException {
        while (true) {
            Message message = SecureChannel.cast(channel.receiveWhenever(), Message.class, "an event of job " + job);
            trace.accept("received " + message.label());
            if (message instanceof Event.DicomTransferStart start) {
                requireSame(job, start.jobId());
                download(channel, start);
            } else if (message instanceof Event.ReconComplete complete) {
                requireSame(job, complete.jobId());
                acknowledge(channel, complete, EventAck.RECEIVED);
                return new JobOutcome.Completed(job, List.copyOf(saved));
            } else if (message instanceof Event.JobFailed failed) {
                requireSame(job, failed.jobId());
                acknowledge(channel, failed, EventAck.RECEIVED);
                return new JobOutcome.Failed(job, failed.state(), failed.error());
            } else if (message instanceof Event news) {
                acknowledge(channel, news, EventAck.RECEIVED);
            } else {
                throw new ProtocolException("expected an event of job " + job + ", got " + message.label());
            }
        }
    }

    private static void acknowledge(SecureChannel channel, Event event, String word) throws IOException {
        channel.send(new EventAck(event.name(), word));
    }

    private static void requireSame(JobId ours, JobId theirs) throws ProtocolException {
        if (!ours.equals(theirs)) {
            throw new ProtocolException("the server sent an event of job " + theirs + ", which is not ours");
        }
    }

    private void download(SecureChannel channel, Event.DicomTransferStart start) throws IOException {
        acknowledge(channel, start, EventAck.READY);
        listener.receiving(start.fileCount());
        if (channel.streams()) {
            stream(channel, start);
            return;
        }
        FileReceiver receiver = new FileReceiver(channel, listener::received);
        for (int i = 1; i <= start.fileCount(); i++) {
            Arrivals arrivals = new Arrivals(start.jobId());
            receiver.receive("result " + i + " of " + start.fileCount(), arrivals);
            ResultFolder.Place place = arrivals.place();
            trace.accept((arrivals.found.isPresent() ? "had " : "saved ") + place.path());
            if (saved.add(place.path())) {
                listener.saved(place.path(), place.isElsewhere());
            }
        }
    }

    /** Version 2: the server offers a list of results at a time. */
    private void stream(SecureChannel channel, Event.DicomTransferStart start) throws IOException {
        try (StreamReceiver receiver = new StreamReceiver(channel, listener::received)) {
            for (int done = 0; done < start.fileCount(); ) {
                List<Transfer.Offered> offered =
                        channel.expect(Transfer.OfferFiles.class, "offer_files").files();
                if (offered.isEmpty() || offered.size() > start.fileCount() - done) {
                    throw new ProtocolException("the server offers " + offered.size() + " files where "
                            + (start.fileCount() - done) + " are due");
                }
                stream(channel, receiver, start.jobId(), offered);
                done += offered.size();
            }
        }
    }

    private void stream(SecureChannel channel, StreamReceiver receiver, JobId job, List<Transfer.Offered> offered)
            throws IOException {
        KeepAlive keepAlive = new KeepAlive(channel);
        List<Arriving> arrivals = new ArrayList<>();
        try {
            List<Transfer.Wanted> wanted = new ArrayList<>();
            for (Transfer.Offered offer : offered) {
                Arriving arriving = new Arriving(job, offer, keepAlive);
                arrivals.add(arriving);
                wanted.add(new Transfer.Wanted(arriving.bytesHere(), Optional.empty()));
            }
            receiver.request(wanted);
            for (Arriving arriving : arrivals) {
                receiver.receive(arriving.offer.filename(), arriving.whole(), arriving);
            }
            receiver.awaitCommits();
        } finally {
            receiver.close(); // nobody may close a file that is being committed
            for (Arriving arriving : arrivals) {
                arriving.close();
            }
        }
        for (Arriving arriving : arrivals) {
            ResultFolder.Place place = arriving.place();
            trace.accept((arriving.found.isPresent() ? "had " : "saved ") + place.path());
            if (saved.add(place.path())) {
                listener.saved(place.path(), place.isElsewhere());
            }
        }
        receiver.acknowledge();
    }

    /** A result that is here, or partly here, or not yet. */
    private final class Arriving implements StreamReceiver.Destination {
        private final JobId job;
        private final Transfer.Offered offer;
        private final Busy busy;
        private final Optional<ResultFolder.Place> found;
        private ResultFolder.Result result;

        Arriving(JobId job, Transfer.Offered offer, Busy busy) throws IOException {
            this.job = job;
            this.offer = offer;
            this.busy = busy;
            this.found = downloads.find(job, offer.filename(), offer.size(), offer.sha256(), busy);
            if (found.isEmpty() && downloads.isBegun(job, offer.filename(), offer.sha256())) {
                begin();
            }
        }

        private void begin() throws IOException {
            result = downloads.resume(job, offer.filename(), offer.size(), offer.sha256(), busy);
        }

        long bytesHere() {
            if (found.isPresent()) {
                return offer.size();
            }
            return result == null ? 0 : result.file().receivedBytes();
        }

        Optional<Sha256> whole() {
            return found.map(place -> offer.sha256());
        }

        @Override
        public Optional<FileReceiver.Arrival> open(Transfer.Start start) throws IOException {
            if (!start.filename().equals(offer.filename()) || start.size() != offer.size()) {
                throw new ProtocolException("expected " + offer.filename() + " of " + offer.size() + " bytes, got "
                        + start.filename() + " of " + start.size());
            }
            if (found.isPresent()) {
                return Optional.empty();
            }
            if (result == null) {
                begin();
            }
            return Optional.of(new FileReceiver.Arrival(result.file(), result::commit));
        }

        ResultFolder.Place place() {
            return found.orElseGet(() -> result.place());
        }

        void close() throws IOException {
            if (result != null) {
                result.file().close();
            }
        }
    }

    /** Where one result goes, or was found. */
    private final class Arrivals implements FileReceiver.Destination {
        private final JobId job;
        private Optional<ResultFolder.Place> found = Optional.empty();
        private ResultFolder.Result result;

        Arrivals(JobId job) {
            this.job = job;
        }

        @Override
        public Optional<FileReceiver.Arrival> open(Transfer.Start start) throws IOException {
            if (start.sha256().isPresent()) {
                found = downloads.find(
                        job, start.filename(), start.size(), start.sha256().get(), Busy.QUIETLY);
                if (found.isPresent()) {
                    return Optional.empty();
                }
            }
            result = downloads.begin(job, start.filename(), start.size());
            return Optional.of(new FileReceiver.Arrival(result.file(), result::commit));
        }

        ResultFolder.Place place() {
            return found.orElseGet(() -> result.place());
        }
    }
}
