package recon.client.cli;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import recon.mrd.file.ImageGroup;
import recon.mrd.file.MrdReader;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdException;
import recon.mrd.preview.SeriesGif;

/** Makes animations of the images of an ISMRMRD file. */
@Command(
        name = "to-gif",
        description = {
            "Write the images of an ISMRMRD .h5 file as animated GIFs, one for each series, named"
                    + " FILE_GROUP_SERIES.gif.",
            "Grey values follow WindowCenter and WindowWidth of an image, else the 5th and 95th percentile. Lines of"
                    + " attributes named ROI_... are drawn."
        },
        footer = "  java -jar recon-client.jar mrd to-gif images.h5 -r 2")
final class MrdToGif extends MrdTool {
    /** Characters of an attribute that become a part of a file's name. */
    private static final int MAX_ADDITION = 40;

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
            description = "Folder for the GIFs, made if needed (default: where FILE is).")
    private Path output;

    @Option(
            names = {"-r", "--rescale"},
            paramLabel = "N",
            defaultValue = "1",
            description = "Size of a frame, in that of an image (default: ${DEFAULT-VALUE}).")
    private double scale;

    @Option(
            names = {"-m", "--mosaic-slices"},
            description = "Show all slices at once, beside each other.")
    private boolean mosaic;

    @Override
    public Integer call() throws IOException {
        System.setProperty("java.awt.headless", "true");
        try (MrdReader in = MrdFiles.openImages(spec(), file, group)) {
            if (output != null) {
                MrdFiles.createFolder(output);
            }
            for (ImageGroup series : in.images()) {
                if (series.count() == 0) {
                    console().tell(Printable.cell("passed over, for it holds no image: " + series.name()));
                    continue;
                }
                Path gif = gif(in, series);
                int frames = write(animation(series), gif);
                console()
                        .wrote(
                                gif,
                                gif + ": " + Words.count(frames, "frame"),
                                fields -> fields.number("frames", frames));
            }
        }
        return ExitCode.DONE;
    }

    private SeriesGif animation(ImageGroup series) {
        try {
            return new SeriesGif(series, scale, mosaic);
        } catch (IllegalArgumentException e) {
            throw usage("--rescale: " + e.getMessage());
        }
    }

    private static int write(SeriesGif animation, Path gif) throws IOException {
        try {
            return animation.write(gif);
        } catch (MrdException e) { // of the images
            throw e;
        } catch (IOException e) {
            throw MrdFiles.cannotWrite(gif, e);
        }
    }

    private Path gif(MrdReader in, ImageGroup series) throws IOException {
        String name = MrdFiles.stem(file) + "_" + MrdFiles.plain(in.group() + "_" + series.name());
        MetaAttributes attributes = MetaAttributes.parse(series.image(0).attributes());
        name += attributes
                .first("SequenceDescriptionAdditional")
                .map(more -> "_" + MrdFiles.plain(more.substring(0, Math.min(more.length(), MAX_ADDITION))))
                .orElse("");
        return output == null ? file.resolveSibling(name + ".gif") : output.resolve(name + ".gif");
    }
}
