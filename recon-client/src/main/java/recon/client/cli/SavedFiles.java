package recon.client.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import recon.client.submit.JobOutcome;

/** Where a job's results went, for the last words about it. */
final class SavedFiles {
    private final Set<Path> folders = new TreeSet<>();
    private final Set<Path> foldersOfOthers = new TreeSet<>();
    private int elsewhere;

    void add(Path file, boolean isElsewhere) {
        folders.add(file.getParent());
        if (isElsewhere) {
            elsewhere++;
            foldersOfOthers.add(file.getParent());
        }
    }

    /** One or two lines. */
    List<String> summary(JobOutcome.Completed completed) {
        List<String> lines = new ArrayList<>();
        String job = "job " + completed.job() + " is complete";
        if (completed.files().isEmpty()) {
            return List.of(job + "; the script left no files");
        }
        lines.add(job + ": " + Words.count(completed.files().size(), "file") + " in " + named(folders));
        if (elsewhere > 0) {
            lines.add(Words.count(elsewhere, "file") + " of them in " + named(foldersOfOthers)
                    + ", because different files of the same names were there already");
        }
        return lines;
    }

    private static String named(Set<Path> paths) {
        return paths.size() == 1 ? paths.iterator().next().toString() : paths.size() + " folders";
    }
}
