package recon.client.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Tools for MRI raw data and images in ISMRMRD files. */
@Command(
        name = "mrd",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Tools for MRI raw data and images in ISMRMRD (MRD) files, and for MRD servers.",
        subcommands = {
            MrdPhantom.class,
            MrdSend.class,
            MrdInfo.class,
            MrdFromDicom.class,
            MrdToDicom.class,
            MrdToGif.class
        })
final class MrdCommand implements Runnable {
    /** Anything else than the name of a command. */
    @Parameters(hidden = true, arity = "0..*")
    private List<String> unknown = new ArrayList<>();

    @ParentCommand
    private ReconClientMain main;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                (unknown.isEmpty()
                                ? "give a command of mrd: "
                                : "mrd has no command \"" + Printable.cell(unknown.get(0)) + "\"; there are ")
                        + String.join(", ", spec.subcommands().keySet()));
    }

    ReconClientMain main() {
        return main;
    }
}
