package recon.server.script;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import recon.common.job.ResultPath;

/**
 * A directory that scripts of all jobs write to ({@code RECON_OUTPUT_MODE = shared}), as it was before a job: what is
 * new or changed since is the job's. That holds only while one job runs at a time.
 */
public final class SharedOutput {
    private final Path directory;
    private final Map<Path, Stamp> before;

    private SharedOutput(Path directory, Map<Path, Stamp> before) {
        this.directory = directory;
        this.before = before;
    }

    /** Looks at every file under the directory; to be called before the script starts. */
    public static SharedOutput before(Path directory) throws IOException {
        return new SharedOutput(directory, stamps(directory));
    }

    /**
     * The regular files that are new, or differ in size, modification time or identity; sorted by path.
     *
     * @throws UnsendableResultException if the path of one of them is no {@link ResultPath}
     */
    public List<ResultPath> changed() throws IOException {
        List<Path> files = stamps(directory).entrySet().stream()
                .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
                .map(Map.Entry::getKey)
                .toList();
        return ResultFiles.resultPaths(directory, files);
    }

    private static Map<Path, Stamp> stamps(Path directory) throws IOException {
        Map<Path, Stamp> stamps = new TreeMap<>();
        ResultFiles.regularFiles(directory).forEach((file, attributes) -> stamps.put(file, Stamp.of(attributes)));
        return stamps;
    }

    /** @param fileKey device and inode where there are such: a file written anew and renamed into place has another */
    private record Stamp(long sizeBytes, FileTime modified, Optional<Object> fileKey) {
        static Stamp of(BasicFileAttributes attributes) {
            return new Stamp(
                    attributes.size(), attributes.lastModifiedTime(), Optional.ofNullable(attributes.fileKey()));
        }
    }
}
