package recon.mrd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A program of another project that a test holds this one against; without it the test is skipped. */
public final class ExternalTool {
    private static final long LIMIT_SECONDS = 120;

    /** Empty until it was looked for, which takes a while. */
    private static Optional<Boolean> h5pyIsThere = Optional.empty();

    private final Path program;

    private ExternalTool(Path program) {
        this.program = program;
    }

    public static ExternalTool find(String name, String debianPackage) {
        Path program = Path.of("/usr/bin", name);
        assumeTrue(Files.isExecutable(program), "skipped: needs " + name + ", Debian package " + debianPackage);
        return new ExternalTool(program);
    }

    /** The system's Python with h5py. */
    public static synchronized ExternalTool pythonWithH5py() throws Exception {
        ExternalTool python = find("python3", "python3-h5py");
        if (h5pyIsThere.isEmpty()) {
            int exit = new ProcessBuilder(python.program.toString(), "-c", "import h5py")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            h5pyIsThere = Optional.of(exit == 0);
        }
        assumeTrue(h5pyIsThere.get(), "skipped: needs h5py, Debian package python3-h5py");
        return python;
    }

    /** Runs the program, which must end with 0, and returns what it printed. */
    public String run(Path directory, String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "output", ".txt");
        run(builder(directory, arguments).redirectOutput(output.toFile()), output);
        return Files.readString(output);
    }

    /** Runs the program, which must end with 0, with a file on its standard input; returns what it wrote. */
    public byte[] filter(Path directory, Path input, String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "output", ".bin");
        Path errors = Files.createTempFile(directory, "errors", ".txt");
        run(
                builder(directory, arguments)
                        .redirectErrorStream(false)
                        .redirectError(errors.toFile())
                        .redirectInput(input.toFile())
                        .redirectOutput(output.toFile()),
                errors);
        return Files.readAllBytes(output);
    }

    private ProcessBuilder builder(Path directory, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    }

    private static void run(ProcessBuilder builder, Path printed) throws IOException, InterruptedException {
        Process process = builder.start();
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        assertThat(ended)
                .as("%s ends: %s", builder.command(), Files.readString(printed))
                .isTrue();
        assertThat(process.exitValue())
                .as("exit code of %s: %s", builder.command(), Files.readString(printed))
                .isZero();
    }
}
