package recon.client.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import recon.common.job.Failures;
import recon.mrd.dicom.DicomExport;
import recon.mrd.file.ImageGroup;
import recon.mrd.file.MrdReader;

/** Makes DICOM files of the images of an ISMRMRD file. */
@Command(
        name = "to-dicom",
        description = {
            "Write the images of an ISMRMRD .h5 file as DICOM files, one for each slice and channel, named"
                    + " SERIES_DESCRIPTION_INSTANCE.dcm.",
            "An image that came from DICOM (from-dicom) becomes what it was, tag by tag, but for what was changed since;"
                    + " with other pixels it is a new instance of a new series, and DERIVED. Any other image becomes one"
                    + " of MR Image Storage.",
            "Whole numbers that fit into 16 bits are stored as they are. Others are scaled to 16 bits, the same for all images of a"
                    + " series, with RescaleSlope and RescaleIntercept; of complex images the magnitude is taken. RGB"
                    + " images become Secondary Captures of 8 bits."
        },
        footer = "  java -jar recon-client.jar mrd to-dicom images.h5 -o dicoms")
final class MrdToDicom extends MrdTool {
    @Parameters(paramLabel = "FILE", description = "ISMRMRD file with images.")
    private Path file;

    @Option(
            names = {"-g", "--group"},
            paramLabel = "GROUP",
            description = "Group of the file; needed if there are several.")
    private String group;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            description =
                    "Folder for the DICOM files, made if needed; files of the same names are replaced (default: FILE's"
                            + " name without .h5, if that is new).")
    private Path output;

    @Override
    public Integer call() throws IOException {
        Path folder = output == null ? newFolder() : output;
        List<Path> written = new ArrayList<>();
        try (MrdReader in = MrdFiles.openImages(spec(), file, group)) {
            MrdFiles.createFolder(folder);
            DicomExport export = new DicomExport(
                    MrdFiles.header(in), folder, notice -> console().tell(Printable.cell(notice)));
            for (ImageGroup series : in.images()) {
                written.addAll(write(export, series, folder));
            }
        }
        console()
                .wrote(
                        folder,
                        Words.count(written.size(), "file") + " in " + folder,
                        fields -> fields.number("files", written.size()));
        return ExitCode.DONE;
    }

    private static List<Path> write(DicomExport export, ImageGroup series, Path folder) throws IOException {
        try {
            return export.write(series);
        } catch (FileSystemException e) { // of a temporary file
            throw new IOException(folder + " cannot be written to: " + Failures.reason(e), e);
        }
    }

    /** One that holds nothing: the folder that the file was made of may have its name. */
    private Path newFolder() throws IOException {
        String stem = MrdFiles.stem(file);
        Path folder = file.resolveSibling(file.endsWith(stem) ? stem + "_dicom" : stem);
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                if (files.findAny().isPresent()) {
                    throw new IOException(folder + " holds files already; say where to write with --output");
                }
            }
        }
        return folder;
    }
}
