package recon.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.server.script.ScriptProgram.BuiltIn;
import recon.server.script.ScriptProgram.Missing;
import recon.server.script.ScriptProgram.ScriptFile;

class ScriptLocatorTest {
    @TempDir
    Path directory;

    private Path options;
    private Path installation;

    @BeforeEach
    void makeDirectories() throws Exception {
        options = Files.createDirectory(directory.resolve("etc"));
        installation = Files.createDirectory(directory.resolve("lib"));
    }

    private ScriptProgram locate(String configured) {
        return new ScriptLocator(configured, options, List.of(installation), List.of("java", "reconstruct")).locate();
    }

    @Test
    void takesAnAbsolutePathAsItIs() throws Exception {
        Path script = Files.createFile(directory.resolve("my recon.sh"));
        assertThat(locate(script.toString())).isEqualTo(new ScriptFile(script));
    }

    @Test
    void looksBesideTheOptionsFileBeforeTheInstallation() throws Exception {
        Path installed = Files.createFile(installation.resolve("recon.py"));
        assertThat(locate("recon.py")).isEqualTo(new ScriptFile(installed));
        Path own = Files.createFile(options.resolve("recon.py"));
        assertThat(locate("recon.py")).isEqualTo(new ScriptFile(own));
        assertThat(locate("../lib/recon.py")).isEqualTo(new ScriptFile(installed));
    }

    @Test
    void theDefaultThatIsNowhereIsTheBuiltInReconstruction() throws Exception {
        assertThat(locate("default_recon_script.sh")).isEqualTo(new BuiltIn(List.of("java", "reconstruct")));
        Path site = Files.createFile(installation.resolve("default_recon_script.sh"));
        assertThat(locate("default_recon_script.sh")).isEqualTo(new ScriptFile(site));
    }

    @Test
    void namesEveryPlaceThatWasTried() {
        assertThat(locate("recon.py"))
                .isEqualTo(new Missing(
                        "recon.py", List.of(options.resolve("recon.py"), installation.resolve("recon.py"))));
        assertThat(locate("/no/such.sh")).isEqualTo(new Missing("/no/such.sh", List.of(Path.of("/no/such.sh"))));
    }

    @Test
    void anInstallationIsFlatOrABuildTree() {
        assertThat(ScriptLocator.besideInstallation(Path.of("/opt/recon/recon-server/target/recon-server.jar")))
                .containsExactly(
                        Path.of("/opt/recon/recon-server/target"),
                        Path.of("/opt/recon/recon-server/target/scripts"),
                        Path.of("/opt/recon/recon-server/scripts"),
                        Path.of("/opt/recon/scripts"));
    }
}
