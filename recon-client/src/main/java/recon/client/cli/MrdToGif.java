package recon.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import recon.mrd.file.ImageGroup;
import recon.mrd.file.MrdReader;
import recon.mrd.format.MetaAttributes;
import recon.mrd.preview.SeriesGif;

/** Makes animations of the images of an ISMRMRD file. */
@Command(
        name = "to-gif",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Write the images of an ISMRMRD .h5 file as animated GIFs, one for each series, beside the file:"
                    + " FILE_GROUP_SERIES.gif.",
            "Grey values follow WindowCenter and WindowWidth of an image, else the 5th and 95th percentile. Lines of"
                    + " attributes named ROI_... are drawn."
        },
        footerHeading = "%nExample:%n",
        footer = "  java -jar recon-client.jar mrd to-gif images.h5 -r 2")
final class MrdToGif implements Callable<Integer> {
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
            names = {"-r", "--rescale"},
            paramLabel = "N",
            defaultValue = "1",
            description = "Size of a frame, in that of an image (default: ${DEFAULT-VALUE}).")
    private double scale;

    @Option(
            names = {"-m", "--mosaic-slices"},
            description = "Show all slices at once, beside each other.")
    private boolean mosaic;

    @ParentCommand
    private MrdCommand mrd;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        System.setProperty("java.awt.headless", "true");
        PrintWriter out = spec.commandLine().getOut();
        try (MrdReader in = MrdFiles.openImages(spec, file, group)) {
            for (ImageGroup series : in.images()) {
                Path gif = gif(in, series);
                int frames = animation(series).write(gif);
                if (mrd.main().json()) {
                    JsonReport.print(out, "wrote", fields -> {
                        fields.text("path", gif.toString());
                        fields.number("frames", frames);
                    });
                } else {
                    out.println("wrote " + gif + ": " + Words.count(frames, "frame"));
                }
            }
        }
        return ExitCode.DONE;
    }

    private SeriesGif animation(ImageGroup series) {
        try {
            return new SeriesGif(series, scale, mosaic);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--rescale: " + e.getMessage(), e);
        }
    }

    private Path gif(MrdReader in, ImageGroup series) throws IOException {
        String name = MrdFiles.stem(file) + "_" + MrdFiles.plain(in.group() + "_" + series.name());
        if (series.count() > 0) {
            MetaAttributes attributes = MetaAttributes.parse(series.image(0).attributes());
            name += attributes
                    .first("SequenceDescriptionAdditional")
                    .map(more -> "_" + MrdFiles.plain(more.substring(0, Math.min(more.length(), MAX_ADDITION))))
                    .orElse("");
        }
        return file.resolveSibling(name + ".gif");
    }
}
