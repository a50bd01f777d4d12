package recon.server.work;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A Linux machine as {@code /proc} shows it; see proc(5). Times are in clock ticks, of which only shares are used.
 *
 * <p>The server's own share is its processor time and that of its descendants. A descendant that has ended is in the
 * times its parent has waited for; one whose parent ended first stays known by its number and start until it ends too.
 * What such an orphan used between the last look and its end counts as foreign, once.
 */
final class LinuxMachine implements Machine {
    private static final Path PROC = Path.of("/proc");
    private static final long BYTES_PER_KB = 1024;

    private final Path proc;
    private final long self;
    private Optional<Look> last = Optional.empty();

    /** What was seen at one moment: all processors since boot, and the processes of this server. */
    private record Look(long busyTicks, long totalTicks, Map<Long, Entry> own) {}

    /**
     * One process.
     *
     * @param startTicks since boot: tells two processes apart that had one number
     * @param cpuTicks of itself and of the children it has waited for
     */
    private record Entry(long parent, long startTicks, long cpuTicks) {}

    LinuxMachine() {
        this(PROC, ProcessHandle.current().pid());
    }

    LinuxMachine(Path proc, long self) {
        this.proc = proc;
        this.self = self;
    }

    static boolean available() {
        return Files.isReadable(PROC.resolve("self/stat"));
    }

    @Override
    public long availableMemoryBytes() throws IOException {
        for (String line : Files.readAllLines(proc.resolve("meminfo"), StandardCharsets.ISO_8859_1)) {
            String[] words = line.split("\\s+", -1);
            if (words[0].equals("MemAvailable:") && words.length > 1) {
                return number(words[1]) * BYTES_PER_KB;
            }
        }
        throw new IOException(proc.resolve("meminfo") + " has no line MemAvailable");
    }

    @Override
    public OptionalDouble foreignCpuPercent() throws IOException {
        Look now = look();
        Optional<Look> before = last;
        last = Optional.of(now);
        return before.isPresent() ? foreignPercent(before.get(), now) : OptionalDouble.empty();
    }

    private static OptionalDouble foreignPercent(Look before, Look now) {
        long total = now.totalTicks() - before.totalTicks();
        if (total <= 0) {
            return OptionalDouble.empty(); // too soon for a tick
        }
        long foreign = now.busyTicks() - before.busyTicks() - Math.max(0, ownTicks(before, now));
        return OptionalDouble.of(Math.max(0, Math.min(100.0, 100.0 * foreign / total)));
    }

    private static long ownTicks(Look before, Look now) {
        long ticks = 0;
        for (Entry entry : now.own().values()) {
            ticks += entry.cpuTicks();
        }
        for (Map.Entry<Long, Entry> known : before.own().entrySet()) {
            Entry entry = known.getValue();
            // What an orphan had used went to a parent that is none of ours.
            if (isSame(entry, now.own().get(known.getKey())) || before.own().containsKey(entry.parent())) {
                ticks -= entry.cpuTicks();
            }
        }
        return ticks;
    }

    private Look look() throws IOException {
        Map<Long, Entry> processes = processes();
        if (!processes.containsKey(self)) {
            throw new IOException(proc.resolve(self + "/stat") + " cannot be read");
        }
        String text = Files.readString(proc.resolve("stat"), StandardCharsets.ISO_8859_1);
        String[] words = text.lines().findFirst().orElse("").split("\\s+", -1);
        // cpu user nice system idle iowait irq softirq steal; what guests used is in user already.
        if (!words[0].equals("cpu") || words.length < 9) {
            throw new IOException(proc.resolve("stat") + " does not begin with the times of all processors");
        }
        long total = 0;
        for (int i = 1; i <= 8; i++) {
            total += number(words[i]);
        }
        return new Look(total - number(words[4]) - number(words[5]), total, own(processes));
    }

    private Map<Long, Entry> own(Map<Long, Entry> processes) {
        Set<Long> members = new HashSet<>(Set.of(self));
        last.ifPresent(before -> before.own().forEach((pid, entry) -> {
            if (isSame(entry, processes.get(pid))) {
                members.add(pid);
            }
        }));
        boolean grown = true;
        while (grown) { // by the children of members, and theirs
            grown = false;
            for (Map.Entry<Long, Entry> process : processes.entrySet()) {
                grown |= members.contains(process.getValue().parent()) && members.add(process.getKey());
            }
        }
        Map<Long, Entry> own = new HashMap<>(processes);
        own.keySet().retainAll(members);
        return own;
    }

    private static boolean isSame(Entry before, Entry now) {
        return now != null && now.startTicks() == before.startTicks();
    }

    private Map<Long, Entry> processes() throws IOException {
        Map<Long, Entry> entries = new HashMap<>();
        try (DirectoryStream<Path> numbered = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path directory : numbered) {
                String stat;
                try {
                    stat = Files.readString(directory.resolve("stat"), StandardCharsets.ISO_8859_1);
                } catch (IOException gone) {
                    continue;
                }
                entries.put(number(directory.getFileName().toString()), entry(stat));
            }
        }
        return entries;
    }

    private static Entry entry(String stat) throws IOException {
        // "pid (name) state parent …", where the name may hold spaces and parentheses; from state on, the fields 11 to
        // 14 are utime, stime, cutime and cstime, and 19 is the start.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        if (fields.length < 20) {
            throw new IOException("a process shows " + fields.length + " fields instead of 20 or more");
        }
        long cpu = number(fields[11]) + number(fields[12]) + number(fields[13]) + number(fields[14]);
        return new Entry(number(fields[1]), number(fields[19]), cpu);
    }

    private static long number(String text) throws IOException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IOException("\"" + text + "\" is not a number", e);
        }
    }
}
