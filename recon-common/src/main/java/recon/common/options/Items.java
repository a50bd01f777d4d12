package recon.common.options;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import recon.common.options.Item.User;
import recon.common.options.ItemType.Choice;
import recon.common.options.ItemType.Command;
import recon.common.options.ItemType.FilePath;
import recon.common.options.ItemType.Flag;
import recon.common.options.ItemType.Secret;
import recon.common.options.ItemType.Text;
import recon.common.options.ItemType.TextList;
import recon.common.options.ItemType.WholeNumber;

/** Every item that an options file may hold, in the order of {@code recon.opts.example}. */
public final class Items {
    /** What stands for the key in a file that nobody has edited yet. */
    public static final String KEY_PLACEHOLDER = "SET_YOUR_SHARED_KEY_HERE";

    /** What stands for the administrator's key where there is no administration. */
    public static final String ADMIN_KEY_PLACEHOLDER = "SET_YOUR_ADMIN_KEY_HERE";

    private static final List<Item> CATALOGUE = new ArrayList<>();
    private static final int DAY_SECONDS = 24 * 3600;
    private static final int WEEK_SECONDS = 7 * DAY_SECONDS;
    private static final int MAX_RETENTION_HOURS = 10 * 365 * 24;

    public static final Item SERVER_HOSTNAME = add(
            User.BOTH,
            "SERVER_HOSTNAME",
            new Text(false),
            "localhost",
            "Name or address that the server listens on and the client connects to. localhost accepts"
                    + " connections of this machine only; 0.0.0.0 or :: accepts them on every interface.");
    public static final Item SERVER_PORT = add(
            User.BOTH, "SERVER_PORT", new WholeNumber(0, 65_535), "60000", "TCP port; 0 lets the server choose one.");
    public static final Item CONNECT_TIMEOUT_SECONDS = add(
            User.CLIENT,
            "CONNECT_TIMEOUT_SECONDS",
            new WholeNumber(1, 3600),
            "10",
            "How long the client tries to reach the server.");

    public static final Item SHARED_KEY = add(
            User.BOTH,
            "SHARED_KEY",
            new Secret(),
            "",
            KEY_PLACEHOLDER,
            "The key that encrypts everything between client and server; the same on both. Make one with"
                    + " \"java -jar recon-client.jar keygen\" or \"java -jar recon-server.jar --generate-key\".");
    public static final Item PREVIOUS_SHARED_KEYS = add(
            User.BOTH,
            "PREVIOUS_SHARED_KEYS",
            new Secret(),
            "",
            "Older keys that are still accepted while a new SHARED_KEY is being handed out, with commas between them.");
    public static final Item CLIENT_KEYS_FILE = add(
            User.SERVER,
            "CLIENT_KEYS_FILE",
            new FilePath(true),
            "",
            "File of keys of single clients, one NAME = KEY line each, edited with recon-server.jar client-key; a running"
                    + " server takes changes within 5 s. Blank: client_keys in STATE_DIR.");
    public static final Item REQUIRE_CLIENT_KEYS = add(
            User.SERVER,
            "REQUIRE_CLIENT_KEYS",
            new Flag(),
            "false",
            "true: only keys of CLIENT_KEYS_FILE are accepted, not SHARED_KEY.");
    public static final Item TRUSTED_IPS = add(
            User.SERVER,
            "TRUSTED_IPS",
            new TextList(),
            "",
            "127.0.0.1,::1",
            "Client addresses that the server accepts, with commas between them: IPv4 or IPv6, single or as blocks"
                    + " (192.168.1.0/24). Blank or absent: any address.");
    public static final Item MESSAGE_MAX_AGE_SECONDS = add(
            User.BOTH,
            "MESSAGE_MAX_AGE_SECONDS",
            new WholeNumber(0, WEEK_SECONDS),
            "300",
            "A message sealed longer ago than this, or further in the future, is refused, and so is one seen before:"
                    + " the clocks of client and server must agree that well. 0 turns the check off.");

