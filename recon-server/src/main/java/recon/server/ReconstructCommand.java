package recon.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import recon.common.logging.ProgramLogging;
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

    /** HDF5 File Format Specification, section II.A. */
    private static final byte[] HDF5_SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

    private static final String OWN_SCRIPT =
            "the built-in reconstruction reads ISMRMRD .h5 files only; for other raw data set RECON_SCRIPT_PATH in the"
                    + " server's recon.opts to the site's own script";

    /** Not parsed as options of this program: a client chooses names and values, and may choose {@code --help}. */
    @Parameters(
            arity = "3..*",
            paramLabel = "INPUT_DIR --output-dir OUTPUT_DIR [--name value]...",
            hideParamSyntax = true,
            description = "Directory with the raw data, existing directory for the images, and the options.")
    private List<String> words = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ProgramLogging.warningsOnly();
        if (!words.get(1).equals("--output-dir")) {
            return fail(CommandLine.ExitCode.USAGE, "expected --output-dir after INPUT_DIR, got " + words.get(1));
        }
        Path outputs = Path.of(words.get(2));
        List<Path> files = inputs(Path.of(words.get(0)));
        if (files.isEmpty()) {
            return fail(CommandLine.ExitCode.SOFTWARE, "there is no file in " + words.get(0));
        }
        for (Path file : files) {
            if (!file.getFileName().toString().endsWith(".h5") || !hasHdf5Signature(file)) {
                return fail(
                        CommandLine.ExitCode.SOFTWARE, file.getFileName() + " is no ISMRMRD .h5 file; " + OWN_SCRIPT);
            }
        }
        try {
            SeriesOptions options = SeriesOptions.parse(named(words.subList(3, words.size())));
            int series = options.seriesNumber().orElse(1);
            for (Path file : files) {
                reconstruct(file, options.withSeriesNumber(series++), outputs);
            }
            return CommandLine.ExitCode.OK;
        } catch (IllegalArgumentException e) {
            return fail(CommandLine.ExitCode.USAGE, e.getMessage());
        } catch (MrdException e) {
            return fail(CommandLine.ExitCode.SOFTWARE, e.getMessage());
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

    private static List<Path> inputs(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, Files::isRegularFile)) {
            entries.forEach(files::add);
        }
        files.sort(null);
        return files;
    }

    private static boolean hasHdf5Signature(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(HDF5_SIGNATURE.length), HDF5_SIGNATURE);
        }
    }

    private void reconstruct(Path file, SeriesOptions options, Path outputs) throws IOException {
        try (MrdReader in = MrdReader.open(file)) {
            List<ReconImage> images = new ArrayList<>();
            CartesianReconstruction.reconstruct(in, true, images::add);
            new MrSeries(in.header(), images, options).write(outputs);
            spec.commandLine().getOut().println(file.getFileName() + ": " + images.size() + " images");
        }
    }

    private int fail(int exitCode, String problem) {
        spec.commandLine().getErr().println(problem);
        return exitCode;
    }
}
