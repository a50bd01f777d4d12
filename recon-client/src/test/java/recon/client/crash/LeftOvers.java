package recon.client.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What should not be there once every job has ended. */
final class LeftOvers {
    private final Path directory;

    private LeftOvers(Path directory) {
        this.directory = directory;
    }

    static LeftOvers of(CrashSite site) {
        return new LeftOvers(site.directory());
    }

    /** Directories of jobs, files that are not whole, and processes of scripts, in words. */
    List<String> list() throws IOException {
        List<String> found = new ArrayList<>();
        for (String base : List.of("inputs", "outputs")) {
            try (Stream<Path> paths = Files.list(directory.resolve(base))) {
                paths.filter(path -> path.getFileName().toString().startsWith("job_"))
                        .forEach(path -> found.add(path.toString()));
            }
        }
        for (Path file : all(directory)) {
            if (file.getFileName().toString().startsWith(".incoming-")) {
                found.add(file.toString());
            }
        }
        processes().forEach(process -> found.add("process " + process.pid()));
        return found;
    }

    /** Files come and go meanwhile. */
    private static List<Path> all(Path root) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(root)) {
            for (Path child : children) {
                found.add(child);
                if (Files.isDirectory(child)) {
                    found.addAll(all(child));
                }
            }
        } catch (java.nio.file.NoSuchFileException gone) {
            return found;
        }
        return found;
    }

    void endProcesses() throws IOException {
        processes().forEach(ProcessHandle::destroyForcibly);
    }

    /** Known by the input directory in their environment, which lies here. */
    private List<ProcessHandle> processes() throws IOException {
        String mark = "\0RECON_INPUT_DIR=" + directory + "/";
        List<ProcessHandle> found = new ArrayList<>();
        if (!Files.isDirectory(Path.of("/proc"))) {
            return found; // they cannot be told from others here
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                try {
                    String environment = "\0"
                            + new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1);
                    if (environment.contains(mark)) {
                        ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                                .ifPresent(found::add);
                    }
                } catch (IOException goneOrNotOurs) {
                    // no script of this site
                }
            }
        }
        return found;
    }
}
