package recon.common.job;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a client asks for.
 *
 * @param files the input files; the first one is the primary file. At least one, and no two of the same name
 * @param options handed to the reconstruction script
 */
public record JobRequest(List<InputFile> files, ReconOptions options) {
    public JobRequest {
        files = List.copyOf(files);
        if (files.isEmpty()) {
            throw new IllegalArgumentException("a job needs at least one input file");
        }
        Map<FileName, String> paths = new HashMap<>();
        for (InputFile file : files) {
            String other = paths.putIfAbsent(file.name(), file.originalPath());
            if (other != null) {
                throw new IllegalArgumentException("two input files are named " + file.name() + ": " + other + " and "
                        + file.originalPath() + "; a job's files lie in one directory, so rename one of them");
            }
        }
    }

    public FileName primaryFile() {
        return files.get(0).name();
    }
}
