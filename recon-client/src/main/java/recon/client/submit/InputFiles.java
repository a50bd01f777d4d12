package recon.client.submit;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import recon.common.job.FileName;
import recon.common.job.InputFile;
import recon.common.job.JobRequest;
import recon.common.job.ReconOptions;

/** The files a person names, as a job's request. Problems are for that person to read. */
public final class InputFiles {
    private InputFiles() {}

    /**
     * A request for these files, in this order.
     *
     * @throws IllegalArgumentException if one does not exist, is no regular file or cannot be read, or if two have the
     *     same name
     */
    public static JobRequest request(List<Path> files, ReconOptions options) {
        List<InputFile> inputs = new ArrayList<>();
        for (Path file : files) {
            Path absolute = file.toAbsolutePath().normalize();
            if (!Files.exists(absolute)) {
                throw new IllegalArgumentException(file + ": there is no such file");
            }
            if (!Files.isRegularFile(absolute)) {
                throw new IllegalArgumentException(file + " is no regular file; for a directory use --directory");
            }
            if (!Files.isReadable(absolute)) {
                throw new IllegalArgumentException(file + " cannot be read: permission denied");
            }
            inputs.add(new InputFile(new FileName(absolute.getFileName().toString()), absolute.toString()));
        }
        return new JobRequest(inputs, options);
    }

    /**
     * The regular files of a directory, not of its subdirectories, whose names match, sorted by name.
     *
     * @param pattern a glob as of {@link java.nio.file.FileSystem#getPathMatcher}, for example {@code *.dat}
     * @throws IllegalArgumentException if there are none, or the directory or the pattern is no such thing
     */
    public static List<Path> matching(Path directory, String pattern) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException(directory + " is no directory");
        }
        PathMatcher matcher = matcher(pattern);
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (matcher.matches(entry.getFileName()) && Files.isRegularFile(entry)) {
                    files.add(entry);
                }
            }
        } catch (AccessDeniedException e) {
            throw new IllegalArgumentException(directory + " cannot be read: permission denied", e);
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException("no file in " + directory + " matches \"" + pattern + "\"");
        }
        files.sort(null);
        return files;
    }

    private static PathMatcher matcher(String pattern) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "\"" + pattern + "\" is no pattern: " + e.getDescription() + "; write one like \"*.dat\"", e);
        }
    }
}
