package recon.server.script;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import recon.server.script.ScriptProgram.BuiltIn;
import recon.server.script.ScriptProgram.Missing;
import recon.server.script.ScriptProgram.ScriptFile;

/**
 * Finds the script that {@code RECON_SCRIPT_PATH} names: an absolute path as it is; a relative one in the options
 * file's directory, then beside the installation. The default name, found nowhere, is the built-in reconstruction, so
 * that the server's jar alone is enough.
 *
 * <p>Looks anew each time, so that a script may be put in place while the server runs. Immutable.
 */
public final class ScriptLocator {
    public static final String DEFAULT_SCRIPT = "default_recon_script.sh";

    private final String configured;
    private final List<Path> directories;
    private final List<String> builtInCommand;

    /**
     * @param configured the value of {@code RECON_SCRIPT_PATH}
     * @param optionsDirectory the directory of the options file
     * @param installation where else to look, in order; see {@link #besideInstallation}
     * @param builtInCommand runs the built-in reconstruction when followed by the input directory and the options
     */
    public ScriptLocator(
            String configured, Path optionsDirectory, List<Path> installation, List<String> builtInCommand) {
        this.configured = configured;
        this.directories = Stream.concat(Stream.of(optionsDirectory), installation.stream())
                .map(directory -> directory.toAbsolutePath().normalize())
                .distinct()
                .toList();
        this.builtInCommand = List.copyOf(builtInCommand);
    }

    /** The directories in which an installation keeps its scripts, given its jar: installed flat, or in a build tree. */
    public static List<Path> besideInstallation(Path jar) {
        Path directory = jar.toAbsolutePath().normalize().getParent();
        return List.of(
                directory,
                directory.resolve("scripts"),
                directory.resolve("../scripts").normalize(),
                directory.resolve("../../scripts").normalize());
    }

    ScriptProgram locate() {
        List<Path> tried = new ArrayList<>();
        for (Path directory : directories) {
            Path candidate = directory.resolve(configured).normalize();
            if (Files.exists(candidate)) {
                return new ScriptFile(candidate);
            }
            if (!tried.contains(candidate)) {
                tried.add(candidate);
            }
        }
        return configured.equals(DEFAULT_SCRIPT) ? new BuiltIn(builtInCommand) : new Missing(configured, tried);
    }
}