    public static final Item TRANSPORT = add(
            User.CLIENT,
            "TRANSPORT",
            new Choice(List.of("auto", "tls", "fernet")),
            "auto",
            "How the client talks to the server. auto: jobs over TLS 1.3 where the server knows it, else as before. tls:"
                    + " nothing else. fernet: as the Python system does.");
    public static final Item TRANSPORTS = add(
            User.SERVER,
            "TRANSPORTS",
            new TextList(),
            "tls,fernet",
            "What the server accepts: tls, fernet, or both with a comma between them. Python clients need fernet.");
    public static final Item FAILED_HANDSHAKES_PER_MINUTE = add(
            User.SERVER,
            "FAILED_HANDSHAKES_PER_MINUTE",
            new WholeNumber(0, 1_000_000),
            "30",
            "How many connections from one address may fail to show a key, per minute; further ones are closed at once"
                    + " until the minute has passed. 0: any number.");

    public static final Item SERVER_ADMIN_HOSTNAME = add(
            User.BOTH,
            "SERVER_ADMIN_HOSTNAME",
            new Text(false),
            "localhost",
            "Name or address that the server listens on for administration, and that recon-client.jar admin connects to."
                    + " localhost accepts connections of this machine only.");
    public static final Item SERVER_ADMIN_PORT = add(
            User.BOTH,
            "SERVER_ADMIN_PORT",
            new WholeNumber(0, 65_535),
            "60003",
            "TCP port of the administration; 0 lets the server choose one.");
    public static final Item SERVER_ADMIN_SHARED_KEY = add(
            User.BOTH,
            "SERVER_ADMIN_SHARED_KEY",
            new Secret(),
            ADMIN_KEY_PLACEHOLDER,
            "The administrator's key, made as SHARED_KEY is and another one. While it is this placeholder, or blank, there"
                    + " is no administration.");
    public static final Item METRICS_HOSTNAME = add(
            User.SERVER,
            "METRICS_HOSTNAME",
            new Text(false),
            "localhost",
            "Name or address on which anybody may read the metrics; they hold no names of patients, files or clients.");
    public static final Item METRICS_PORT = add(
            User.SERVER,
            "METRICS_PORT",
            new WholeNumber(0, 65_535),
            "0",
            "TCP port on which the server answers GET /metrics (for Prometheus), /health and /ready over plain HTTP. 0:"
                    + " none.");

    public static final Item MRD_HOSTNAME = add(
            User.SERVER,
            "MRD_HOSTNAME",
            new Text(false),
            "localhost",
            "Name or address on which MRD clients are served. MRD has no encryption and no keys: other than localhost needs"
                    + " MRD_TRUSTED_IPS.");
    public static final Item MRD_PORT = add(
            User.SERVER,
            "MRD_PORT",
            new WholeNumber(0, 65_535),
            "0",
            "TCP port for MRD (ISMRMRD) streaming; 9002 is customary. 0: none.");
    public static final Item MRD_TRUSTED_IPS = add(
            User.SERVER,
            "MRD_TRUSTED_IPS",
            new Text(true),
            "",
            "Addresses and blocks (192.168.1.0/24) of MRD clients that may connect, with commas between them. Blank: any,"
                    + " which only localhost allows.");
    public static final Item MRD_DEFAULT_CONFIG = add(
            User.SERVER,
            "MRD_DEFAULT_CONFIG",
            new Text(false),
            "invertcontrast",
            "The module for MRD clients that ask for one that is not there.");
    public static final Item MRD_MAX_SESSIONS = add(
            User.SERVER,
            "MRD_MAX_SESSIONS",
            new WholeNumber(1, 1000),
            "8",
            "How many MRD clients are served at once; others are told to come back later.");
    public static final Item MRD_IDLE_TIMEOUT_SECONDS = add(
            User.SERVER,
            "MRD_IDLE_TIMEOUT_SECONDS",
            new WholeNumber(1, 86_400),
            "600",
            "How long an MRD client may send nothing, or take nothing, before its session ends.");
    public static final Item MRD_MAX_MESSAGE_BYTES = add(
            User.SERVER,
            "MRD_MAX_MESSAGE_BYTES",
            new WholeNumber(4096, 2_000_000_000),
            "268435456",
            "Longest message of an MRD client: one readout of all channels, one image, the header.");

