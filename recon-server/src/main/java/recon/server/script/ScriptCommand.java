package recon.server.script;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import recon.common.job.ReconOptions;
import recon.server.script.ScriptProgram.BuiltIn;
import recon.server.script.ScriptProgram.Missing;
import recon.server.script.ScriptProgram.ScriptFile;

/**
 * The command line that runs the script for one job, by the script's contract:
 * {@code <script> INPUT_DIR --output-dir OUTPUT_DIR --key value …} with the options in the order submitted. No shell
 * reads it, so an option's value arrives as it was sent, whatever it holds. Immutable.
 */
public final class ScriptCommand {
    private static final String OUTPUT_OPTION = "--output-dir";
    /** The kernel reads no more of a script's first line than this (execve(2), since Linux 5.1). */
    private static final int MAX_INTERPRETER_LINE_BYTES = 255;

    private final ScriptLocator locator;
    private final List<String> pythonCommand;
    private final List<String> matlabCommand;
    private final OutputMode outputMode;

    /**
     * @param pythonCommand the words of {@code PYTHON_COMMAND}
     * @param matlabCommand the words of {@code MATLAB_COMMAND}; an expression to evaluate follows them
     */
    public ScriptCommand(
            ScriptLocator locator, List<String> pythonCommand, List<String> matlabCommand, OutputMode outputMode) {
        this.locator = locator;
        this.pythonCommand = List.copyOf(pythonCommand);
        this.matlabCommand = List.copyOf(matlabCommand);
        this.outputMode = outputMode;
    }

    /** Why no job's script can be started as things are, if so: one line with the path and what to do. */
    public Optional<String> problem() {
        ScriptProgram program = locator.locate();
        if (program instanceof Missing missing) {
            String tried = String.join(
                    ", ", missing.tried().stream().map(Path::toString).toList());
            return Optional.of("script " + missing.configured() + " does not exist (looked for " + tried
                    + "); put it there or set RECON_SCRIPT_PATH");
        }
        if (program instanceof BuiltIn builtIn) {
            return missingCommand("the built-in reconstruction's command", builtIn.command());
        }
        return fileProblem(((ScriptFile) program).path());
    }

    /** What is run, for messages. */
    String name() {
        ScriptProgram program = locator.locate();
        if (program instanceof ScriptFile file) {
            return file.path().toString();
        }
        return program instanceof Missing missing ? missing.configured() : "of the built-in reconstruction";
    }

    /**
     * The command and its arguments. Meaningful while there is no {@link #problem}.
     *
     * @throws IOException if the script does not exist (any more)
     */
    List<String> words(ScriptRun run) throws IOException {
        ScriptProgram program = locator.locate();
        if (program instanceof Missing missing) {
            throw new IOException("script " + missing.configured() + " does not exist");
        }
        List<String> words = new ArrayList<>();
        if (program instanceof BuiltIn builtIn) {
            words.addAll(builtIn.command());
            words.addAll(arguments(run, "--", true)); // it knows no general directory by itself
            return words;
        }
        Path script = ((ScriptFile) program).path();
        boolean namesOutput = outputMode == OutputMode.JOB;
        switch (Language.of(script)) {
            case PYTHON -> {
                words.addAll(pythonCommand);
                words.add(script.toString());
                words.addAll(arguments(run, "--", namesOutput));
            }
            case MATLAB -> {
                words.addAll(matlabCommand);
                words.add(FunctionCall.expression(script, arguments(run, "", namesOutput)));
            }
            case OTHER -> {
                words.add(script.toString());
                words.addAll(arguments(run, "--", namesOutput));
            }
        }
        return words;
    }

    private List<String> arguments(ScriptRun run, String namePrefix, boolean namesOutput) {
        List<String> arguments = new ArrayList<>();
        arguments.add(run.inputs().toString());
        if (namesOutput) {
            arguments.add(OUTPUT_OPTION);
            arguments.add(run.outputs().toString());
        }
        for (ReconOptions.Argument option : run.options().arguments()) {
            arguments.add(namePrefix + option.name());
            arguments.add(option.value());
        }
        return arguments;
    }

    private Optional<String> fileProblem(Path script) {
        if (!Files.isRegularFile(script)) {
            return Optional.of("script " + script + " is not a regular file; set RECON_SCRIPT_PATH");
        }
        Language language = Language.of(script);
        if (language == Language.OTHER) {
            return Files.isExecutable(script)
                    ? interpreterProblem(script)
                    : Optional.of("script " + script + " is not executable; run: chmod +x " + script);
        }
        if (!Files.isReadable(script)) {
            return Optional.of("script " + script + " is not readable by the server; run: chmod +r " + script);
        }
        if (language == Language.PYTHON) {
            return missingCommand("PYTHON_COMMAND", pythonCommand);
        }
        return FunctionCall.problem(script).or(() -> missingCommand("MATLAB_COMMAND", matlabCommand));
    }

    /** Without this look the system would only say "No such file or directory" of a script that does exist. */
    private static Optional<String> interpreterProblem(Path script) {
        byte[] start;
        try (var in = Files.newInputStream(script)) {
            start = in.readNBytes(MAX_INTERPRETER_LINE_BYTES);
        } catch (IOException notReadable) {
            return Optional.empty(); // a program that may be executed but not read
        }
        String line = new String(start, StandardCharsets.UTF_8).split("\n", 2)[0];
        if (!line.startsWith("#!")) {
            return Optional.empty();
        }
        String interpreter = line.substring(2).strip().split("[ \t]", 2)[0];
        if (line.endsWith("\r")) {
            return Optional.of("script " + script + " has Windows line ends, so that its interpreter \"" + interpreter
                    + "\\r\" is not found; run: sed -i 's/\\r$//' " + script);
        }
        if (!interpreter.startsWith("/") || SystemTool.find(interpreter).isEmpty()) {
            return Optional.of("script " + script + " names the interpreter \"" + interpreter
                    + "\" in its first line, which is not an executable file; install it or correct the line");
        }
        return Optional.empty();
    }

    private static Optional<String> missingCommand(String item, List<String> command) {
        return SystemTool.find(command.get(0)).isPresent()
                ? Optional.empty()
                : Optional.of(item + " names " + command.get(0)
                        + ", which is not found as an executable file"
                        + (command.get(0).contains(File.separator) ? "" : " on PATH")
                        + "; install it or set " + item);
    }

    private enum Language {
        PYTHON,
        MATLAB,
        OTHER;

        static Language of(Path script) {
            String name = script.getFileName().toString();
            if (name.endsWith(".py")) {
                return PYTHON;
            }
            return name.endsWith(".m") ? MATLAB : OTHER;
        }
    }
}
