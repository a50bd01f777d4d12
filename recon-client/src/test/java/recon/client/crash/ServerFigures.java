package recon.client.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a server takes.
 *
 * @param heapBytes in use after a collection
 * @param residentBytes of the whole process
 * @param stateBytes of the state directory: the record and the scripts' logs
 */
record ServerFigures(long heapBytes, long residentBytes, long threads, long handles, long stateBytes) {
    private static final Pattern USED = Pattern.compile("generation .* used (\\d+)K");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final long MIB = 1L << 20;

    /** Heap that a server may have more after some hundred jobs than after the first ones: code, caches, classes. */
    private static final long MORE_HEAP_BYTES = 6 * MIB;

    /** Pages that the JVM has touched and does not give back. */
    private static final long MORE_RESIDENT_BYTES = 48 * MIB;

    private static final long MORE_THREADS = 3;
    private static final long MORE_HANDLES = 4;

    /** Of a job's rows, with the history, and the beginning of its log. */
    private static final long STATE_BYTES_PER_JOB = 8 * 1024;

    /** What SQLite's own log may vary by. */
    private static final long MORE_STATE_BYTES = 5 * MIB;

    /** Of a server with a serial collector. */
    static ServerFigures of(ServerRun server, Path state) throws Exception {
        String pid = Long.toString(server.pid());
        Jars.ask("jcmd", pid, "GC.run");
        Path process = Path.of("/proc", pid);
        return new ServerFigures(
                sum(USED, Jars.ask("jcmd", pid, "GC.heap_info")) * 1024,
                sum(RESIDENT, Files.readString(process.resolve("status"))) * 1024,
                count(process.resolve("task")),
                count(process.resolve("fd")),
                size(state));
    }

    private static long sum(Pattern pattern, String text) {
        long sum = 0;
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            sum += Long.parseLong(matcher.group(1));
        }
        return sum;
    }

    private static long count(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        }
    }

    private static long size(Path directory) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
            }
        } catch (NoSuchFileException | java.io.UncheckedIOException gone) {
            return size(directory);
        }
        return bytes;
    }

    /** Tells both, and looks whether this is no more than it may be so many jobs after the other. */
    void check(ServerFigures before, int jobs, Report report, Violations violations) {
        report.say("%-22s %12s %12s %12s", "", "warmed up", "at the end", "bound");
        line("heap in use, KiB", before.heapBytes / 1024, heapBytes / 1024, MORE_HEAP_BYTES / 1024, report, violations);
        line(
                "resident, KiB",
                before.residentBytes / 1024,
                residentBytes / 1024,
                MORE_RESIDENT_BYTES / 1024,
                report,
                violations);
        line("threads", before.threads, threads, MORE_THREADS, report, violations);
        line("file handles", before.handles, handles, MORE_HANDLES, report, violations);
        long stateBound = MORE_STATE_BYTES + jobs * STATE_BYTES_PER_JOB;
        line(
                "state directory, KiB",
                before.stateBytes / 1024,
                stateBytes / 1024,
                stateBound / 1024,
                report,
                violations);
    }

    private static void line(String what, long before, long after, long more, Report report, Violations violations) {
        report.say("%-22s %12d %12d %12d", what, before, after, before + more);
        violations.check(after <= before + more, "%s has grown from %d to %d", what, before, after);
    }
}
