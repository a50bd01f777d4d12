package recon.client.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import recon.client.retry.Timing;

/**
 * What the program finds where it runs.
 *
 * @param out standard output, for bytes as they are; a write to a closed pipe fails
 * @param outIsTerminal whether control codes written to it would be obeyed
 */
record Surroundings(Timing timing, OutputStream out, boolean outIsTerminal) {
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");
    private static final Pattern TERMINAL = Pattern.compile("/dev/(pts/.*|tty.*|console)");

    static Surroundings real() {
        return new Surroundings(
                Timing.real(), new FileOutputStream(FileDescriptor.out), hasTerminal() || isTerminal(STANDARD_OUTPUT));
    }

    /** Whether standard input and output are a terminal. */
    @SuppressWarnings(
            "SystemConsoleNull") // since JDK 22 there always is a console, which knows whether it is a terminal
    static boolean hasTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException olderThan22) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** Of standard output alone, where the system tells. */
    static boolean isTerminal(Path descriptor) {
        try {
            return TERMINAL.matcher(Files.readSymbolicLink(descriptor).toString())
                    .matches();
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }
}
