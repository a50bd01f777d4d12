package recon.client.download;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.stream.Stream;
import recon.common.job.JobId;
import recon.common.job.ResultPath;
import recon.common.job.Sha256;
import recon.common.transfer.Busy;
import recon.common.transfer.IncomingFile;
import recon.common.transfer.SourceFile;
import recon.common.transfer.SourceFileException;

/**
 * The folder that results go to. Never overwrites a different file: a result whose name is taken goes to a subfolder
 * named after the job. Nothing that a server sends can land outside of the folder.
 *
 * <p>Not thread-safe, but any number of clients may share the folder.
 */
public final class ResultFolder {
    private static final int KEY_CHARS = 16;

    private final Path root;

    /**
     * Where a result is.
     *
     * @param isElsewhere in the job's subfolder, because its name was taken
     */
    public record Place(Path path, boolean isElsewhere) {}

    private ResultFolder(Path root) {
        this.root = root;
    }

    /** Opens the folder, and makes it if it is missing. */
    public static ResultFolder open(Path root) throws IOException {
        try {
            Files.createDirectories(root);
        } catch (FileAlreadyExistsException e) {
            throw new IOException("results cannot be saved in " + root + ": it is no directory", e);
        } catch (IOException e) {
            throw new IOException("results cannot be saved in " + root + ": it cannot be made (" + e + ")", e);
        }
        if (!Files.isWritable(root)) {
            throw new IOException("results cannot be saved in " + root + ": it is not writable");
        }
        return new ResultFolder(root.toRealPath());
    }

    /**
     * Begins a result.
     *
     * @param name as the server sent it
     * @throws IllegalArgumentException if it is no {@link ResultPath}
     */
    public Result begin(JobId job, String name, long size) throws IOException {
        return begin(job, ResultPath.parse(name), target -> IncomingFile.create(target, size));
    }

    /**
     * Begins a result, or goes on with one that was begun before: if it breaks off, it can be gone on with.
     *
     * @param name as the server sent it
     * @param sha256 of the result's content
     * @param busy told while the bytes that are here are read
     * @throws IllegalArgumentException if it is no {@link ResultPath}
     */
    public Result resume(JobId job, String name, long size, Sha256 sha256, Busy busy) throws IOException {
        ResultPath path = ResultPath.parse(name);
        return begin(job, path, target -> {
            Optional<IncomingFile> file = IncomingFile.resume(target, key(job, path, sha256), size, busy);
            return file.isPresent() ? file.get() : IncomingFile.create(target, size); // another client has it
        });
    }

    /** Whether there is something of a result to go on with, under the name that the server sent. */
    public boolean isBegun(JobId job, String name, Sha256 sha256) {
        ResultPath path = ResultPath.parse(name);
        return Stream.of(root, ownFolder(job))
                .map(path::resolveAgainst)
                .anyMatch(target -> Files.isRegularFile(IncomingFile.partial(target, key(job, path, sha256))));
    }

    /** Of the path, which may be longer than a file name, and the content: a job that ran again may have another. */
    private static String key(JobId job, ResultPath path, Sha256 sha256) {
        MessageDigest digest = Sha256.begin();
        digest.update((path + "\n" + sha256).getBytes(StandardCharsets.UTF_8));
        return job + "-" + Sha256.of(digest).hex().substring(0, KEY_CHARS);
    }

    /** Opens the file that will be in a place. */
    private interface Opener {
        IncomingFile open(Path target) throws IOException;
    }

    private Result begin(JobId job, ResultPath path, Opener opener) throws IOException {
        Path ownFolder = ownFolder(job);
        try {
            Path target = prepare(root, path);
            return new Result(ownFolder, path, target, false, opener.open(target));
        } catch (FileAlreadyExistsException aFileWhereADirectoryShouldBe) {
            Path target = prepare(ownFolder, path);
            return new Result(ownFolder, path, target, true, opener.open(target));
        }
    }

    /**
     * The result, if it is here already: in its place, or in the job's subfolder.
     *
     * @param name as the server sent it
     * @param sha256 of the result's content; a file of another size is not even read
     * @param busy told while files are read
     * @throws IllegalArgumentException if the name is no {@link ResultPath}
     * @throws IOException if {@code busy} throws it
     */
    public Optional<Place> find(JobId job, String name, long size, Sha256 sha256, Busy busy) throws IOException {
        ResultPath path = ResultPath.parse(name);
        Place usual = new Place(path.resolveAgainst(root), false);
        Place elsewhere = new Place(path.resolveAgainst(ownFolder(job)), true);
        if (holds(usual.path(), size, sha256, busy)) {
            return Optional.of(usual);
        }
        return holds(elsewhere.path(), size, sha256, busy) ? Optional.of(elsewhere) : Optional.empty();
    }

    /** A file that cannot be read, or lies behind a link that leads out of the folder, is not taken for the result. */
    private boolean holds(Path file, long size, Sha256 sha256, Busy busy) throws IOException {
        try {
            if (!Files.isRegularFile(file) || !file.toRealPath().startsWith(root) || Files.size(file) != size) {
                return false;
            }
        } catch (IOException e) {
            return false;
        }
        try (SourceFile candidate = SourceFile.open(file)) {
            return candidate.digest(busy).equals(sha256);
        } catch (SourceFileException e) {
            return false;
        }
    }

    private Path ownFolder(JobId job) {
        return root.resolve("job_" + job);
    }

    /** Makes the directories above the file, one by one, so that no link can lead any of them out of the folder. */
    private Path prepare(Path base, ResultPath path) throws IOException {
        Path target = path.resolveAgainst(base);
        Path directory = root;
        for (Path name : root.relativize(target.getParent())) {
            directory = directory.resolve(name);
            try {
                Files.createDirectory(directory);
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(directory)) {
                    throw e;
                }
                if (!directory.toRealPath().startsWith(root)) {
                    throw new IOException(
                            directory + " is a link that leads out of the download folder " + root + "; remove it");
                }
            }
        }
        return target;
    }

    /** A result on its way into the folder. */
    public final class Result {
        private final Path ownFolder;
        private final ResultPath name;
        private final IncomingFile file;
        private Path target;
        private boolean elsewhere;

        private Result(Path ownFolder, ResultPath name, Path target, boolean elsewhere, IncomingFile file) {
            this.ownFolder = ownFolder;
            this.name = name;
            this.target = target;
            this.elsewhere = elsewhere;
            this.file = file;
        }

        public IncomingFile file() {
            return file;
        }

        /** Gives the file its name, or its place in the job's subfolder. The same file once more changes nothing. */
        public void commit() throws IOException {
            if (committed()) {
                return;
            }
            if (!elsewhere) {
                elsewhere = true;
                target = prepare(ownFolder, name);
                if (committed()) {
                    return;
                }
            }
            throw new IOException(target + " is there already, with different contents");
        }

        private boolean committed() throws IOException {
            try {
                file.commitAs(target);
                return true;
            } catch (FileAlreadyExistsException taken) {
                boolean same = file.hasContentOf(target);
                if (same) {
                    file.discard();
                }
                return same;
            }
        }

        /** Where the file is, once committed. */
        public Place place() {
            return new Place(target, elsewhere);
        }
    }
}
