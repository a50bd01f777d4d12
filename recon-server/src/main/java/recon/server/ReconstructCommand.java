package recon.server;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;
import recon.mrd.dicom.MrSeries;
import recon.mrd.dicom.SeriesOptions;
import recon.mrd.file.MrdReader;
import recon.mrd.format.MrdException;
import recon.mrd.recon.CartesianReconstruction;
import recon.mrd.recon.ReconImage;

/**
 * The embedded reconstruction as a script of the usual contract: ISMRMRD files in, DICOM files out. The server runs it as
 * a process of its own, as it would a site's script.
 */
@Command(
        name = ReconstructCommand.NAME,
        mixinStandardHelpOptions = true,
        versionProvider = ReconServerMain.Version.class,
        description = {
            "Reconstruct every ISMRMRD .h5 file of a directory to DICOM images; used as the default reconstruction script.",
            "Options are pairs of a name and a value, as a client gives them with --recon-options: --series_description,"
                    + " --series_number, --study_description, --patient_name, --patient_id, --bits_stored (8..16),"
                    + " --window_center, --window_width."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:an input cannot be reconstructed", "2:an option is wrong"})
final class ReconstructCommand implements Callable<Integer> {
    static final String NAME = "reconstruct";

    private static final String OWN_SCRIPT =
            "the built-in reconstruction reads ISMRMRD .h5 files only; for other raw data set RECON_SCRIPT_PATH in the"
                    + " server's recon.opts to the site's own script";

    @Parameters(paramLabel = "INPUT_DIR", description = "Directory with the raw data.")
    private Path inputs;

    @Option(
            names = "--output-dir",
            paramLabel = "DIR",
            required = true,
            description = "Existing directory for the images.")
    private Path outputs;

    @Unmatched
    private List<String> pairs = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ServerLogging.warningsOnly();
        SeriesOptions options;
        try {
            options = SeriesOptions.parse(named(pairs));
        } catch (IllegalArgumentException e) {
            return fail(CommandLine.ExitCode.USAGE, e.getMessage());
        }
        List<Path> files = rawDataFiles();
        if (files.isEmpty()) {
            return fail(CommandLine.ExitCode.SOFTWARE, "no .h5 file among the inputs: " + OWN_SCRIPT);
        }
        try {
            int series = options.seriesNumber().orElse(1);
            for (Path file : files) {
                reconstruct(file, options.withSeriesNumber(series++));
            }
            return CommandLine.ExitCode.OK;
        } catch (MrdException e) {
            return fail(CommandLine.ExitCode.SOFTWARE, e.getMessage() + "; " + OWN_SCRIPT);
        }
    }

    private static Map<String, String> named(List<String> pairs) {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i < pairs.size(); i += 2) {
            String name = pairs.get(i);
            if (!name.startsWith("--") || i + 1 == pairs.size()) {
                throw new IllegalArgumentException("\"" + name + "\" is not part of a pair --name value");
            }
            options.put(name.substring(2), pairs.get(i + 1));
        }
        return options;
    }

    private List<Path> rawDataFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(inputs, "*.h5")) {
            entries.forEach(files::add);
        }
        files.sort(null);
        return files;
    }

    private void reconstruct(Path file, SeriesOptions options) throws IOException {
        try (MrdReader in = MrdReader.open(file)) {
            List<ReconImage> images = new ArrayList<>();
            CartesianReconstruction.reconstruct(in, images::add);
            new MrSeries(in.header(), images, options).write(outputs);
            spec.commandLine().getOut().println(file.getFileName() + ": " + images.size() + " images");
        }
    }

    private int fail(int exitCode, String problem) {
        spec.commandLine().getErr().println(problem);
        return exitCode;
    }
}
