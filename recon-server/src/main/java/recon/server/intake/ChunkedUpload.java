package recon.server.intake;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import recon.common.job.FileName;
import recon.common.job.InputFile;
import recon.common.job.ResultPath;
import recon.common.lifecycle.CrashPoint;
import recon.common.transfer.FileReceiver;
import recon.common.transfer.IncomingFile;
import recon.common.wire.ProtocolException;
import recon.common.wire.SecureChannel;
import recon.common.wire.Transfer;
import recon.server.queue.StoredFile;

/** Version 1: asks for one file after the other, and gets each in chunks. */
final class ChunkedUpload implements FileUpload {
    private final SecureChannel channel;
    private final List<InputFile> files;
    private final Path directory;
    private final UploadRoom room;

    ChunkedUpload(SecureChannel channel, List<InputFile> files, Path directory, UploadRoom room) {
        this.channel = channel;
        this.files = files;
        this.directory = directory;
        this.room = room;
    }

    @Override
    public List<StoredFile> receive() throws IOException {
        FileReceiver receiver = new FileReceiver(channel, room::written);
        List<StoredFile> stored = new ArrayList<>();
        for (InputFile file : files) {
            CrashPoint.BEFORE_FILE_REQUEST.reach();
            channel.send(new Transfer.RequestFile(file.originalPath()));
            CrashPoint.AFTER_FILE_REQUEST.reach();
            FileReceiver.Received received = receiver.receive(file.name().value(), start -> {
                requireName(file, start);
                room.add(start.size(), 0);
                return Optional.of(FileReceiver.Arrival.of(
                        IncomingFile.create(directory.resolve(file.name().value()), start.size())));
            });
            stored.add(new StoredFile(
                    new ResultPath(List.of(file.name())),
                    received.size(),
                    received.sha256().orElseThrow()));
        }
        return stored;
    }

    static void requireName(InputFile file, Transfer.Start start) throws ProtocolException {
        if (!FileName.lastOf(start.filename()).equals(file.name())) {
            throw new ProtocolException("Unexpected filename. Expected " + file.name() + ".");
        }
    }

    @Override
    public void confirm() {}

    @Override
    public void close() {}
}
