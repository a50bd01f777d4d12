package recon.mrd.session;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.mrd.file.GroupCounts;
import recon.mrd.file.MrdWriter;

/**
 * What servers that were killed were just saving: hidden files, which hold what came in until a little before. Those that
 * can be read get a name that is seen; no file is removed.
 */
public final class LeftOverRecordings {
    private static final Logger log = LoggerFactory.getLogger(LeftOverRecordings.class);

    private LeftOverRecordings() {}

    /**
     * Looks through a directory, which need not be there, and tells of each file in the log. Leaves alone what a program that
     * runs is writing. To be called before this program saves anything there.
     */
    public static void rescue(Path directory) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> hidden = Files.newDirectoryStream(directory, ".*.part")) {
            for (Path file : hidden) {
                if (MrdWriter.targetOf(file).isPresent() && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    rescueFile(file);
                }
            }
        } catch (IOException | RuntimeException e) {
            log.warn("whether there are files in {} that were not completed is not known: {}", directory, e.toString());
        }
    }

    private static void rescueFile(Path file) {
        try {
            if (MrdWriter.isBeingWritten(file)) {
                log.debug("{} is being written by another program", file);
                return;
            }
            GroupCounts content = GroupCounts.of(file, MrdWriter.DEFAULT_GROUP);
            log.warn(
                    "a file was not complete when its server ended; what came in until shortly before, {}, is in {}",
                    content,
                    SaveDirectory.keepIncomplete(file));
        } catch (IOException | RuntimeException e) {
            log.warn("{} was not complete when its server ended, and stays as it is: {}", file, Words.reason(e));
        }
    }
}
