package recon.common.lifecycle;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager that started this program (systemd, with {@code Type=notify}) when it is ready and when it
 * stops; see sd_notify(3). Without one it does nothing. A message that cannot be delivered is logged, and harms nothing
 * here.
 *
 * <p>The manager listens on a datagram socket of the Unix kind, and Java has such sockets for streams only, so
 * {@code systemd-notify} says it; that program is wherever systemd is. It is a process of its own, which the manager
 * listens to with {@code NotifyAccess=all} only.
 */
public final class ServiceManager {
    /** The variable in which the manager names its socket; not for the programs that this one starts. */
    static final String SOCKET = "NOTIFY_SOCKET";

    private static final Logger log = LoggerFactory.getLogger(ServiceManager.class);
    private static final String PROGRAM = "systemd-notify";
    private static final long LIMIT_SECONDS = 10;

    private final String socket;

    private ServiceManager(String socket) {
        this.socket = socket;
    }

    /** The one that the environment names, if it does. */
    public static ServiceManager of(Map<String, String> environment) {
        return new ServiceManager(environment.getOrDefault(SOCKET, ""));
    }

    /** @param status one line on what the program does, for {@code systemctl status} */
    public void ready(String status) {
        tell("READY=1", "STATUS=" + status);
    }

    public void stopping(String status) {
        tell("STOPPING=1", "STATUS=" + status);
    }

    private void tell(String... assignments) {
        if (socket.isEmpty()) {
            return;
        }
        try {
            String trouble = run(assignments);
            if (!trouble.isEmpty()) {
                log.warn("cannot tell the service manager {}: {}", assignments[0], trouble);
            }
        } catch (IOException e) {
            log.warn("cannot tell the service manager {}: {}", assignments[0], e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What went wrong; blank if nothing did. */
    private String run(String... assignments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(PROGRAM));
        words.addAll(List.of(assignments));
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true);
        builder.environment().put(SOCKET, socket);
        Process process = builder.start();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                return PROGRAM + " has not ended within " + LIMIT_SECONDS + " s";
            }
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.exitValue() == 0
                    ? ""
                    : PROGRAM + " ended with exit code " + process.exitValue() + " " + printed.strip();
        } finally {
            process.destroyForcibly();
        }
    }
}
