package recon.server.intake;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.job.InputFile;
import recon.common.job.ResultPath;
import recon.common.job.Sha256;
import recon.common.lifecycle.CrashPoint;
import recon.common.transfer.FileReceiver;
import recon.common.transfer.IncomingFile;
import recon.common.transfer.KeepAlive;
import recon.common.transfer.SourceFile;
import recon.common.transfer.StreamReceiver;
import recon.common.wire.SecureChannel;
import recon.common.wire.Transfer;
import recon.server.queue.StoredFile;

/**
 * Version 2: asks for all files at once, but for the bytes that are here from an upload that broke off, and gets them as a
 * stream. What came in stays when it breaks.
 */
final class StreamedUpload implements FileUpload {
    private static final Logger log = LoggerFactory.getLogger(StreamedUpload.class);

    private final List<InputFile> files;
    private final List<OptionalLong> sizes;
    private final Path directory;
    private final UploadRoom room;
    private final StreamReceiver receiver;
    private final KeepAlive busy;
    private final List<Part> parts = new ArrayList<>();

    /** What is here of a file: all of it in its place, or some in an open file, or nothing. */
    private static final class Part {
        private final Path target;
        private final String key;
        private Optional<Sha256> whole = Optional.empty();
        private Optional<IncomingFile> begun = Optional.empty();
        private long bytes;

        Part(Path target, String key) {
            this.target = target;
            this.key = key;
        }
    }

    /** @param sizes as the client announced them */
    StreamedUpload(
            SecureChannel channel, List<InputFile> files, List<OptionalLong> sizes, Path directory, UploadRoom room) {
        this.files = files;
        this.sizes = sizes;
        this.directory = directory;
        this.room = room;
        this.receiver = new StreamReceiver(channel, room::written);
        this.busy = new KeepAlive(channel);
    }

    @Override
    public List<StoredFile> receive() throws IOException {
        removeOthers();
        List<Transfer.Wanted> wanted = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            wanted.add(wanted(i));
            busy.tick();
        }
        CrashPoint.BEFORE_FILE_REQUEST.reach();
        receiver.request(wanted);
        CrashPoint.AFTER_FILE_REQUEST.reach();
        for (int i = 0; i < files.size(); i++) {
            InputFile file = files.get(i);
            Part part = parts.get(i);
            receiver.receive(file.name().value(), part.whole, start -> {
                ChunkedUpload.requireName(file, start);
                room.add(start.size(), start.offset());
                return arrival(part, start);
            });
        }
        List<Transfer.Receipt> receipts = receiver.awaitCommits();
        List<StoredFile> stored = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            stored.add(new StoredFile(
                    new ResultPath(List.of(files.get(i).name())),
                    receipts.get(i).size(),
                    receipts.get(i).sha256()));
        }
        return stored;
    }

    /** Whatever an earlier attempt left that is none of our files: the script must not see it. */
    private void removeOthers() throws IOException {
        Set<Path> expected = new HashSet<>();
        for (int i = 0; i < files.size(); i++) {
            Path target = directory.resolve(files.get(i).name().value());
            expected.add(target);
            expected.add(IncomingFile.partial(target, String.valueOf(i)));
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (!expected.contains(entry)) {
                    Files.delete(entry);
                }
            }
        }
    }

    private Transfer.Wanted wanted(int index) throws IOException {
        Path target = directory.resolve(files.get(index).name().value());
        Part part = new Part(target, String.valueOf(index));
        parts.add(part);
        if (Files.isRegularFile(target)) {
            try (SourceFile whole = SourceFile.open(target)) {
                part.bytes = whole.size();
                part.whole = Optional.of(whole.digest(busy));
            }
            return new Transfer.Wanted(part.bytes, part.whole);
        }
        if (sizes.get(index).isPresent() && Files.isRegularFile(IncomingFile.partial(target, part.key))) {
            IncomingFile begun = open(part, sizes.get(index).getAsLong());
            part.begun = Optional.of(begun);
            if (begun.receivedBytes() > 0) {
                log.info(
                        "{} goes on at byte {} of {}",
                        files.get(index).name(),
                        begun.receivedBytes(),
                        begun.expectedBytes());
                return new Transfer.Wanted(begun.receivedBytes(), Optional.of(begun.sha256()));
            }
        }
        return Transfer.Wanted.WHOLE;
    }

    private IncomingFile open(Part part, long size) throws IOException {
        return IncomingFile.resume(part.target, part.key, size, busy)
                .orElseThrow(() -> new IOException("another upload writes " + part.target.getFileName()));
    }

    private Optional<FileReceiver.Arrival> arrival(Part part, Transfer.Start start) throws IOException {
        if (part.whole.isPresent() && start.offset() > 0 && start.size() == part.bytes) {
            return Optional.empty();
        }
        if (part.whole.isPresent() && part.bytes == 0 && start.size() == 0) {
            return Optional.empty();
        }
        IncomingFile file;
        if (part.begun.isPresent() && part.begun.get().expectedBytes() == start.size()) {
            file = part.begun.get();
        } else {
            closeBegun(part);
            if (part.whole.isPresent() && start.offset() == part.bytes && part.bytes > 0) {
                Files.move(part.target, IncomingFile.partial(part.target, part.key)); // the client's file has grown
            }
            if (start.offset() == 0) { // the client's file has changed
                Files.deleteIfExists(IncomingFile.partial(part.target, part.key));
            }
            file = open(part, start.size());
        }
        part.begun = Optional.empty();
        return Optional.of(FileReceiver.Arrival.of(file));
    }

    private static void closeBegun(Part part) {
        try {
            if (part.begun.isPresent()) {
                part.begun.get().close();
            }
        } catch (IOException e) {
            log.warn("closing a file that came in failed: {}", e.toString());
        }
    }

    @Override
    public void confirm() throws IOException {
        receiver.acknowledge();
    }

    @Override
    public void close() {
        receiver.close();
        parts.forEach(StreamedUpload::closeBegun);
    }
}
