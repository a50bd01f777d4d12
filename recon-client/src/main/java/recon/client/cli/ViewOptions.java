package recon.client.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How much of a log or of the queue is shown. */
final class ViewOptions {
    @Option(
            names = "--follow",
            description = "With --log: go on until the script has ended, or the connection (exit code 3).")
    private boolean follow;

    @Option(names = "--all", description = "With --view-queue: ended jobs too, the newest first.")
    private boolean all;

    private int limit;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "With --view-queue: so many jobs at most (default: ${DEFAULT-VALUE}).")
    void setLimit(int jobs) {
        if (jobs < 1) {
            throw new ParameterException(spec.commandLine(), "--limit " + jobs + " is less than 1");
        }
        limit = jobs;
    }

    boolean follow() {
        return follow;
    }

    boolean all() {
        return all;
    }

    int limit() {
        return limit;
    }
}
