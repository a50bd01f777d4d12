package recon.client.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import recon.client.ClientSettings;
import recon.client.watch.WatchFolder;
import recon.client.watch.WatchSettings;
import recon.common.options.Options;
import recon.common.options.OptionsException;

/** Sends what a scanner writes to a directory. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Send every new file of CLIENT_WATCH_DIRECTORY that matches CLIENT_WATCH_PATTERN, and save the results of each"
                    + " job in a folder of its own below CLIENT_DOWNLOAD_DIR.",
            "A file is sent once it is complete; P1.7 and P1.dat that become complete together are one job, and P1.json"
                    + " holds its reconstruction options. The same content is never sent twice, a new content under an old"
                    + " name always is.",
            "Runs until it is stopped, and goes on where it was when it is started again. It waits for a server that is"
                    + " away. What it does is logged to standard error."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:with --once: every job was done",
            "1:with --once: a job has failed; or the record of what was sent cannot be used",
            "2:the command line or the options file cannot be used, or the directory is watched already",
            "129, 130, 143:stopped by the end of its terminal, Ctrl-C, or SIGTERM"
        },
        footerHeading = "%nExample, in recon.opts:%n",
        footer = {
            "  CLIENT_WATCH_DIRECTORY = /usr/g/mrraw",
            "  CLIENT_WATCH_PATTERN = *.7,*.dat",
            "  CLIENT_DAEMON_RECON_OPTIONS_JSON = {\"num_slices\": 128}",
            "and then:",
            "  java -jar recon-client.jar watch --opts recon.opts"
        })
final class WatchCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions serverOptions;

    @Option(
            names = "--once",
            description = "Send what is in the directory and does not change, wait for the results, and end.")
    private boolean once;

    @ParentCommand
    private ReconClientMain main;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ClientConsole console = main.console();
        ClientLogging.daemon(console.style().verbose());
        Options options = main.serverOptions().with(serverOptions).load();
        options.notices().forEach(console::tell);
        try {
            ClientSettings client = ClientSettings.from(options);
            WatchSettings settings = WatchSettings.from(options);
            return watch(new Session(client, console, main.surroundings()), settings);
        } catch (OptionsException e) {
            e.problems().forEach(problem -> console.error(ClientConsole.USAGE_ERROR, problem));
            return ExitCode.USAGE;
        } catch (IllegalArgumentException e) {
            return console.fail(ExitCode.USAGE, e);
        }
    }

    private int watch(Session session, WatchSettings settings) throws IOException, InterruptedException {
        try (WatchFolder folder = WatchFolder.open(
                        settings, session.newClient(), session.surroundings().timing());
                Interruption interruption = new Interruption(folder::stop)) {
            int failures = folder.run(once);
            if (interruption.hasHappened()) {
                return interruption.exitCode();
            }
            return failures == 0 ? ExitCode.DONE : ExitCode.JOB_FAILED;
        }
    }
}
