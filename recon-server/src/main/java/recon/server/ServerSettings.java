package recon.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import recon.common.admin.Administration;
import recon.common.crypto.SharedKey;
import recon.common.job.Priority;
import recon.common.net.TrustedAddresses;
import recon.common.options.AdminItems;
import recon.common.options.Items;
import recon.common.options.ListenItems;
import recon.common.options.LogSettings;
import recon.common.options.Options;
import recon.common.options.OptionsException;
import recon.common.options.Problems;
import recon.common.wire.TransportChoice;
import recon.server.mrd.MrdSettings;
import recon.server.script.OutputMode;

/**
 * What the server needs from its options. Paths are absolute.
 *
 * @param host name or address to listen on
 * @param port 0..65535; 0 lets the system choose
 * @param keys shared by clients: the first seals, all open; may be empty if only keys of single clients are accepted
 * @param basePfileDirectory holds the jobs' input directories
 * @param dicomOutputDirectory holds the jobs' output directories, or in mode {@code SHARED} all results
 * @param stateDirectory the server's records and the scripts' logs
 * @param optionsDirectory where the options file is; a relative script path may be below it
 * @param maxConcurrentJobs 1..256
 * @param shutdownGrace how long running jobs may take to end after the request to stop
 */
public record ServerSettings(
        String host,
        int port,
        List<SharedKey> keys,
        TrustedAddresses trustedAddresses,
        Access access,
        Path basePfileDirectory,
        Path dicomOutputDirectory,
        Path stateDirectory,
        Path optionsDirectory,
        int maxConcurrentJobs,
        Duration shutdownGrace,
        Script script,
        Attempts attempts,
        Limits limits,
        Retention retention,
        Resources resources,
        LogSettings log,
        Administration administration,
        Metrics metrics,
        MrdSettings mrd) {
    private static final long BYTES_PER_MB = 1L << 20;

    /**
     * Who gets in, and how.
     *
     * @param transports {@code AUTO} for both
     * @param clientKeysFile keys of single clients; need not exist
     * @param requireClientKeys only these are accepted
     * @param failedHandshakesPerMinute of one address; 0 for any number
     */
    public record Access(
            TransportChoice transports,
            Path clientKeysFile,
            boolean requireClientKeys,
            int failedHandshakesPerMinute) {}

    /**
     * How the reconstruction script is run.
     *
     * @param path as the options file has it; a relative one is not resolved yet
     * @param pythonCommand program and first arguments that run a {@code .py} file
     * @param matlabCommand program and first arguments that run a call of an {@code .m} file
     * @param timeout empty for no limit
     * @param logMaxBytes how much of its output is kept, at least 4096
     */
    public record Script(
            String path,
            OutputMode outputMode,
            List<String> pythonCommand,
            List<String> matlabCommand,
            Optional<Duration> timeout,
            int logMaxBytes) {
        public Script {
            pythonCommand = List.copyOf(pythonCommand);
            matlabCommand = List.copyOf(matlabCommand);
        }
    }

    /**
     * What one peer, or all of them, may take.
     *
     * @param messageMaxAge older messages and repeated ones are refused; empty accepts any
     * @param maxMessageBytes of a frame's token, 65536..16777216
     * @param idleTimeout for one read
     * @param maxClientPriority what a client that asks for more gets
     * @param maxJobBytes of all files of a job together; empty for no limit
     * @param minFreeDiskBytes what a job's files must leave free; 0 for no check
     */
    public record Limits(
            Optional<Duration> messageMaxAge,
            int maxMessageBytes,
            Duration idleTimeout,
            int maxConnections,
            int maxConnectionsPerAddress,
            int maxQueuedJobs,
            Priority maxClientPriority,
            int maxJobFiles,
            OptionalLong maxJobBytes,
            long minFreeDiskBytes) {}

    /**
     * What becomes of a job that a stop or crash of the server interrupted.
     *
     * @param max how often its script is started at most, 1..1000
     * @param rerunInterrupted whether it runs again at all; if not, it fails
     */
    public record Attempts(int max, boolean rerunInterrupted) {}

    /**
     * How long files are kept; zero deletes them at once.
     *
     * @param results after delivery
     * @param undelivered from the end of the script on, at least an hour
     * @param failedInputs after the failure of their job
     * @param partialUploads after the last byte that came in
     */
    public record Retention(Duration results, Duration undelivered, Duration failedInputs, Duration partialUploads) {}

    /**
     * What must be free before a job starts.
     *
     * @param maxCpuLoadPercent how much of all processors others may use, 1..100; 0 for no check
     * @param minAvailableMemoryMb in units of 1,048,576 bytes; 0 for no check
     * @param checkInterval how old a look at the machine may be, at least a second
     */
    public record Resources(int maxCpuLoadPercent, int minAvailableMemoryMb, Duration checkInterval) {}

    /**
     * Where figures are read.
     *
     * @param port 0 if they are not
     */
    public record Metrics(String host, int port) {}

    public ServerSettings {
        keys = List.copyOf(keys);
        if (keys.isEmpty() && !access.requireClientKeys()) {
            throw new IllegalArgumentException("a server needs a key");
        }
    }

    /**
     * The settings that a program's options make.
     *
     * @throws OptionsException with every problem of the options, those of other programs' items included
     */
    public static ServerSettings from(Options options) throws OptionsException {
        Problems problems = options.problems();
        boolean requireClientKeys = options.flag(Items.REQUIRE_CLIENT_KEYS);
        List<SharedKey> keys = options.keys(!requireClientKeys, problems);
        Administration administration = Administration.from(
                options, AdminItems.SERVER, List.of(Items.SHARED_KEY, Items.PREVIOUS_SHARED_KEYS), problems);
        TrustedAddresses trusted = options.parsed(Items.TRUSTED_IPS, TrustedAddresses::parse, problems);
        TransportChoice transports = options.parsed(Items.TRANSPORTS, TransportChoice::accepted, problems);
        Path base = options.path(Items.RECON_SERVER_BASE_PFILE_DIR);
        Path output = options.path(Items.RECON_SERVER_DICOM_OUTPUT_DIR);
        Path state = options.optionalPath(Items.STATE_DIR).orElseGet(() -> base.resolveSibling("recon_server_state"));
        MrdSettings mrd = MrdSettings.from(options, state, problems);
        Script script = script(options);
        if (script.outputMode() == OutputMode.SHARED) {
            checkShared(options, base, output, problems);
        }
        checkPorts(options, administration, problems);
        problems.throwIfAny();
        return new ServerSettings(
                options.text(Items.SERVER_HOSTNAME),
                options.integer(Items.SERVER_PORT),
                keys,
                trusted,
                new Access(
                        transports,
                        options.optionalPath(Items.CLIENT_KEYS_FILE).orElseGet(() -> state.resolve("client_keys")),
                        requireClientKeys,
                        options.integer(Items.FAILED_HANDSHAKES_PER_MINUTE)),
                base,
                output,
                state,
                options.directory(),
                options.integer(Items.MAX_CONCURRENT_JOBS),
                options.seconds(Items.SHUTDOWN_GRACE_SECONDS),
                script,
                new Attempts(options.integer(Items.MAX_ATTEMPTS), options.flag(Items.RERUN_INTERRUPTED)),
                limits(options),
                new Retention(
                        options.hours(Items.RESULT_RETENTION_HOURS),
                        options.hours(Items.UNDELIVERED_RETENTION_HOURS),
                        options.hours(Items.FAILED_INPUT_RETENTION_HOURS),
                        options.hours(Items.PARTIAL_UPLOAD_RETENTION_HOURS)),
                new Resources(
                        options.integer(Items.MAX_CPU_LOAD_PERCENT),
                        options.integer(Items.MIN_AVAILABLE_MEMORY_MB),
                        options.seconds(Items.RESOURCE_CHECK_INTERVAL_SECONDS)),
                LogSettings.from(options),
                administration,
                new Metrics(options.text(Items.METRICS_HOSTNAME), options.integer(Items.METRICS_PORT)),
                mrd);
    }

    /** What to warn of though it is no problem. */
    Optional<String> notice() {
        return administration.notice(AdminItems.SERVER, trustedAddresses, Items.TRUSTED_IPS);
    }

    private static void checkPorts(Options options, Administration administration, Problems problems) {
        List<ListenItems> ports = new ArrayList<>(List.of(new ListenItems(Items.SERVER_HOSTNAME, Items.SERVER_PORT)));
        if (administration.key().isPresent()) {
            ports.add(new ListenItems(Items.SERVER_ADMIN_HOSTNAME, Items.SERVER_ADMIN_PORT));
        }
        ports.add(new ListenItems(Items.METRICS_HOSTNAME, Items.METRICS_PORT));
        ports.add(new ListenItems(Items.MRD_HOSTNAME, Items.MRD_PORT));
        ListenItems.check(options, ports, problems);
    }

    private static Script script(Options options) {
        return new Script(
                options.text(Items.RECON_SCRIPT_PATH),
                options.choice(Items.RECON_OUTPUT_MODE, OutputMode.class),
                options.command(Items.PYTHON_COMMAND),
                options.command(Items.MATLAB_COMMAND),
                options.limit(Items.SCRIPT_TIMEOUT_SECONDS),
                options.integer(Items.SCRIPT_LOG_MAX_BYTES));
    }

    private static Limits limits(Options options) {
        return new Limits(
                options.limit(Items.MESSAGE_MAX_AGE_SECONDS),
                options.integer(Items.MAX_MESSAGE_BYTES),
                options.seconds(Items.IDLE_TIMEOUT_SECONDS),
                options.integer(Items.MAX_CONNECTIONS),
                options.integer(Items.MAX_CONNECTIONS_PER_ADDRESS),
                options.integer(Items.MAX_QUEUED_JOBS),
                options.choice(Items.MAX_CLIENT_PRIORITY, Priority.class),
                options.integer(Items.MAX_JOB_FILES),
                options.countLimit(Items.MAX_JOB_BYTES),
                options.wholeNumber(Items.MIN_FREE_DISK_MB) * BYTES_PER_MB);
    }

    /** In a directory of all jobs, results can be told apart only if one job runs and nothing else is put there. */
    private static void checkShared(Options options, Path base, Path output, Problems problems) {
        int jobs = options.integer(Items.MAX_CONCURRENT_JOBS);
        if (jobs > 1) {
            options.problemAt(
                    Items.RECON_OUTPUT_MODE,
                    "RECON_OUTPUT_MODE = shared needs MAX_CONCURRENT_JOBS = 1, but that is " + jobs + " ("
                            + options.where(Items.MAX_CONCURRENT_JOBS) + ")",
                    problems);
        }
        if (base.startsWith(output)) {
            options.problemAt(
                    Items.RECON_OUTPUT_MODE,
                    "RECON_OUTPUT_MODE = shared would send the inputs back: RECON_SERVER_BASE_PFILE_DIR " + base
                            + " must not be in RECON_SERVER_DICOM_OUTPUT_DIR " + output,
                    problems);
        }
    }
}
