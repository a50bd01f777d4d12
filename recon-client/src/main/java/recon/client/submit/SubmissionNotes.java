package recon.client.submit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import recon.common.job.InputFile;
import recon.common.job.JobRequest;
import recon.common.job.Sha256;
import recon.common.job.SubmissionId;

/**
 * Notes on submissions of which the server has not yet said that it has them whole, so that the same command, run again
 * after this program was ended, is the same submission. A note holds for the same files (by path, size and time), options
 * and server, for a week; while a program uses it, no other can.
 *
 * <p>Notes help, and no more: where one cannot be kept, the submission goes on without.
 */
public final class SubmissionNotes {
    private static final Duration LIFETIME = Duration.ofDays(7);
    private static final int NAME_CHARS = 32;
    private static final int ID_CHARS = 36;
    private static final String PREFIX = "submission-";

    private final Optional<Path> directory;
    private final String server;
    private final Consumer<String> trace;

    /**
     * @param directory made if it is missing; empty for no notes
     * @param server name and port
     * @param trace told in words what cannot be noted
     */
    public SubmissionNotes(Optional<Path> directory, String server, Consumer<String> trace) {
        this.directory = directory;
        this.server = server;
        this.trace = trace;
    }

    /** The note of one submission, in use until it is closed. */
    public static final class Note implements Closeable {
        private final SubmissionId id;
        private final boolean begunBefore;
        private final Optional<Path> file;
        private final Optional<FileChannel> channel;

        private Note(SubmissionId id, boolean begunBefore, Optional<Path> file, Optional<FileChannel> channel) {
            this.id = id;
            this.begunBefore = begunBefore;
            this.file = file;
            this.channel = channel;
        }

        /** Of a submission that the caller remembers by other means. */
        public static Note of(SubmissionId id, boolean begunBefore) {
            return new Note(id, begunBefore, Optional.empty(), Optional.empty());
        }

        public SubmissionId id() {
            return id;
        }

        /** Whether an earlier program made the submission, and was ended before the server had it whole. */
        public boolean isBegunBefore() {
            return begunBefore;
        }

        /** There is nothing to go on with any more. */
        public void forget() {
            try {
                if (channel.isPresent() && channel.get().isOpen()) {
                    channel.get().truncate(0); // for somebody who has just opened it
                    Files.deleteIfExists(file.orElseThrow());
                }
            } catch (IOException e) {
                // The note stays: should the command be run again within a week, the server knows what became of it.
            }
        }

        @Override
        public void close() throws IOException {
            if (channel.isPresent()) {
                channel.get().close();
            }
        }
    }

    /** The note of these files and options: an earlier one, or a new one. */
    public Note open(JobRequest request) {
        if (directory.isEmpty()) {
            return withoutNote();
        }
        try {
            Files.createDirectories(directory.get(), privately());
            removeOld();
            Path file = directory.get().resolve(PREFIX + name(request));
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                if (!isOurs(channel)) {
                    channel.close(); // the same command runs now: this is another job
                    return withoutNote();
                }
                Optional<SubmissionId> earlier = read(channel);
                SubmissionId id = earlier.orElseGet(SubmissionId::random);
                if (earlier.isEmpty()) {
                    write(channel, id);
                }
                return new Note(id, earlier.isPresent(), Optional.of(file), Optional.of(channel));
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            trace.accept("the submission cannot be noted in " + directory.get()
                    + ", and cannot go on if this program ends: " + e);
            return withoutNote();
        }
    }

    private void removeOld() throws IOException {
        Instant limit = Instant.now().minus(LIFETIME);
        try (DirectoryStream<Path> notes = Files.newDirectoryStream(directory.orElseThrow(), PREFIX + "*")) {
            for (Path note : notes) {
                if (Files.getLastModifiedTime(note).toInstant().isBefore(limit)) {
                    Files.deleteIfExists(note);
                }
            }
        } catch (NoSuchFileException anotherProgramWasFaster) {
            // It is gone.
        }
    }

    private static Note withoutNote() {
        return new Note(SubmissionId.random(), false, Optional.empty(), Optional.empty());
    }

    private static boolean isOurs(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException anotherThreadHasIt) {
            return false;
        }
    }

    private static Optional<SubmissionId> read(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(ID_CHARS + 1);
        while (text.hasRemaining() && channel.read(text) >= 0) {
            // Reads on.
        }
        String id = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII);
        try {
            return Optional.of(SubmissionId.parse(id.strip()));
        } catch (IllegalArgumentException torn) {
            return Optional.empty();
        }
    }

    private static void write(FileChannel channel, SubmissionId id) throws IOException {
        channel.truncate(0);
        ByteBuffer text = ByteBuffer.wrap((id + "\n").getBytes(StandardCharsets.US_ASCII));
        channel.position(0);
        while (text.hasRemaining()) {
            channel.write(text);
        }
        channel.force(true);
    }

    private String name(JobRequest request) throws IOException {
        StringBuilder about =
                new StringBuilder(server).append('\n').append(request.options().json());
        for (InputFile file : request.files()) {
            BasicFileAttributes attributes =
                    Files.readAttributes(Path.of(file.originalPath()), BasicFileAttributes.class);
            about.append('\n')
                    .append(file.originalPath())
                    .append('\n')
                    .append(attributes.size())
                    .append(' ')
                    .append(attributes.lastModifiedTime());
        }
        MessageDigest digest = Sha256.begin();
        digest.update(about.toString().getBytes(StandardCharsets.UTF_8));
        return Sha256.of(digest).hex().substring(0, NAME_CHARS);
    }

    private static FileAttribute<?>[] privately() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }
}
