package recon.client.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** Which options make sense with which actions. One that has no effect is a mistake that the person should hear of. */
final class Combinations {
    private static final List<String> OTHER_ACTIONS =
            List.of("--fetch", "--job", "--log", "--cancel", "--rerun", "--view-queue", "--server-status");
    private static final String SUBMISSION = "a job's submission";
    private static final Map<String, List<String>> ONLY_WITH = new LinkedHashMap<>();

    static {
        ONLY_WITH.put("--pattern", List.of("--directory"));
        ONLY_WITH.put("--recon-options", List.of(SUBMISSION));
        ONLY_WITH.put("--priority", List.of(SUBMISSION));
        ONLY_WITH.put("--no-wait", List.of(SUBMISSION));
        ONLY_WITH.put("--output", List.of(SUBMISSION, "--fetch"));
        ONLY_WITH.put("--timeout", List.of(SUBMISSION, "--fetch"));
        ONLY_WITH.put("--follow", List.of("--log"));
        ONLY_WITH.put("--all", List.of("--view-queue"));
        ONLY_WITH.put("--limit", List.of("--view-queue"));
    }

    private Combinations() {}

    /**
     * An option before a subcommand's name must be one that the subcommand has too.
     *
     * @throws CommandLine.ParameterException if one is not
     */
    static void checkBeforeSubcommand(CommandLine.ParseResult given) {
        if (!given.hasSubcommand()) {
            return;
        }
        CommandLine.Model.CommandSpec subcommand = given.subcommand().commandSpec();
        for (CommandLine.Model.OptionSpec option : given.matchedOptions()) {
            if (subcommand.findOption(option.longestName()) == null) {
                throw new CommandLine.ParameterException(
                        subcommand.commandLine(), option.longestName() + " does not go with " + subcommand.name());
            }
        }
    }

    /** @throws CommandLine.ParameterException if two options do not go together */
    static void check(CommandLine commandLine) {
        CommandLine.ParseResult given = commandLine.getParseResult();
        boolean submits = OTHER_ACTIONS.stream().noneMatch(given::hasMatchedOption);
        ONLY_WITH.forEach((option, partners) -> {
            boolean fits = partners.stream()
                    .anyMatch(partner -> partner.equals(SUBMISSION) ? submits : given.hasMatchedOption(partner));
            if (given.hasMatchedOption(option) && !fits) {
                throw new CommandLine.ParameterException(
                        commandLine, option + " goes with " + String.join(" or ", partners));
            }
        });
        if (given.hasMatchedOption("--no-wait") && given.hasMatchedOption("--output")) {
            throw new CommandLine.ParameterException(
                    commandLine, "--output does not go with --no-wait, which downloads nothing");
        }
    }
}