    public static final Item MRD_MODULES_DIR = add(
            User.SERVER,
            "MRD_MODULES_DIR",
            new FilePath(true),
            "",
            "Directory of the site's own modules for MRD: an executable for each config, which gets the client's stream on"
                    + " standard input and answers on standard output. Blank: none.");
    public static final Item MRD_MODULE_TIMEOUT_SECONDS = add(
            User.SERVER,
            "MRD_MODULE_TIMEOUT_SECONDS",
            new WholeNumber(1, 86_400),
            "600",
            "How long a module may neither take data nor send anything, while no client keeps it waiting, before its session"
                    + " ends.");
    public static final Item MRD_SAVE_INCOMING = add(
            User.SERVER,
            "MRD_SAVE_INCOMING",
            new Flag(),
            "false",
            "Keep what MRD clients send, in .h5 files. With false only of those that ask for it (config savedata or"
                    + " savedataonly).");
    public static final Item MRD_SAVE_DIR = add(
            User.SERVER,
            "MRD_SAVE_DIR",
            new FilePath(false),
            "/tmp/share/saved_data",
            "Directory of those files; made when it is needed.");

    public static final Item RECON_SERVER_BASE_PFILE_DIR = add(
            User.SERVER,
            "RECON_SERVER_BASE_PFILE_DIR",
            new FilePath(false),
            "/tmp/recon_server_pfiles",
            "Directory in which each job gets its input directory, job_<id>_input, until it has ended;"
                    + " FAILED_INPUT_RETENTION_HOURS says how long after a failure.");
    public static final Item RECON_SCRIPT_PATH = add(
            User.SERVER,
            "RECON_SCRIPT_PATH",
            new Text(false),
            "default_recon_script.sh",
            "The reconstruction script: .py runs with PYTHON_COMMAND, .m with MATLAB_COMMAND, anything else is"
                    + " executed itself. The default reconstructs ISMRMRD files.");
    public static final Item RECON_SERVER_DICOM_OUTPUT_DIR = add(
            User.SERVER,
            "RECON_SERVER_DICOM_OUTPUT_DIR",
            new FilePath(false),
            "/tmp/recon_server_dicoms",
            "Directory in which each job gets its output directory, job_<id>_output, for as long as its results are"
                    + " kept.");
    public static final Item STATE_DIR = add(
            User.SERVER,
            "STATE_DIR",
            new FilePath(true),
            "",
            "Directory, on a local disk, of the record of all jobs (recon.db) and of the logs of the scripts; with"
                    + " RECON_OUTPUT_MODE = shared also of the results to be sent. Blank: recon_server_state beside"
                    + " RECON_SERVER_BASE_PFILE_DIR.");

    public static final Item LOG_FILEPATH = add(
            User.SERVER,
            "LOG_FILEPATH",
            new FilePath(true),
            "/tmp/recon_project.log",
            "Log file, rotated by size. Blank: the console only.");
    public static final Item LOG_FORMAT = add(
            User.SERVER,
            "LOG_FORMAT",
            new Choice(List.of("text", "json")),
            "text",
            "text for people, or json for programs: one object a line.");
    public static final Item LOG_LEVEL = add(
            User.SERVER,
            "LOG_LEVEL",
            new Choice(List.of("error", "warn", "info", "debug", "trace")),
            "info",
            "How much is logged: error, warn, info, debug or trace.");

