package recon.client.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import recon.common.job.JobId;
import recon.common.job.Priority;
import recon.common.wire.AdminReport;
import recon.common.wire.AdminRequest;
import recon.common.wire.Report;

/** The commands of {@code admin} that change something. */
final class AdminActions {
    private AdminActions() {}

    /** A command that is answered with what was done. */
    private abstract static class Doing implements Callable<Integer> {
        @ParentCommand
        private AdminCommand admin;

        abstract AdminRequest request();

        @Override
        public Integer call() throws IOException {
            return admin.run((client, console) -> {
                AdminReport.Done done = client.ask(request(), AdminReport.Done.class);
                if (console.style().json()) {
                    JsonReport.print(console.out(), "done", done::writeParams);
                } else {
                    console.out().println(Printable.cell(done.message()));
                }
            });
        }
    }

    /** A command about a job, which is answered with how the job is then. */
    private abstract static class OfJob implements Callable<Integer> {
        @ParentCommand
        private AdminCommand admin;

        @Parameters(paramLabel = "ID", description = "The job's id.")
        private JobId job;

        abstract AdminRequest request(JobId id);

        @Override
        public Integer call() throws IOException {
            return admin.run((client, console) -> {
                Report.JobDetails details = client.ask(request(job), Report.JobDetails.class);
                if (console.style().json()) {
                    JsonReport.print(console.out(), "job_details", details::writeParams);
                } else {
                    console.out()
                            .println("job " + Printable.cell(details.job().jobId()) + " is "
                                    + Printable.cell(details.job().status()) + ", priority "
                                    + Printable.cell(details.job().priority()));
                }
            });
        }
    }

    /** Ends a job. */
    @Command(
            name = "cancel",
            mixinStandardHelpOptions = true,
            description = "Cancel a job, whoever's it is: one that waits or runs, or whose results wait for a client.",
            footerHeading = "%nExample:%n",
            footer = "  java -jar recon-client.jar admin cancel 3f0c1e9a-5b7d-4a55-9c5e-0d2f6b8a1c33")
    static final class Cancel extends OfJob {
        @Override
        AdminRequest request(JobId id) {
            return new AdminRequest.Cancel(id);
        }
    }

    /** Moves a job in the queue. */
    @Command(
            name = "priority",
            mixinStandardHelpOptions = true,
            description = "Give a job that waits another priority; within it the job keeps its place by age.",
            footerHeading = "%nExample:%n",
            footer = "  java -jar recon-client.jar admin priority 3f0c1e9a-5b7d-4a55-9c5e-0d2f6b8a1c33 urgent")
    static final class SetPriority extends OfJob {
        @Parameters(index = "1", paramLabel = "PRIORITY", description = "urgent, normal or low.")
        private Priority priority;

        @Override
        AdminRequest request(JobId id) {
            return new AdminRequest.SetPriority(id, priority);
        }
    }

    /** Changes the number of workers. */
    @Command(
            name = "set-max-jobs",
            mixinStandardHelpOptions = true,
            description = {
                "How many jobs run at once from now on. Jobs that run are not disturbed.",
                "Holds after a restart too, until MAX_CONCURRENT_JOBS of the server's options is changed, or this command"
                        + " is given that very number."
            },
            footerHeading = "%nExample:%n",
            footer = "  java -jar recon-client.jar admin set-max-jobs 4")
    static final class SetMaxJobs extends Doing {
        @Parameters(paramLabel = "N", description = "1 to 256; 1 with RECON_OUTPUT_MODE = shared.")
        private int jobs;

        @Override
        AdminRequest request() {
            if (jobs < 1) {
                throw new IllegalArgumentException("cannot run " + jobs + " jobs at once; give 1 or more");
            }
            return new AdminRequest.SetMaxJobs(jobs);
        }
    }

