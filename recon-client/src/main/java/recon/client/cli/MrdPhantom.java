package recon.client.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import recon.mrd.phantom.PhantomGenerator;
import recon.mrd.phantom.PhantomOptions;

/** Writes raw data of a Shepp-Logan phantom. */
@Command(
        name = "phantom",
        description = "Write raw data of a Shepp-Logan phantom, measured with birdcage coils, to an ISMRMRD .h5 file.",
        footer = "  java -jar recon-client.jar mrd phantom -o phantom.h5 --slices 4")
final class MrdPhantom extends MrdTool {
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
                    LocalDateTime.now(ZoneId.systemDefault()));
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage());
        }
        try {
            PhantomGenerator.generate(options, file);
        } catch (FileSystemException e) {
            throw MrdFiles.cannotWrite(file, e);
        }
        console().wrote(file, file.toString(), fields -> {});
        return ExitCode.DONE;
    }
}