    public static final Item MAX_CONCURRENT_JOBS = add(
            User.SERVER,
            "MAX_CONCURRENT_JOBS",
            new WholeNumber(1, 256),
            "1",
            "How many jobs are reconstructed at the same time.");
    public static final Item MAX_QUEUED_JOBS = add(
            User.SERVER,
            "MAX_QUEUED_JOBS",
            new WholeNumber(1, 1_000_000),
            "10000",
            "How many jobs may wait, those included whose files are coming in; further ones are refused before their files"
                    + " are sent.");
    public static final Item MAX_CLIENT_PRIORITY = add(
            User.SERVER,
            "MAX_CLIENT_PRIORITY",
            new Choice(List.of("urgent", "normal", "low")),
            "urgent",
            "The most urgent priority that a client may ask for: urgent, normal or low. A job that asks for more gets"
                    + " this one.");
    public static final Item MAX_JOB_FILES = add(
            User.BOTH,
            "MAX_JOB_FILES",
            new WholeNumber(1, 1_000_000),
            "100000",
            "How many files a job may have. The list of them must also fit into one message of 4 MiB, which is room for"
                    + " 10,000 to 20,000 files, by the length of their paths.");
    public static final Item MAX_JOB_BYTES = add(
            User.SERVER,
            "MAX_JOB_BYTES",
            new WholeNumber(0, 1_000_000_000_000_000L),
            "0",
            "How many bytes the files of a job may have together; a larger job is refused before its files are sent."
                    + " 0: no limit.");
    public static final Item MAX_MESSAGE_BYTES = add(
            User.BOTH,
            "MAX_MESSAGE_BYTES",
            new WholeNumber(65_536, 16_777_216),
            "16777216",
            "The largest message accepted, as it is on the wire. Files are sent in many messages; this does not limit them.");
    public static final Item IDLE_TIMEOUT_SECONDS = add(
            User.BOTH,
            "IDLE_TIMEOUT_SECONDS",
            new WholeNumber(1, DAY_SECONDS),
            "60",
            "A connection is given up when the other side says nothing for this long while it should.");
    public static final Item MAX_CONNECTIONS = add(
            User.SERVER,
            "MAX_CONNECTIONS",
            new WholeNumber(1, 65_535),
            "256",
            "How many connections are served at the same time. A client that waits for its job holds one.");
    public static final Item MAX_CONNECTIONS_PER_ADDRESS = add(
            User.SERVER,
            "MAX_CONNECTIONS_PER_ADDRESS",
            new WholeNumber(1, 65_535),
            "64",
            "How many of them may come from one address. That of a relay with a key of its own may have all.");
    public static final Item SHUTDOWN_GRACE_SECONDS = add(
            User.SERVER,
            "SHUTDOWN_GRACE_SECONDS",
            new WholeNumber(0, 3600),
            "30",
            "How long running jobs may take to end when the server is told to stop. Up to 7 s of it are kept for ending"
                    + " the scripts that are left; RERUN_INTERRUPTED says what becomes of their jobs.");
    public static final Item MIN_FREE_DISK_MB = add(
            User.SERVER,
            "MIN_FREE_DISK_MB",
            new WholeNumber(0, 1_000_000_000),
            "1024",
            "How much must stay free, in MB of 1,048,576 bytes, on the disks that take a job's files and on that of"
                    + " MRD_SAVE_DIR. A job whose files would leave less is refused before they are sent; what MRD"
                    + " clients send is kept only while so much is free. 0: not checked.");

    public static final Item MAX_CPU_LOAD_PERCENT = add(
            User.SERVER,
            "MAX_CPU_LOAD_PERCENT",
            new WholeNumber(0, 100),
            "0",
            "No new job starts while programs other than the server and its scripts use more than this share of all"
                    + " processors, in percent. 0: not checked.");
    public static final Item MIN_AVAILABLE_MEMORY_MB = add(
            User.SERVER,
            "MIN_AVAILABLE_MEMORY_MB",
            new WholeNumber(0, 1_000_000_000),
            "500",
            "No new job starts while less memory than this is available, in MB of 1,048,576 bytes. 0: not checked.");
    public static final Item RESOURCE_CHECK_INTERVAL_SECONDS = add(
            User.SERVER,
            "RESOURCE_CHECK_INTERVAL_SECONDS",
            new WholeNumber(1, 3600),
            "10",
            "How often processors and memory are looked at, in seconds.");

