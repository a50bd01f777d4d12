package recon.client.crash;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import recon.common.lifecycle.CrashPoint;

/** {@code scripts/crash-test} runs this; its usage is there. */
public final class CrashTest {
    private static final int DEFAULT_ROUNDS = 200;
    private static final int DEFAULT_JOBS = 500;

    private CrashTest() {}

    public static void main(String[] args) throws Exception {
        Path directory = Files.createTempDirectory("recon-crash-");
        Jars.endProgramsWithThis();
        Report report = new Report(System.out);
        long seed = Long.getLong("seed", System.nanoTime() & 0xFFFFFF);
        switch (args.length == 0 ? "" : args[0]) {
            case "points" -> points(directory, report, args.length > 1 ? args[1] : "");
            case "random" ->
                new RandomMode(directory.resolve("random"), report, seed).run(number(args, DEFAULT_ROUNDS));
            case "soak" -> new SoakMode(directory.resolve("soak"), report, seed).run(number(args, DEFAULT_JOBS));
            default -> {
                report.say("usage: scripts/crash-test points [WORDS] | random [ROUNDS] | soak [JOBS]");
                CrashSite.delete(directory);
                System.exit(2);
            }
        }
        report.summary();
        if (report.allHeld()) {
            CrashSite.delete(directory);
        }
        System.exit(report.allHeld() ? 0 : 1);
    }

    private static int number(String[] args, int byDefault) {
        return args.length > 1 ? Integer.parseInt(args[1]) : byDefault;
    }

    /** @param words only cases whose name or point has them; empty for all */
    private static void points(Path directory, Report report, String words) throws Exception {
        report.say(
                "checked after each death and restart: the job ended or left no trace, its script ran, results came");
        report.say(
                "once and are the same bytes, one job for one submission, no directory, part of a file or process is left");
        List<PointsMode.Case> cases = new ArrayList<>(PointsMode.all());
        Set<CrashPoint> forgotten = PointsMode.forgotten(cases);
        if (!forgotten.isEmpty()) {
            throw new IllegalStateException("no scenario reaches " + forgotten);
        }
        String wanted = words.toLowerCase(Locale.ROOT);
        cases.removeIf(one ->
                !(one.name() + ", " + one.point()).toLowerCase(Locale.ROOT).contains(wanted));
        new PointsMode(directory, report).run(cases);
    }
}
