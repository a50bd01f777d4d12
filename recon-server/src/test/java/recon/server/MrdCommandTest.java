package recon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Command lines that the MRD service refuses. */
class MrdCommandTest {
    @TempDir
    private Path directory;

    private static String refusal(String... arguments) {
        List<String> words = new ArrayList<>(List.of("mrd"));
        words.addAll(List.of(arguments));
        StringWriter err = new StringWriter();
        CommandLine commandLine = ReconServerMain.commandLine().setErr(new PrintWriter(err));
        assertThat(commandLine.execute(words.toArray(String[]::new))).isEqualTo(2);
        return err.toString();
    }

    @Test
    void anOpenServiceIsRefusedAndToldHowToAllowIt() {
        for (String host : List.of("0.0.0.0", "*", "::", "192.168.2.2", "scanner-host")) {
            assertThat(refusal("-H", host))
                    .contains("-H " + host + " lets other machines connect, and MRD has no encryption of its own")
                    .contains("--trusted-ips 192.168.2.0/24, or --trusted-ips any for all; or leave -H out");
        }
    }

    @Test
    void whatCannotBeIsRefused() throws Exception {
        assertThat(refusal("--trusted-ips", "10.0.0.0/40")).contains("--trusted-ips: ", "10.0.0.0/40");
        assertThat(refusal("-p", "65536")).contains("-p 65536 is outside 0..65535");
        assertThat(refusal("--max-sessions", "0")).contains("--max-sessions 0 is outside 1..1000");
        assertThat(refusal("--module-timeout", "0")).contains("--module-timeout 0 is outside 1..86400");
        assertThat(refusal("--idle-timeout", "-1")).contains("--idle-timeout -1 is outside 1..86400");
        assertThat(refusal("--max-message-bytes", "1")).contains("--max-message-bytes 1 is outside 4096..2000000000");
        assertThat(refusal("--min-free-disk-mb", "-1")).contains("--min-free-disk-mb -1 is outside 0..1000000000");
        assertThat(refusal("-p", "0", "-d", "none"))
                .contains("MRD_DEFAULT_CONFIG = none is no module; there are analyzeflow, cartesian, ");
        assertThat(refusal("-p", "0", "--modules-dir", directory.resolve("none").toString()))
                .contains(directory.resolve("none") + " (MRD_MODULES_DIR) does not exist");
        assertThat(refusal("-p", "0", "-l", directory.toString())).contains("cannot write to the log file");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(refusal("-p", Integer.toString(taken.getLocalPort())))
                    .contains("mrd cannot listen on 127.0.0.1 port " + taken.getLocalPort());
        }
    }
}
