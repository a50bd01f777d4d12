package recon.client.watch;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import recon.client.submit.FileMark;
import recon.client.submit.KnownFile;
import recon.common.job.ReconOptions;
import recon.common.job.Sha256;
import recon.common.transfer.SourceFile;
import recon.common.wire.ReconOptionsJson;

/** Reads what makes a group a job: its files' digests and its options. */
final class GroupReader {
    private static final int MAX_OPTIONS_BYTES = 1 << 20;

    private final WatchSettings settings;
    private final BooleanSupplier isOver;

    /** @param isOver ends the reading of a file early */
    GroupReader(WatchSettings settings, BooleanSupplier isOver) {
        this.settings = settings;
        this.isOver = isOver;
    }

    /** A file is not what it was when it was taken. */
    static final class ChangedException extends IOException {
        private static final long serialVersionUID = 1L;

        private ChangedException(Path file) {
            super(file.getFileName() + " has changed since it was taken");
        }
    }

    /**
     * Reads the files through.
     *
     * @throws ChangedException if one has changed, or changes meanwhile
     * @throws IOException if one cannot be read
     * @throws IllegalArgumentException if they are too many
     */
    List<KnownFile> read(Group group) throws IOException {
        if (group.files().size() > settings.maxJobFiles()) {
            throw new IllegalArgumentException(group.files().size() + " files are more than one job may have"
                    + " (MAX_JOB_FILES = " + settings.maxJobFiles() + ")");
        }
        List<KnownFile> files = new ArrayList<>();
        for (Sighting file : group.files()) {
            Path path = settings.directory().resolve(file.name());
            files.add(new KnownFile(path, file.mark(), digest(path, file.mark())));
        }
        return files;
    }

    private Sha256 digest(Path path, FileMark mark) throws IOException {
        if (!mark.isStillOf(path)) {
            throw new ChangedException(path);
        }
        Sha256 sha256;
        try (SourceFile source = SourceFile.open(path)) {
            sha256 = source.digest(this::endEarly);
        } catch (IOException e) {
            if (!mark.isStillOf(path)) {
                throw new ChangedException(path);
            }
            throw e;
        }
        if (!mark.isStillOf(path)) {
            throw new ChangedException(path);
        }
        return sha256;
    }

    private void endEarly() throws IOException {
        if (isOver.getAsBoolean()) {
            throw new InterruptedIOException("the program ends");
        }
    }

    /** Whether the file has the content that it had. */
    boolean stillHolds(KnownFile file) {
        try {
            return digest(file.path(), file.mark()).equals(file.sha256());
        } catch (IOException e) {
            return isOver.getAsBoolean();
        }
    }

    /**
     * The options of a job: those of the settings, and over them those of {@code STEM.json}, if there is one.
     *
     * @throws IllegalArgumentException if they are no options
     */
    ReconOptions options(String stem) throws IOException {
        Path file = settings.directory().resolve(stem + Sighting.OPTIONS_SUFFIX);
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_OPTIONS_BYTES + 1);
        } catch (NoSuchFileException none) {
            return settings.options();
        }
        if (bytes.length > MAX_OPTIONS_BYTES) {
            throw new IllegalArgumentException(file + " is larger than " + MAX_OPTIONS_BYTES + " bytes");
        }
        try {
            String json = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return ReconOptionsJson.merge(settings.options().json(), json);
        } catch (CharacterCodingException | IllegalArgumentException e) {
            String problem = e instanceof CharacterCodingException ? "is not UTF-8" : e.getMessage();
            throw new IllegalArgumentException(file + ": " + problem, e);
        }
    }
}
