package recon.client.download;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import recon.common.job.JobId;
import recon.common.job.ResultPath;
import recon.common.transfer.IncomingFile;

/**
 * The folder that results go to. Never overwrites a different file: a result whose name is taken goes to a subfolder
 * named after the job. Nothing that a server sends can land outside of the folder.
 *
 * <p>Not thread-safe, but any number of clients may share the folder.
 */
public final class ResultFolder {
    private final Path root;

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
        Path ownFolder = root.resolve("job_" + job);
        try {
            Path target = place(root, path);
            return new Result(ownFolder, path, target, false, IncomingFile.create(target, size));
        } catch (FileAlreadyExistsException aFileWhereADirectoryShouldBe) {
            Path target = place(ownFolder, path);
            return new Result(ownFolder, path, target, true, IncomingFile.create(target, size));
        }
    }

    /** Makes the directories above the file, one by one, so that no link can lead any of them out of the folder. */
    private Path place(Path base, ResultPath path) throws IOException {
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
                target = place(ownFolder, name);
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
        public Path path() {
            return target;
        }

        /** Whether it is in the job's subfolder, because its name was taken. */
        public boolean isElsewhere() {
            return elsewhere;
        }
    }
}
