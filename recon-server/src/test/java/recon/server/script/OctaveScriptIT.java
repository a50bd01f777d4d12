package recon.server.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.job.ReconOptions;
import recon.common.job.ReconOptions.Argument;
import recon.server.script.ScriptOutcome.Failed;
import recon.server.script.ScriptOutcome.Succeeded;

/** The {@code .m} path with Octave, which reads the same expression as MATLAB. */
@Timeout(120)
class OctaveScriptIT {
    @TempDir
    Path directory;

    private ScriptFixture fixture;

    @BeforeEach
    void makeFixture() throws Exception {
        assumeTrue(SystemTool.find("octave-cli").isPresent(), "skipped: needs octave-cli, Debian package octave");
        fixture = new ScriptFixture(directory);
    }

    @AfterEach
    void closeFixture() throws Exception {
        if (fixture != null) {
            fixture.close();
        }
    }

    @Test
    void theFunctionGetsItsArgumentsAsTheyWereSent() throws Exception {
        Path site = Files.createDirectory(directory.resolve("site's own"));
        Path script = Files.writeString(site.resolve("recon2d.m"), """
                function recon2d(varargin)
                  f = fopen('arguments', 'w');
                  fwrite(f, strjoin(varargin, char(0)));
                  fclose(f);
                end
                """);
        List<Argument> arguments = new ArrayList<>();
        for (String value :
                List.of("", "O'Neill \"x\"", "--dashes", "%d \\n ...", "Z\u00fcrich \u2713", "1\n2\t'3", "')")) {
            arguments.add(new Argument("option_" + arguments.size(), value));
        }
        assertThat(fixture.run(script, new ReconOptions("{}", arguments))).isInstanceOf(Succeeded.class);

        List<String> expected =
                new ArrayList<>(List.of(fixture.inputs.toString(), "--output-dir", fixture.outputs.toString()));
        arguments.forEach(argument -> expected.addAll(List.of(argument.name(), argument.value())));
        String received = Files.readString(fixture.outputs.resolve("arguments"));
        assertThat(received.split("\0", -1)).containsExactlyElementsOf(expected);
    }

    @Test
    void anErrorInTheFunctionFailsTheJobWithItsMessage() throws Exception {
        Path script = fixture.file("recon2d.m", "function recon2d(varargin)\n  error('no coil %d', 7);\nend\n");
        ScriptOutcome outcome = fixture.run(script);
        assertThat(outcome).isInstanceOf(Failed.class);
        assertThat(outcome.reason()).isEqualTo("script exited with code 1");
        assertThat(outcome.lastOutput()).contains("no coil 7");
    }
}