    public static final Item SCRIPT_TIMEOUT_SECONDS = add(
            User.SERVER,
            "SCRIPT_TIMEOUT_SECONDS",
            new WholeNumber(0, WEEK_SECONDS),
            "1800",
            "A script that runs longer is ended with all its children, and the job fails. 0: no limit.");
    public static final Item SCRIPT_LOG_MAX_BYTES = add(
            User.SERVER,
            "SCRIPT_LOG_MAX_BYTES",
            new WholeNumber(4096, 1 << 30),
            "10485760",
            "How much of the output of a script, or of a module of MRD_MODULES_DIR, is kept; of a longer one the beginning and"
                    + " the end.");
    public static final Item RECON_OUTPUT_MODE = add(
            User.SERVER,
            "RECON_OUTPUT_MODE",
            new Choice(List.of("job", "shared")),
            "job",
            "job: the script writes to the directory given with --output-dir. shared: it writes to"
                    + " RECON_SERVER_DICOM_OUTPUT_DIR itself, and what is new there is sent; needs MAX_CONCURRENT_JOBS = 1.");
    public static final Item PYTHON_COMMAND = add(
            User.SERVER,
            "PYTHON_COMMAND",
            new Command(),
            "python3",
            "What runs a .py script: a program and its first arguments. Quotes keep blanks in a word.");
    public static final Item MATLAB_COMMAND = add(
            User.SERVER,
            "MATLAB_COMMAND",
            new Command(),
            "matlab -batch",
            "What runs a .m script; for GNU Octave: octave-cli --eval");

    public static final Item MAX_ATTEMPTS = add(
            User.SERVER,
            "MAX_ATTEMPTS",
            new WholeNumber(1, 1000),
            "2",
            "How often a job's script is started at most when the server crashes or is killed while it runs; then the"
                    + " job fails. A start that ended because the server was told to stop does not count.");
    public static final Item RERUN_INTERRUPTED = add(
            User.SERVER,
            "RERUN_INTERRUPTED",
            new Flag(),
            "true",
            "true: a job that was running when the server stopped or crashed waits in the queue and runs again. false: it"
                    + " fails, for scripts that must not run twice.");

    public static final Item RESULT_RETENTION_HOURS = add(
            User.SERVER,
            "RESULT_RETENTION_HOURS",
            new WholeNumber(0, MAX_RETENTION_HOURS),
            "168",
            "How long results are kept after they have been delivered, in hours; until then they can be fetched again."
                    + " 0: they are deleted at once.");
    public static final Item UNDELIVERED_RETENTION_HOURS = add(
            User.SERVER,
            "UNDELIVERED_RETENTION_HOURS",
            new WholeNumber(1, MAX_RETENTION_HOURS),
            "720",
            "How long results that nobody has fetched are kept, in hours; then the job expires.");
    public static final Item FAILED_INPUT_RETENTION_HOURS = add(
            User.SERVER,
            "FAILED_INPUT_RETENTION_HOURS",
            new WholeNumber(0, MAX_RETENTION_HOURS),
            "0",
            "How long the input files of a failed or cancelled job are kept, so that it can be run again, in hours. 0:"
                    + " they are deleted at once.");
    public static final Item PARTIAL_UPLOAD_RETENTION_HOURS = add(
            User.SERVER,
            "PARTIAL_UPLOAD_RETENTION_HOURS",
            new WholeNumber(0, MAX_RETENTION_HOURS),
            "24",
            "How long the files of an upload that broke off are kept for its client to go on, in hours. 0: they are"
                    + " deleted at once.");

    public static final Item CLIENT_DEFAULT_PFILE_NAME = add(
            User.CLIENT,
            "CLIENT_DEFAULT_PFILE_NAME",
            new Text(false),
            "P00000.7",
            "Name of the file to send where CLIENT_DEFAULT_PFILE_PATH is a directory.");
    public static final Item CLIENT_DEFAULT_PFILE_PATH = add(
            User.CLIENT,
            "CLIENT_DEFAULT_PFILE_PATH",
            new FilePath(true),
            "/tmp/default_pfile_on_client/P00000.7",
            "The file that is sent where the command line names none.");
    public static final Item CLIENT_DOWNLOAD_DIR = add(
            User.CLIENT,
            "CLIENT_DOWNLOAD_DIR",
            new FilePath(false),
            "client_downloads",
            "Directory for the results. A relative path is below the directory of this file.");
    public static final Item CLIENT_STATE_DIR = add(
            User.CLIENT,
            "CLIENT_STATE_DIR",
            new FilePath(true),
            "~/.recon-client",
            "Directory in which the client notes submissions that are not complete, so that the same command goes on where"
                    + " it broke off, and what it has sent of a watched directory. Blank: no notes.");

