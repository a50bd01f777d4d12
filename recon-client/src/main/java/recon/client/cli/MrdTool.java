package recon.client.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** One command of {@code mrd}. */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:a file cannot be read or written", "2:the command line cannot be used"},
        footerHeading = "%nExample:%n")
abstract class MrdTool implements Callable<Integer> {
    @ParentCommand
    private MrdCommand mrd;

    @Spec
    private CommandSpec spec;

    final CommandSpec spec() {
        return spec;
    }

    final ClientConsole console() {
        return mrd.main().console();
    }

    /** For an option that cannot be: exit code 2. */
    final ParameterException usage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
