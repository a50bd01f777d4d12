package recon.client.download;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.stream.Stream;
import recon.common.job.JobId;
import recon.common.job.ResultPath;
import recon.common.job.Sha256;
import recon.common.transfer.IncomingFile;

/**
 * The folder that results go to. Never overwrites a different file: a result whose name is taken goes to a subfolder
 * named after the job. Nothing that a server sends can land outside of the folder.
 *
 * <p>Not thread-safe, but any number of clients may share the folder.
 */
public final class ResultFolder {
    private static final int READ_BYTES = 128 * 1024;

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
        ResultPath path = ResultPath.parse(name);
        Path ownFolder = ownFolder(job);
        try {
            Path target = prepare(root, path);
            return new Result(ownFolder, path, target, false, IncomingFile.create(target, size));
        } catch (FileAlreadyExistsException aFileWhereADirectoryShouldBe) {
            Path target = prepare(ownFolder, path);
            return new Result(ownFolder, path, target, true, IncomingFile.create(target, size));
        }
    }

    /**
     * The result, if it is here already: in its place, or in the job's subfolder.
     *
     * @param name as the server sent it
     * @param sha256 of the result's content; a file of another size is not even read
     * @throws IllegalArgumentException if the name is no {@link ResultPath}
     */
    public Optional<Place> find(JobId job, String name, long size, Sha256 sha256) {
        ResultPath path = ResultPath.parse(name);
        Place usual = new Place(path.resolveAgainst(root), false);
        Place elsewhere = new Place(path.resolveAgainst(ownFolder(job)), true);
        return Stream.of(usual, elsewhere)
                .filter(place -> holds(place.path(), size, sha256))
                .findFirst();
    }

    /** A file that cannot be read, or lies behind a link that leads out of the folder, is not taken for the result. */
    private boolean holds(Path file, long size, Sha256 sha256) {
        try {
            return Files.isRegularFile(file)
                    && file.toRealPath().startsWith(root)
                    && Files.size(file) == size
                    && digest(file).equals(sha256);
        } catch (IOException e) {
            return false;
        }
    }

    private static Sha256 digest(Path file) throws IOException {
        MessageDigest digest = Sha256.begin();
        byte[] buffer = new byte[READ_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return Sha256.of(digest);
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
                return file.hasContentOf(target); // if so, closing the incoming file removes the second copy
            }
        }

        /** Where the file is, once committed. */
        public Place place() {
            return new Place(target, elsewhere);
        }
    }
}
