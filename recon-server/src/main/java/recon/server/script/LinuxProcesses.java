package recon.server.script;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The processes of a Linux system as {@code /proc} shows them; see proc(5). */
final class LinuxProcesses {
    private static final Path PROC = Path.of("/proc");
    /** What the kernel takes for arguments and environment together at the usual stack limit of 8 MiB. */
    private static final int MAX_ENVIRONMENT_BYTES = 2 * 1024 * 1024;

    private LinuxProcesses() {}

    /**
     * One process.
     *
     * @param startTicks when it started, in clock ticks since boot: tells two processes apart that had one number
     */
    record Entry(long pid, char state, long parent, long group, long session, long startTicks) {
        /** Has ended, and only waits for its parent to take notice. */
        boolean isDead() {
            return state == 'Z' || state == 'X';
        }
    }

    static boolean available() {
        return Files.isReadable(PROC.resolve("self/stat")) && Files.isReadable(PROC.resolve("self/environ"));
    }

    static List<Entry> list() throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> numbered = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path directory : numbered) {
                read(Long.parseLong(directory.getFileName().toString())).ifPresent(entries::add);
            }
        }
        return entries;
    }

    /** The process, unless it has gone. */
    static Optional<Entry> read(long pid) {
        String stat;
        try {
            stat = new String(Files.readAllBytes(PROC.resolve(pid + "/stat")), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return Optional.empty();
        }
        // "pid (name) state parent group session …", where the name may hold spaces and parentheses.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Optional.of(new Entry(
                pid,
                fields[0].charAt(0),
                Long.parseLong(fields[1]),
                Long.parseLong(fields[2]),
                Long.parseLong(fields[3]),
                Long.parseLong(fields[19])));
    }

    /** Whether the process was started with this variable; false if it is another user's. */
    static boolean hasVariable(long pid, String nameAndValue) {
        return environment(pid).contains("\0" + nameAndValue + "\0");
    }

    /** The value of a variable that the process was started with; empty if it has none, or is another user's. */
    static Optional<String> variable(long pid, String name) {
        String environment = environment(pid);
        int at = environment.indexOf("\0" + name + "=");
        if (at < 0) {
            return Optional.empty();
        }
        int value = at + name.length() + 2;
        return Optional.of(environment.substring(value, environment.indexOf('\0', value)));
    }

    /** Each variable with a NUL on either side. */
    private static String environment(long pid) {
        try (var in = Files.newInputStream(PROC.resolve(pid + "/environ"))) {
            return "\0" + new String(in.readNBytes(MAX_ENVIRONMENT_BYTES), StandardCharsets.ISO_8859_1) + "\0";
        } catch (IOException goneOrForbidden) {
            return "";
        }
    }
}
