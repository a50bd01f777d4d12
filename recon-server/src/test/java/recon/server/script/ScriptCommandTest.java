package recon.server.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import recon.common.job.JobId;
import recon.common.job.ReconOptions;
import recon.common.job.ReconOptions.Argument;

class ScriptCommandTest {
    private static final JobId JOB = new JobId(new UUID(1, 2));
    private static final ReconOptions OPTIONS = new ReconOptions(
            "{\"num_slices\":128,\"name\":\"O'Neill\"}",
            List.of(new Argument("num_slices", "128"), new Argument("name", "O'Neill")));

    @TempDir
    Path directory;

    private ScriptCommand command(String script, OutputMode mode) {
        ScriptLocator locator =
                new ScriptLocator(script, directory, List.of(), List.of("/bin/sh", "server.jar", "reconstruct"));
        return new ScriptCommand(locator, List.of("python3", "-u"), List.of("sh", "--eval"), mode);
    }

    private ScriptRun run() {
        return new ScriptRun(JOB, Path.of("/in dir"), Path.of("/out"), directory.resolve("log"), OPTIONS);
    }

    private Path script(String name, String mode, String text) throws IOException {
        Path script = Files.writeString(directory.resolve(name), text);
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString(mode));
    }

    @Test
    void runsAnExecutableDirectly() throws Exception {
        Path script = script("recon.sh", "rwxr-xr-x", "#!/bin/sh\n");
        ScriptCommand command = command("recon.sh", OutputMode.JOB);
        assertThat(command.problem()).isEmpty();
        assertThat(command.words(run()))
                .containsExactly(
                        script.toString(),
                        "/in dir",
                        "--output-dir",
                        "/out",
                        "--num_slices",
                        "128",
                        "--name",
                        "O'Neill");
    }

    @Test
    void runsPythonWithItsCommandAndWithoutTheExecutableBit() throws Exception {
        Path script = script("recon.py", "rw-r--r--", "");
        ScriptCommand command = command("recon.py", OutputMode.JOB);
        assertThat(command.problem()).isEmpty();
        assertThat(command.words(run())).startsWith("python3", "-u", script.toString(), "/in dir", "--output-dir");
    }

    @Test
    void callsAFunctionOfMatlab() throws Exception {
        script("recon2d.m", "rw-r--r--", "");
        ScriptCommand command = command("recon2d.m", OutputMode.JOB);
        assertThat(command.problem()).isEmpty();
        assertThat(command.words(run()))
                .containsExactly(
                        "sh",
                        "--eval",
                        "addpath('" + directory + "'); recon2d('/in dir', '--output-dir', '/out',"
                                + " 'num_slices', '128', 'name', 'O''Neill')");
    }

    @Test
    void aControlCharacterInMatlabIsWrittenByItsCode() {
        assertThat(FunctionCall.expression(Path.of("/s/f.m"), List.of("a'\n\tb")))
                .isEqualTo("addpath('/s'); f(['a''', char(10), '', char(9), 'b'])");
    }

    @Test
    void aSharedOutputDirectoryIsNotNamed() throws Exception {
        Path script = script("recon.sh", "rwxr-xr-x", "#!/bin/sh\n");
        assertThat(command("recon.sh", OutputMode.SHARED).words(run()))
                .containsExactly(script.toString(), "/in dir", "--num_slices", "128", "--name", "O'Neill");
    }

    @Test
    void theBuiltInReconstructionTakesTheSameArguments() throws Exception {
        ScriptCommand command = command(ScriptLocator.DEFAULT_SCRIPT, OutputMode.JOB);
        assertThat(command.problem()).isEmpty();
        assertThat(command.name()).isEqualTo("of the built-in reconstruction");
        assertThat(command.words(run()))
                .startsWith("/bin/sh", "server.jar", "reconstruct", "/in dir", "--output-dir", "/out", "--num_slices");
    }

    @Test
    void theBuiltInReconstructionIsToldOfASharedDirectoryToo() throws Exception {
        assertThat(command(ScriptLocator.DEFAULT_SCRIPT, OutputMode.SHARED).words(run()))
                .containsSubsequence("/in dir", "--output-dir", "/out", "--num_slices");
    }

    @Test
    void aMissingScriptIsNamedWithThePlacesTried() {
        ScriptCommand command = command("gone.sh", OutputMode.JOB);
        assertThat(command.problem())
                .hasValue("script gone.sh does not exist (looked for " + directory
                        + "/gone.sh); put it there or set RECON_SCRIPT_PATH");
        assertThatThrownBy(() -> command.words(run())).isInstanceOf(IOException.class);
    }

    @Test
    void aScriptThatCannotBeExecutedSaysHowToChangeThat() throws Exception {
        Path script = script("recon.sh", "rw-r--r--", "#!/bin/sh\n");
        assertThat(command("recon.sh", OutputMode.JOB).problem())
                .hasValue("script " + script + " is not executable; run: chmod +x " + script);
    }

    @Test
    void aDirectoryIsNoScript() throws Exception {
        Files.createDirectory(directory.resolve("recon"));
        assertThat(command("recon", OutputMode.JOB).problem().orElseThrow()).contains("is not a regular file");
    }

    @Test
    void aMissingInterpreterIsNamed() throws Exception {
        script("recon.sh", "rwxr-xr-x", "#! /no/such/interpreter -x\n");
        assertThat(command("recon.sh", OutputMode.JOB).problem().orElseThrow())
                .contains("names the interpreter \"/no/such/interpreter\" in its first line");
    }

    @ParameterizedTest
    @ValueSource(strings = {"#!\n", "#!sh\n", "#!/bin/\0sh\n", "#!/bin\n"})
    void anInterpreterThatIsNoAbsolutePathOfAProgramIsRefused(String line) throws Exception {
        script("recon.sh", "rwxr-xr-x", line);
        assertThat(command("recon.sh", OutputMode.JOB).problem().orElseThrow()).contains("names the interpreter");
    }

    @Test
    void windowsLineEndsAreRecognised() throws Exception {
        script("recon.sh", "rwxr-xr-x", "#!/bin/sh\r\nexit 0\r\n");
        assertThat(command("recon.sh", OutputMode.JOB).problem().orElseThrow()).contains("has Windows line ends");
    }

    @Test
    void aProgramWithoutInterpreterLineIsFine() throws Exception {
        script("recon", "rwxr-xr-x", "\u007fELF");
        assertThat(command("recon", OutputMode.JOB).problem()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2recon.m", "_recon.m", "my-recon.m", "end.m", "r\u00e9con.m", ".m"})
    void aFileThatIsNoFunctionNameIsRefused(String name) throws Exception {
        script(name, "rw-r--r--", "");
        assertThat(command(name, OutputMode.JOB).problem().orElseThrow()).contains("is no function name");
    }

    @Test
    void aFunctionBelowASearchPathSeparatorIsRefused() throws Exception {
        Files.createDirectory(directory.resolve("a:b"));
        script("a:b/recon.m", "rw-r--r--", "");
        assertThat(command("a:b/recon.m", OutputMode.JOB).problem().orElseThrow())
                .contains("move the script");
    }

    @Test
    void aMissingPythonIsNamedByItsItem() throws Exception {
        script("recon.py", "rw-r--r--", "");
        ScriptLocator locator = new ScriptLocator("recon.py", directory, List.of(), List.of());
        assertThat(new ScriptCommand(locator, List.of("no-such-python"), List.of("sh"), OutputMode.JOB).problem())
                .hasValue("PYTHON_COMMAND names no-such-python, which is not found as an executable file on PATH;"
                        + " install it or set PYTHON_COMMAND");
        assertThat(new ScriptCommand(locator, List.of("/no/python"), List.of("sh"), OutputMode.JOB).problem())
                .hasValue("PYTHON_COMMAND names /no/python, which is not found as an executable file;"
                        + " install it or set PYTHON_COMMAND");
    }
}
