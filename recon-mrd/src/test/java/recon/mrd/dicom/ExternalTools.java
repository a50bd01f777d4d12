package recon.mrd.dicom;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs programs that other people wrote to read DICOM. */
final class ExternalTools {
    /** Empty until it was looked for, which takes a while. */
    private static Optional<Boolean> pydicomIsThere = Optional.empty();

    private ExternalTools() {}

    record Outcome(int exitCode, String output) {}

    static void assumeProgram(String program, String debianPackage) {
        boolean found = false;
        for (String directory : System.getenv("PATH").split(":", -1)) {
            found |= Files.isExecutable(Path.of(directory, program));
        }
        assumeTrue(found, "skipped: needs " + program + ", Debian package " + debianPackage);
    }

    /** The system's own Python, since a Debian package is of no use to another one. */
    static synchronized void assumePydicom() throws Exception {
        if (pydicomIsThere.isEmpty()) {
            pydicomIsThere = Optional.of(Files.isExecutable(Path.of("/usr/bin/python3"))
                    && run(List.of("/usr/bin/python3", "-c", "import pydicom")).exitCode() == 0);
        }
        assumeTrue(pydicomIsThere.get(), "skipped: needs pydicom, Debian package python3-pydicom");
    }

    static Outcome run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("tool", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command.get(0) + " did not end within 60 s");
            }
            return new Outcome(process.exitValue(), Files.readString(output, StandardCharsets.ISO_8859_1));
        } finally {
            Files.delete(output);
        }
    }
}
