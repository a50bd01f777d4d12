package recon.client.watch;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.client.submit.FileMark;
import recon.client.submit.KnownFile;
import recon.common.job.Failures;

/**
 * Shows which files were in a job that failed: {@code NAME.failed} beside each holds the reason. Where a directory for
 * them is set, both are there.
 *
 * <p>Thread-safe: it keeps nothing in memory.
 */
final class FailedFiles {
    static final String MARK_SUFFIX = ".failed";

    private static final Logger log = LoggerFactory.getLogger(FailedFiles.class);
    private static final int MAX_SAME_NAMES = 10_000;

    private final Path directory;
    private final Optional<Path> failedDirectory;

    FailedFiles(Path directory, Optional<Path> failedDirectory) {
        this.directory = directory;
        this.failedDirectory = failedDirectory;
    }

    /** Whether the file was marked here, and the mark has not been removed. */
    boolean isMarked(String name) {
        return Files.exists(mark(directory.resolve(name)), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Marks files, or moves them, and with them the file of their options. One that has changed since is none of the job's any more, and stays.
     *
     * @return those of {@code files} for which that cannot be done
     */
    Map<String, FileMark> show(Map<String, FileMark> files, Optional<KnownFile> optionsFile, String reason) {
        Map<String, FileMark> unmarked = show(files, reason);
        if (failedDirectory.isPresent() && optionsFile.isPresent()) {
            KnownFile file = optionsFile.get();
            show(Map.of(file.path().getFileName().toString(), file.mark()), reason);
        }
        return unmarked;
    }

    private Map<String, FileMark> show(Map<String, FileMark> files, String reason) {
        Map<String, FileMark> unmarked = new LinkedHashMap<>();
        files.forEach((name, mark) -> {
            Path file = directory.resolve(name);
            if (!mark.isStillOf(file)) {
                return;
            }
            try {
                Path shown = failedDirectory.isPresent() ? move(file, failedDirectory.get()) : file;
                write(mark(shown), Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + reason.strip() + "\n");
                log.info("{}", failedDirectory.isPresent() ? name + " is now " + shown : "marked as " + mark(shown));
            } catch (IOException e) {
                unmarked.put(name, mark);
                log.warn(
                        "{} cannot be {} as failed: {}; it is left as it is until it changes. Give this program the right to"
                                + " write to {}",
                        name,
                        failedDirectory.isPresent() ? "moved" : "marked",
                        Failures.words(e),
                        failedDirectory.orElse(directory));
            }
        });
        return unmarked;
    }

    /** Whole or not at all, and never through a link in its place. */
    private static void write(Path mark, String words) throws IOException {
        Path temporary = mark.resolveSibling("." + UUID.randomUUID() + MARK_SUFFIX);
        try {
            Files.writeString(temporary, words, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.move(temporary, mark, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Never over another file. */
    private static Path move(Path file, Path into) throws IOException {
        Files.createDirectories(into);
        String name = file.getFileName().toString();
        for (int number = 1; number <= MAX_SAME_NAMES; number++) {
            Path target = into.resolve(number == 1 ? name : name + "." + number);
            try {
                Files.writeString(mark(target), "", StandardOpenOption.CREATE_NEW); // reserves both names
            } catch (FileAlreadyExistsException taken) {
                continue;
            }
            try {
                return Files.move(file, target);
            } catch (FileAlreadyExistsException taken) {
                Files.delete(mark(target));
            } catch (IOException e) {
                Files.deleteIfExists(mark(target));
                throw e;
            }
        }
        throw new IOException(into + " holds too many files named " + name);
    }

    private static Path mark(Path file) {
        return file.resolveSibling(file.getFileName() + MARK_SUFFIX);
    }

    /** A new file under an old name is not what failed. */
    void clear(String name) {
        try {
            Files.deleteIfExists(mark(directory.resolve(name)));
        } catch (IOException e) {
            log.warn("the mark of {} cannot be removed: {}", name, Failures.words(e));
        }
    }
}
