package recon.client.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import recon.client.ClientSettings;
import recon.client.watch.WatchFolder;
import recon.client.watch.WatchSettings;
import recon.common.lifecycle.ServiceManager;
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
            "A file is sent once it is complete and not empty; P1.7 and P1.dat that become complete together are one job,"
                    + " and P1.json holds its reconstruction options. It goes with one job: a later P1.7 has the general"
                    + " options, unless P1.json is written anew, and the log says so. Links are not followed. The same content is never sent twice, a new content under an old"
                    + " name always is.",
            "Runs until it is stopped, and goes on where it was when it is started again. It waits for a server that is"
                    + " away, and for a directory that is not mounted yet. What it does is logged to standard error."
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
            description =
                    "Send what is in the directory and does not change, wait for the results, and end. With --json one"
                            + " line says how many jobs are done, and how many have failed.")
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
        ServiceManager manager = ServiceManager.of(System.getenv());
        if (!once) {
            CountDownLatch over = new CountDownLatch(1);
            try (Interruption interruption = new Interruption(over::countDown)) {
                Runnable absent = () -> manager.ready("waiting for " + settings.directory() + ", which is not there");
                if (!WatchFolder.awaitDirectory(settings, absent, over) || interruption.hasHappened()) {
                    return interruption.exitCode();
                }
            }
        }
        try (WatchFolder folder = WatchFolder.open(
                        settings, session.newClient(), session.surroundings().timing());
                Interruption interruption = new Interruption(folder::stop)) {
            if (!once) {
                manager.ready("watching " + settings.directory());
            }
            WatchFolder.Tally tally = folder.run(once);
            if (interruption.hasHappened()) {
                manager.stopping("what is not done goes on at the next start");
                return interruption.exitCode();
            }
            if (session.console().style().json()) {
                JsonReport.print(session.console().out(), "watched", fields -> {
                    fields.number("done", tally.done());
                    fields.number("failed", tally.failed());
                });
            }
            return tally.failed() == 0 ? ExitCode.DONE : ExitCode.JOB_FAILED;
        }
    }
}
