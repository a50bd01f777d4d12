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
            lines.add(elsewhereOf(completed.files().size()) + " in " + named(foldersOfOthers) + ", because "
                    + (elsewhere == 1
                            ? "a different file of the same name was"
                            : "different files of the same names were")
                    + " there already");
        }
        return lines;
    }

    private String elsewhereOf(int files) {
        if (elsewhere == 1) {
            return files == 1 ? "it is" : "1 of them is";
        }
        return elsewhere == files ? "all of them are" : elsewhere + " of them are";
    }

    /** The folder, or the one that all are in. */
    private static String named(Set<Path> folders) {
        Path common = folders.iterator().next();
        for (Path folder : folders) {
            while (!folder.startsWith(common)) {
                common = common.getParent();
            }
        }
        return folders.size() == 1 ? common.toString() : common + " (" + folders.size() + " folders)";
    }
}
