package recon.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import recon.common.logging.ProgramLogging;
import recon.mrd.dicom.ModuleSeries;
import recon.mrd.dicom.MrSeries;
import recon.mrd.dicom.SeriesOptions;
import recon.mrd.file.MrdReader;
import recon.mrd.file.MrdText;
import recon.mrd.file.MrdWriter;
import recon.mrd.format.Image;
import recon.mrd.format.MrdException;
import recon.mrd.recon.CartesianModule;
import recon.mrd.recon.CartesianReconstruction;
import recon.mrd.recon.FileSession;
import recon.mrd.recon.ReconImage;
import recon.mrd.recon.ReconModules;

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
                    + " --window_center, --window_width;",
            "--config NAME: the MRD module that makes the images, cartesian if none is named; every other option"
                    + " is a parameter of that module;",
            "--prewhiten false: cartesian makes no use of noise scans; --output scaled|float: its pixels with"
                    + " --format mrd;",
            "--format mrd: the images as INPUT_<config>.h5, not as DICOM."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:an input cannot be reconstructed", "2:an option is wrong"})
final class ReconstructCommand implements Callable<Integer> {
    static final String NAME = "reconstruct";

    private static final String SUFFIX = ".h5";

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
    public Integer call() throws IOException, InterruptedException {
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
            if (!file.getFileName().toString().endsWith(SUFFIX) || !hasHdf5Signature(file)) {
                return fail(
                        CommandLine.ExitCode.SOFTWARE, file.getFileName() + " is no ISMRMRD .h5 file; " + OWN_SCRIPT);
            }
        }
        try {
            ReconstructOptions options = ReconstructOptions.parse(words.subList(3, words.size()), new ReconModules());
            int series = options.series().seriesNumber().orElse(1);
            for (Path file : files) {
                series += reconstruct(file, options, options.series().withSeriesNumber(series), outputs);
            }
            return CommandLine.ExitCode.OK;
        } catch (IllegalArgumentException e) {
            return fail(CommandLine.ExitCode.USAGE, e.getMessage());
        } catch (MrdException e) {
            return fail(CommandLine.ExitCode.SOFTWARE, e.getMessage());
        }
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

    /** @return number of series that were made */
    private int reconstruct(Path file, ReconstructOptions options, SeriesOptions series, Path outputs)
            throws IOException, InterruptedException {
        try (MrdReader in = MrdReader.open(file)) {
            if (options.fromFile()) {
                List<ReconImage> images = new ArrayList<>();
                CartesianReconstruction.reconstruct(in, CartesianModule.prewhitens(options.parameters()), images::add);
                new MrSeries(in.header(), images, series).write(outputs);
                say(file.getFileName() + ": " + images.size() + " images");
                return 1;
            }
            if (options.asMrd()) {
                writeMrd(in, options, outputs);
                return 0;
            }
            List<Image> images = new ArrayList<>();
            FileSession session = run(in, options, images::add);
            say(file.getFileName() + ": " + images.size() + " images");
            return ModuleSeries.write(session.header(), images, series, outputs);
        }
    }

    private void writeMrd(MrdReader in, ReconstructOptions options, Path outputs)
            throws IOException, InterruptedException {
        String input = in.path().getFileName().toString();
        String output = input.substring(0, input.length() - SUFFIX.length()) + "_"
                + options.module().name() + SUFFIX;
        try (MrdWriter out = MrdWriter.create(outputs.resolve(output), MrdWriter.DEFAULT_GROUP)) {
            if (!in.xml().isEmpty()) {
                out.write(MrdText.XML, in.xml());
            }
            AtomicInteger count = new AtomicInteger();
            run(in, options, image -> {
                out.write(image);
                count.incrementAndGet();
            });
            if (count.get() > 0) {
                out.commit();
            }
            say(input + ": " + count + " images");
        }
    }

    private FileSession run(MrdReader in, ReconstructOptions options, FileSession.ImageSink images)
            throws IOException, InterruptedException {
        String config = options.module().name();
        FileSession session = new FileSession(in, config, options.parameters(), images, this::say);
        try {
            options.module().run(session);
        } catch (RuntimeException e) {
            throw new MrdException(in.path() + ": " + config + " failed: " + e, e);
        }
        return session;
    }

    private void say(String text) {
        spec.commandLine().getOut().println(text);
    }

    private int fail(int exitCode, String problem) {
        spec.commandLine().getErr().println(problem);
        return exitCode;
    }
}
