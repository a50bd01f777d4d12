package recon.client.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import recon.common.job.Failures;
import recon.mrd.file.MrdReader;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;

/** What the tools for ISMRMRD files have in common. */
final class MrdFiles {
    private static final String SUFFIX = ".h5";

    private MrdFiles() {}

    /**
     * Opens one group of a file.
     *
     * @param asked for on the command line, or null: then the file must have only one
     */
    static MrdReader open(CommandSpec spec, Path file, String asked) throws IOException {
        return open(spec, file, asked, "--group");
    }

    /** As {@link #open(CommandSpec, Path, String)}, where the option has another name. */
    static MrdReader open(CommandSpec spec, Path file, String asked, String option) throws IOException {
        List<String> groups = groups(file);
        if (asked == null && groups.size() > 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    file + " has " + groups.size() + " groups; say which with " + option + ": " + quoted(groups));
        }
        if (asked != null && !groups.contains(asked)) {
            throw new ParameterException(spec.commandLine(), noGroup(file, asked, groups));
        }
        return MrdReader.open(file, asked == null ? groups.get(0) : asked);
    }

    /** What to say of a group that is not there. */
    static String noGroup(Path file, String asked, List<String> groups) {
        return file + " has no group \"" + asked + "\"; it has " + quoted(groups);
    }

    /** As a shell takes them: there are blanks in the names that {@code mrd send} gives. */
    private static String quoted(List<String> groups) {
        return groups.stream().map(group -> "\"" + group + "\"").collect(Collectors.joining(", "));
    }

    /** @throws MrdException if there is none */
    static List<String> groups(Path file) throws IOException {
        List<String> groups = MrdReader.groups(file);
        if (groups.isEmpty()) {
            throw new MrdException(file + ": not an ISMRMRD file: there is no group in it");
        }
        return groups;
    }

    /** As {@link #open(CommandSpec, Path, String)}, for those who want images. */
    static MrdReader openImages(CommandSpec spec, Path file, String asked) throws IOException {
        MrdReader in = open(spec, file, asked);
        try {
            if (in.images().stream().allMatch(series -> series.count() == 0)) {
                throw new MrdException(file + ": there are no images in group " + in.group());
            }
            return in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** The XML header; some clients send a word in its place, with which no image is lost. */
    static Optional<MrdHeader> header(MrdReader in) {
        try {
            return Optional.of(in.header());
        } catch (MrdException e) {
            return Optional.empty();
        }
    }

    /** What did not let itself be written, under the name that the user knows: a temporary file's is in the failure. */
    static IOException cannotWrite(Path file, IOException e) {
        return new IOException(file + " cannot be written: " + reason(file, e), e);
    }

    private static String reason(Path file, IOException e) {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file)) {
            return "it is a folder";
        }
        if (folder != null && !Files.isDirectory(folder)) {
            return Files.exists(folder) ? folder + " is no folder" : "there is no folder " + folder;
        }
        return e instanceof FileSystemException failure ? Failures.reason(failure) : e.getMessage();
    }

    /** Makes a folder, if it is not there, and those that it is in. */
    static void createFolder(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(e.getFile() + " is no folder", e);
        } catch (FileSystemException e) {
            throw new IOException(folder + " cannot be made: " + Failures.reason(e), e);
        }
    }

    /** A file's name without .h5. */
    static String stem(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(SUFFIX) && name.length() > SUFFIX.length()
                ? name.substring(0, name.length() - SUFFIX.length())
                : name;
    }

    /** Part of a file's name. */
    static String plain(String text) {
        return text.replaceAll("[^\\p{L}\\p{N}.+() :-]", "_").replace(':', '-').strip();
    }
}
