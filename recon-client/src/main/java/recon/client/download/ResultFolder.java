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
    private final JobId job;

    private ResultFolder(Path root, JobId job) {
        this.root = root;
        this.job = job;
    }

    /** Opens the folder, and makes it if it is missing. */
    public static ResultFolder open(Path root, JobId job) throws IOException {
        try {
            Files.createDirectories(root);
            if (!Files.isWritable(root)) {
                throw new IOException("it is not writable");
            }
            return new ResultFolder(root.toRealPath(), job);
        } catch (IOException e) {
            throw new IOException("results cannot be saved in " + root + ": " + e.getMessage(), e);
        }
    }

    /**
     * Begins a result.
     *
     * @param name as the server sent it
     * @throws IllegalArgumentException if it is no {@link ResultPath}
     */
    public Result begin(String name, long size) throws IOException {
        ResultPath path = ResultPath.parse(name);
        Path target = inside(root, path);
        return new Result(path, target, IncomingFile.create(target, size));
    }

    /** Makes the directories above the file, and makes sure that no link leads out of the folder. */
    private Path inside(Path base, ResultPath path) throws IOException {
        Path target = path.resolveAgainst(base);
        Path parent = target.getParent();
        Files.createDirectories(parent);
        if (!parent.toRealPath().startsWith(root)) {
            throw new IOException(parent + " leads out of the download folder " + root + "; remove that link");
        }
        return target;
    }

    /** A result on its way into the folder. */
    public final class Result {
        private final ResultPath name;
        private final Path wanted;
        private final IncomingFile file;
        private Path place;

        private Result(ResultPath name, Path wanted, IncomingFile file) {
            this.name = name;
            this.wanted = wanted;
            this.file = file;
            this.place = wanted;
        }

        public IncomingFile file() {
            return file;
        }

        /** Gives the file its name, or its place in the job's subfolder. The same file once more changes nothing. */
        public void commit() throws IOException {
            try {
                file.commitAs(wanted);
            } catch (FileAlreadyExistsException taken) {
                if (file.hasContentOf(wanted)) {
                    return; // closing the incoming file removes the second copy
                }
                place = inside(root.resolve("job_" + job), name);
                file.commitAs(place);
            }
        }

        /** Where the file is, once committed. */
        public Path path() {
            return place;
        }

        /** Whether it is in the job's subfolder. */
        public boolean isElsewhere() {
            return !place.equals(wanted);
        }
    }
}
