package recon.client.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
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
    @ParentCommand
    private ReconClientMain main;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "give a command of mrd: phantom, send, info, from-dicom, to-dicom or to-gif");
    }

    ReconClientMain main() {
        return main;
    }
}
