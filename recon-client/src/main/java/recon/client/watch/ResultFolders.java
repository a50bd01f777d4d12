package recon.client.watch;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.job.Failures;
import recon.common.job.JobId;

/** A folder for the results of each job, named after its files if that name is free. Thread-safe. */
final class ResultFolders {
    private static final Logger log = LoggerFactory.getLogger(ResultFolders.class);

    private final Path downloads;

    ResultFolders(Path downloads) {
        this.downloads = downloads;
    }

    /** The folder of a job whose folder was made before. */
    Path of(String name) {
        return downloads.resolve(name);
    }

    /** A folder of the job's own. It may be missing if it could not be made: then it is made for the results. */
    Path make(Path primaryFile, JobId job) {
        String stem = Sighting.stem(primaryFile.getFileName().toString());
        try {
            Files.createDirectories(downloads);
            return Files.createDirectory(of(stem));
        } catch (FileAlreadyExistsException taken) {
            return of(stem + "_" + job);
        } catch (IOException e) {
            log.warn("no folder for results can be made now: {}", Failures.words(e));
            return of(stem + "_" + job);
        }
    }

    /** To be called when the job has ended. */
    static void removeEmpty(Path folder) {
        try {
            Files.deleteIfExists(folder);
        } catch (IOException holdsResults) {
            // They stay.
        }
    }
}
