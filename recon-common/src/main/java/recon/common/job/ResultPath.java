package recon.common.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where a result file lies below a job's output directory: one or more {@linkplain FileName names}, written with
 * {@code /} between them. It cannot lead out of the directory it is resolved against.
 */
public record ResultPath(List<FileName> names) implements Comparable<ResultPath> {
    public static final int MAX_DEPTH = 32;

    public ResultPath {
        names = List.copyOf(names);
        if (names.isEmpty() || names.size() > MAX_DEPTH) {
            throw new IllegalArgumentException(
                    "a result path of " + names.size() + " names is outside 1.." + MAX_DEPTH);
        }
    }

    /** Parses a path as a peer sends it. @throws IllegalArgumentException if any part is not a {@link FileName} */
    public static ResultPath parse(String text) {
        List<FileName> names = new ArrayList<>();
        for (String part : text.split("/", MAX_DEPTH + 1)) {
            names.add(new FileName(part));
        }
        return new ResultPath(names);
    }

    /** The path of a file below {@code directory}. */
    public static ResultPath of(Path directory, Path file) {
        List<FileName> names = new ArrayList<>();
        for (Path name : directory.relativize(file)) {
            names.add(new FileName(name.toString()));
        }
        return new ResultPath(names);
    }

    public FileName fileName() {
        return names.get(names.size() - 1);
    }

    public Path resolveAgainst(Path directory) {
        Path path = directory;
        for (FileName name : names) {
            path = path.resolve(name.value());
        }
        return path;
    }

    @Override
    public int compareTo(ResultPath other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return names.stream().map(FileName::value).collect(Collectors.joining("/"));
    }
}
