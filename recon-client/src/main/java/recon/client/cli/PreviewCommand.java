package recon.client.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import recon.common.job.Failures;
import recon.mrd.file.MrdReader;
import recon.mrd.preview.ContactSheet;

/** Draws the images of a folder or a file on one sheet. */
@Command(
        name = "preview",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Draw the DICOM images of a folder, or the images of an ISMRMRD .h5 file, on one contact sheet, with"
                        + " their windows applied.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:a file cannot be read or written", "2:the command line cannot be used"},
        footerHeading = "%nExample:%n",
        footer = "  java -jar recon-client.jar preview dicoms -o sheet.png")
final class PreviewCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "DICOM_DIR|FILE.h5",
            description = "Folder with DICOM files, whose subfolders are looked through too, or ISMRMRD file.")
    private Path input;

    @Option(
            names = {"-g", "--group"},
            paramLabel = "GROUP",
            description = "Group of the ISMRMRD file; needed if there are several.")
    private String group;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE.png",
            required = true,
            description = "PNG file to write.")
    private Path png;

    @ParentCommand
    private ReconClientMain main;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        System.setProperty("java.awt.headless", "true");
        ContactSheet.Summary summary = write();
        main.console()
                .wrote(png, png + ": " + summary.drawn() + " of " + Words.count(summary.images(), "image"), fields -> {
                    fields.number("images", summary.images());
                    fields.number("drawn", summary.drawn());
                });
        return ExitCode.DONE;
    }

    private ContactSheet.Summary write() throws IOException {
        Path directory = png.toAbsolutePath().getParent();
        if (directory == null || Files.isDirectory(png)) {
            throw new IOException(png + " cannot be written: it is a directory");
        }
        if (!Files.isDirectory(directory)) {
            throw new IOException(png + " cannot be written: "
                    + (Files.exists(directory)
                            ? directory + " is no directory"
                            : "there is no directory " + directory));
        }
        if (!Files.isWritable(directory)) {
            throw new IOException(png + " cannot be written: no permission to write in " + directory);
        }
        if (!Files.exists(input)) {
            throw new NoSuchFileException(input.toString());
        }
        if (!Files.isRegularFile(input)) {
            ClientConsole console = main.console();
            return ContactSheet.write(
                    input, png, reason -> console.tell(Printable.cell("left out: " + Failures.words(reason))));
        }
        try (MrdReader in = MrdFiles.openImages(spec, input, group)) {
            return ContactSheet.write(input + ", group " + in.group(), in.images(), png);
        }
    }
}