    public static final Item CLIENT_WATCH_DIRECTORY = add(
            User.CLIENT,
            "CLIENT_WATCH_DIRECTORY",
            new FilePath(true),
            "",
            "Directory whose new files \"java -jar recon-client.jar watch\" sends, not those of its subdirectories.");
    public static final Item CLIENT_WATCH_PATTERN = add(
            User.CLIENT,
            "CLIENT_WATCH_PATTERN",
            new Text(false),
            "*.7",
            "Which of its files, as *.7, or *.7,*.dat; of a job of several the primary file is one that matches the first"
                    + " pattern.");
    public static final Item CLIENT_WATCH_FAILED_DIRECTORY = add(
            User.CLIENT,
            "CLIENT_WATCH_FAILED_DIRECTORY",
            new FilePath(true),
            "",
            "Where the files of a failed job are moved, with the reason beside them in NAME.failed. Blank: they stay, and"
                    + " NAME.failed is written where they are.");
    public static final Item CLIENT_DAEMON_POLL_INTERVAL = add(
            User.CLIENT,
            "CLIENT_DAEMON_POLL_INTERVAL",
            new WholeNumber(1, DAY_SECONDS),
            "10",
            "How often the watched directory is looked through at least, in seconds: network mounts tell of no changes.");
    public static final Item CLIENT_DAEMON_STABILITY_DELAY = add(
            User.CLIENT,
            "CLIENT_DAEMON_STABILITY_DELAY",
            new WholeNumber(0, DAY_SECONDS),
            "5",
            "For how many seconds a file's size and time must stay the same before it is taken to be complete.");
    public static final Item CLIENT_DAEMON_GROUPING_TIMEOUT = add(
            User.CLIENT,
            "CLIENT_DAEMON_GROUPING_TIMEOUT",
            new WholeNumber(0, DAY_SECONDS),
            "5",
            "Files that differ only in their last extension, as P12345.7 and P12345.dat, and become complete within so many"
                    + " seconds, are one job.");
    public static final Item CLIENT_DAEMON_RECON_OPTIONS_JSON = add(
            User.CLIENT,
            "CLIENT_DAEMON_RECON_OPTIONS_JSON",
            new Text(false),
            "{}",
            "Reconstruction options of every watched job, as a JSON object. P12345.json beside P12345.7 adds to them and"
                    + " overrides them.");

    public static final Item IGNORE_UNKNOWN_ITEMS = add(
            User.BOTH,
            "IGNORE_UNKNOWN_ITEMS",
            new TextList(),
            "",
            "Items that this version may not know and shall pass over, with commas between them. Any other unknown item"
                    + " is an error.");

    public static final Item SCANNER_USERNAME = legacy("SCANNER_USERNAME", new Text(true), "sdc");
    public static final Item SCANNER_PASSWORD = legacy("SCANNER_PASSWORD", new Secret(), "adw2.0");
    public static final Item SSH_PORT = legacy("SSH_PORT", new Text(true), "22");
    public static final Item SOURCE_DATA_PATH = legacy("SOURCE_DATA_PATH", new Text(true), "/usr/g/mrraw/");
    public static final Item SCANNER_DICOM_SOURCE_DIR =
            legacy("SCANNER_DICOM_SOURCE_DIR", new Text(true), "/tmp/scanner_dicoms/");

    private static final List<Item> ALL = Collections.unmodifiableList(CATALOGUE);

    private Items() {}

    /** Every known item, in the order of the example file. */
    public static List<Item> all() {
        return ALL;
    }

    private static Item legacy(String name, ItemType type, String value) {
        return add(User.LEGACY, name, type, value, "Of the predecessor; accepted without effect.");
    }

    private static Item add(User user, String name, ItemType type, String defaultText, String description) {
        return add(user, name, type, defaultText, defaultText, description);
    }

    private static Item add(
            User user, String name, ItemType type, String defaultText, String newFileText, String description) {
        Item item = new Item(name, type, defaultText, newFileText, user, description);
        CATALOGUE.add(item);
        return item;
    }
}
