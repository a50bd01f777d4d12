package recon.server.script;

import java.nio.file.Path;
import java.util.List;

/** What {@code RECON_SCRIPT_PATH} stands for. */
sealed interface ScriptProgram {
    /** A file of the site; its name's ending decides how it is run. */
    record ScriptFile(Path path) implements ScriptProgram {}

    /** The reconstruction that comes with the server, run by this command followed by the script's arguments. */
    record BuiltIn(List<String> command) implements ScriptProgram {
        public BuiltIn {
            command = List.copyOf(command);
        }
    }

    /** No such file in any of the places that were tried. */
    record Missing(String configured, List<Path> tried) implements ScriptProgram {
        public Missing {
            tried = List.copyOf(tried);
        }
    }
}
