package recon.client.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import recon.common.job.Failures;
import recon.mrd.dicom.DicomFolder;
import recon.mrd.file.MrdWriter;

/** Makes an ISMRMRD file of DICOM images. */
@Command(
        name = "from-dicom",
        description = {
            "Write the DICOM images of a folder and its subfolders to an ISMRMRD .h5 file.",
            "Read are files named .dcm or .ima, and others that begin as DICOM files do: uncompressed (Implicit or"
                    + " Explicit VR Little Endian), of one frame, grey of 8 or 16 bits or RGB. One that cannot be read is"
                    + " named and left out, and the exit code is 1.",
            "Pixels stay the stored values. All other attributes are kept with each image, for to-dicom."
        },
        exitCodeList = {
            "0:done",
            "1:some images cannot be read; the others are written. Or none can, or the file cannot be written",
            "2:the command line cannot be used"
        },
        footer = "  java -jar recon-client.jar mrd from-dicom dicoms -o images.h5")
final class MrdFromDicom extends MrdTool {
    @Parameters(paramLabel = "FOLDER", description = "Folder with DICOM files.")
    private Path folder;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "File to write; an older one is replaced (default: FOLDER's name and .h5).")
    private Path output;

    @Option(
            names = {"-g", "--group"},
            paramLabel = "GROUP",
            defaultValue = MrdWriter.DEFAULT_GROUP,
            description = "Group of the file for the images (default: ${DEFAULT-VALUE}).")
    private String group;

    @Override
    public Integer call() throws IOException {
        ClientConsole console = console();
        Path file = output == null ? besideFolder() : output;
        DicomFolder images =
                DicomFolder.scan(folder, reason -> console.tell(Printable.cell("left out: " + Failures.words(reason))));
        for (Path other : images.withoutPixels()) {
            console.tell(Printable.cell("passed over, for it holds no image: " + other));
        }
        for (Path other : images.notDicom()) {
            console.tell(Printable.cell("passed over, for it is no DICOM file: " + other));
        }
        String header = images.header().toXml();
        int count;
        try (MrdWriter out = create(file, header)) {
            count = images.read(out::write);
            out.commit();
        } catch (FileSystemException e) {
            throw MrdFiles.cannotWrite(file, e);
        }
        int unreadable = images.unreadable();
        console.wrote(
                file,
                file + ": " + Words.count(count, "image")
                        + (unreadable == 0 ? "" : ", without " + unreadable + " that cannot be read"),
                fields -> {
                    fields.number("images", count);
                    fields.number("unreadable", unreadable);
                });
        return images.unreadable() == 0 ? ExitCode.DONE : ExitCode.JOB_FAILED;
    }

    private MrdWriter create(Path file, String header) throws IOException {
        try {
            return MrdWriter.create(file, group, header);
        } catch (IllegalArgumentException e) {
            throw usage("--group: " + e.getMessage());
        }
    }

    private Path besideFolder() {
        Path named = folder.endsWith(".") || folder.endsWith("..")
                ? folder.toAbsolutePath().normalize()
                : folder;
        return named.getFileName() == null ? Path.of("dicom.h5") : named.resolveSibling(named.getFileName() + ".h5");
    }
}
