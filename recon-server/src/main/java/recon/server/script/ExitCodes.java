package recon.server.script;

import java.util.Map;

/**
 * What an exit code says. The JDK reports a process killed by signal n as 128 + n, and so does a shell whose last
 * command was killed. Numbers as on Linux (x86, ARM); signal(7).
 */
final class ExitCodes {
    private static final int SIGNAL_BASE = 128;
    private static final Map<Integer, String> SIGNALS = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(5, "SIGTRAP"),
            Map.entry(6, "SIGABRT"),
            Map.entry(7, "SIGBUS"),
            Map.entry(8, "SIGFPE"),
            Map.entry(9, "SIGKILL"),
            Map.entry(10, "SIGUSR1"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(12, "SIGUSR2"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(14, "SIGALRM"),
            Map.entry(15, "SIGTERM"),
            Map.entry(24, "SIGXCPU"),
            Map.entry(25, "SIGXFSZ"),
            Map.entry(31, "SIGSYS"));

    private ExitCodes() {}

    static String describe(int exitCode) {
        int signal = exitCode - SIGNAL_BASE;
        if (SIGNALS.containsKey(signal)) {
            return "was killed by signal " + signal + " (" + SIGNALS.get(signal) + ")";
        }
        String meaning = switch (exitCode) {
            case 126 -> " (a command in it cannot be executed)";
            case 127 -> " (a command in it was not found)";
            default -> "";
        };
        return "exited with code " + exitCode + meaning;
    }
}
