package recon.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import recon.common.job.Failures;
import recon.mrd.phantom.PhantomGenerator;
import recon.mrd.phantom.PhantomOptions;

/** Tools for MRI raw data and images in ISMRMRD files. */
@Command(
        name = "mrd",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Tools for MRI raw data and images in ISMRMRD (MRD) files, and for MRD servers.",
        subcommands = {
            MrdCommand.Phantom.class,
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

    /** Writes raw data of a Shepp-Logan phantom. */
    @Command(
            name = "phantom",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            sortOptions = false,
            description =
                    "Write raw data of a Shepp-Logan phantom, measured with birdcage coils, to an ISMRMRD .h5 file.")
    static final class Phantom implements Callable<Integer> {
        @Option(
                names = {"-o", "--output"},
                paramLabel = "FILE",
                required = true,
                description = "File to write; an older one is replaced.")
        private Path file;

        @Option(
                names = {"-m", "--matrix"},
                paramLabel = "N",
                defaultValue = "256",
                description = "Rows and columns (default: ${DEFAULT-VALUE}).")
        private int matrix;

        @Option(
                names = {"-c", "--coils"},
                paramLabel = "N",
                defaultValue = "8",
                description = "Receiver coils (default: ${DEFAULT-VALUE}).")
        private int coils;

        @Option(
                names = {"-s", "--oversampling"},
                paramLabel = "N",
                defaultValue = "2",
                description = "Oversampling of the readout (default: ${DEFAULT-VALUE}).")
        private int oversampling;

        @Option(
                names = {"-r", "--repetitions"},
                paramLabel = "N",
                defaultValue = "1",
                description = "Repetitions (default: ${DEFAULT-VALUE}).")
        private int repetitions;

        @Option(
                names = {"-a", "--acceleration"},
                paramLabel = "N",
                defaultValue = "1",
                description = "Measure every Nth line only (default: ${DEFAULT-VALUE}).")
        private int acceleration;

        @Option(
                names = {"-n", "--noise"},
                paramLabel = "SIGMA",
                defaultValue = "0.05",
                description = "Standard deviation of the noise (default: ${DEFAULT-VALUE}).")
        private double noise;

        @Option(
                names = "--slices",
                paramLabel = "N",
                defaultValue = "1",
                description = "Slices (default: ${DEFAULT-VALUE}).")
        private int slices;

        @Option(
                names = "--noise-scans",
                paramLabel = "N",
                defaultValue = "" + PhantomOptions.USUAL_NOISE_SCANS,
                description = "Readouts of noise alone before the data (default: ${DEFAULT-VALUE}).")
        private int noiseScans;

        @Option(names = "--seed", paramLabel = "N", description = "Makes the noise the same each time.")
        private Long seed;

        @ParentCommand
        private MrdCommand mrd;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            PhantomOptions options;
            try {
                options = new PhantomOptions(
                        matrix,
                        coils,
                        oversampling,
                        repetitions,
                        acceleration,
                        slices,
                        noise,
                        noiseScans,
                        seed == null ? OptionalLong.empty() : OptionalLong.of(seed),
                        LocalDateTime.now(java.time.ZoneId.systemDefault()));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), e.getMessage(), e);
            }
            try {
                PhantomGenerator.generate(options, file);
            } catch (FileSystemException e) { // names a temporary file that nobody knows
                throw new IOException(file + " cannot be written: " + Failures.reason(e), e);
            }
            PrintWriter out = spec.commandLine().getOut();
            if (mrd.main.json()) {
                JsonReport.print(out, "wrote", fields -> fields.text("path", file.toString()));
            } else {
                out.println("wrote " + file);
            }
            return ExitCode.DONE;
        }
    }
}
