package recon.client.watch;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    /** {@code STEM.json} as it was read. */
    record OptionsFile(KnownFile file, String json) {
        String name() {
            return file.path().getFileName().toString();
        }
    }

    /**
     * Reads {@code STEM.json}, if there is one.
     *
     * @throws ChangedException if it changes meanwhile
     * @throws IllegalArgumentException if it is no regular file, too large for options, or not UTF-8
     */
    Optional<OptionsFile> optionsFile(String stem) throws IOException {
        Path file = settings.directory().resolve(stem + Sighting.OPTIONS_SUFFIX);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) { // to open a pipe waits for its writer
            throw new IllegalArgumentException(file + " is no regular file; write the options themselves there");
        }
        try {
            FileMark mark = FileMark.of(file);
            byte[] content;
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                content = in.readNBytes(MAX_OPTIONS_BYTES + 1);
            }
            if (content.length > MAX_OPTIONS_BYTES) {
                throw new IllegalArgumentException(file + " is larger than " + MAX_OPTIONS_BYTES + " bytes");
            }
            if (!mark.isStillOf(file)) {
                throw new ChangedException(file);
            }
            MessageDigest digest = Sha256.begin();
            digest.update(content);
            String json = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            return Optional.of(new OptionsFile(new KnownFile(file, mark, Sha256.of(digest)), json));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + ": is not UTF-8", e);
        } catch (NoSuchFileException gone) {
            throw new ChangedException(file);
        }
    }

    /** @throws ChangedException if {@code STEM.json} is another one meanwhile */
    void requireStill(String stem, Optional<OptionsFile> before) throws IOException {
        if (!optionsFile(stem).equals(before)) {
            throw new ChangedException(settings.directory().resolve(stem + Sighting.OPTIONS_SUFFIX));
        }
    }

    /**
     * The options of a job: those of the settings, and over them those of its own file, if it has one.
     *
     * @throws IllegalArgumentException if they are no options
     */
    ReconOptions options(Optional<OptionsFile> own) {
        if (own.isEmpty()) {
            return settings.options();
        }
        try {
            return ReconOptionsJson.merge(settings.options().json(), own.get().json());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(own.get().file().path() + ": " + e.getMessage(), e);
        }
    }
}