    /** Takes a server out of use. */
    @Command(
            name = "drain",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Take no new jobs; those that wait still run, and results can be fetched. Clients that submit are told to"
                        + " try again later.",
                "Undone by \"resume\" only: a server that is restarted still takes no jobs, and says so in its log.",
                "Of a relay: send no new jobs to one of its servers; those that it has go on. A relay that starts sends jobs to"
                        + " all of them."
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  java -jar recon-client.jar admin drain --wait && systemctl restart recon-server &&"
                        + " java -jar recon-client.jar admin resume",
                "  java -jar recon-client.jar admin --opts relay.opts drain recon2:60000 --wait"
            })
    static final class Drain extends Doing {
        @Option(names = "--wait", description = "Return once no job waits or runs; Ctrl-C leaves the server draining.")
        private boolean untilEmpty;

        @Parameters(
                arity = "0..1",
                paramLabel = "HOST:PORT",
                defaultValue = "",
                description = "Of a relay: the one of its servers that shall get no new jobs.")
        private String backend;

        @Override
        AdminRequest request() {
            return new AdminRequest.Drain(untilEmpty, backend);
        }
    }

    /** Puts it into use again. */
    @Command(name = "resume", mixinStandardHelpOptions = true, description = "Take new jobs again after \"drain\".")
    static final class Resume extends Doing {
        @Parameters(
                arity = "0..1",
                paramLabel = "HOST:PORT",
                defaultValue = "",
                description = "Of a relay: the one of its servers that shall get jobs again.")
        private String backend;

        @Override
        AdminRequest request() {
            return new AdminRequest.Resume(backend);
        }
    }

    /** Takes over changed options. */
    @Command(
            name = "reload",
            mixinStandardHelpOptions = true,
            description = {
                "Let the server or relay read its options file and its client keys again, as SIGHUP does.",
                "By a server, taken over are SHARED_KEY, PREVIOUS_SHARED_KEYS, SERVER_ADMIN_SHARED_KEY, the client keys, TRUSTED_IPS,"
                        + " MAX_CONCURRENT_JOBS, MAX_QUEUED_JOBS, MAX_JOB_FILES, MAX_JOB_BYTES, MAX_CLIENT_PRIORITY,"
                        + " MAX_CONNECTIONS and MAX_CONNECTIONS_PER_ADDRESS. Other changes are listed: they need a restart.",
                "By a relay: its keys and the client keys, BACKEND_SERVERS, TRUSTED_CLIENT_IPS, LOAD_BALANCING_STRATEGY,"
                        + " HEALTH_CHECK_INTERVAL, MAX_CONNECTIONS and MAX_CONNECTIONS_PER_ADDRESS.",
                "If anything in the file is wrong, nothing changes."
            })
    static final class Reload implements Callable<Integer> {
        @ParentCommand
        private AdminCommand admin;

        @Override
        public Integer call() throws IOException {
            return admin.run((client, console) -> {
                AdminReport.Reloaded reloaded = client.ask(new AdminRequest.Reload(), AdminReport.Reloaded.class);
                if (console.style().json()) {
                    JsonReport.print(console.out(), "reloaded", reloaded::writeParams);
                    return;
                }
                if (reloaded.changed().isEmpty() && reloaded.needsRestart().isEmpty()) {
                    console.out().println("nothing has changed");
                }
                print(console, "changed: ", reloaded.changed());
                print(console, "needs a restart: ", reloaded.needsRestart());
            });
        }

        private static void print(ClientConsole console, String label, List<String> items) {
            items.forEach(item -> console.out().println(label + Printable.cell(item)));
        }
    }

    /** Forgets old jobs. */
    @Command(
            name = "purge",
            mixinStandardHelpOptions = true,
            description = {
                "Forget jobs that ended long ago: their records, histories and logs, and what may be left of their files.",
                "Jobs whose results or inputs are still kept stay; RESULT_RETENTION_HOURS and the others say how long."
            },
            footerHeading = "%nExample:%n",
            footer = "  java -jar recon-client.jar admin purge --older-than 90d")
    static final class Purge extends Doing {
        @Option(
                names = "--older-than",
                paramLabel = "AGE",
                defaultValue = "30d",
                description = "How long ago they must have ended: 48h, 90d; at least 1h (default: ${DEFAULT-VALUE}).")
        private Duration olderThan;

        @Override
        AdminRequest request() {
            return new AdminRequest.Purge(olderThan);
        }
    }
}
