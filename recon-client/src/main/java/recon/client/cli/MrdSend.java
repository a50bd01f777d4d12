package recon.client.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import recon.common.job.Failures;
import recon.mrd.file.MrdReader;
import recon.mrd.file.MrdText;
import recon.mrd.file.MrdWriter;
import recon.mrd.format.MrdException;
import recon.mrd.session.MrdClient;
import recon.mrd.session.UnreadableException;
import recon.mrd.wire.MrdMessage;

/** Streams a file to an MRD server and keeps the images that come back. */
@Command(
        name = "send",
        description = {
            "Stream raw data or images of an ISMRMRD .h5 file to an MRD server, and write the images that come back.",
            "MRD has no encryption: use it on this machine, or in a network of its own."
        },
        exitCodeList = {
            "0:done",
            "1:the server could not reconstruct the data, or a file cannot be read or written",
            "2:the command line cannot be used",
            "3:cannot connect, the connection broke, or the server hangs (--idle-timeout)",
            "129, 130, 143:interrupted by a hang-up, Ctrl-C or SIGTERM; the images that had come are kept, unless Ctrl-C"
                    + " is pressed again"
        },
        footer = "  java -jar recon-client.jar mrd send -c cartesian -o images.h5 phantom.h5")
final class MrdSend extends MrdTool {
    /** For an interrupted one to bring to the disk what has come. */
    private static final Duration TIME_TO_KEEP = Duration.ofSeconds(60);

    private static final long MAX_MESSAGE_BYTES = 1 << 30;
    private static final DateTimeFormatter GROUP = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);

    @Parameters(paramLabel = "FILE", description = "ISMRMRD file to send.")
    private Path input;

    @Option(
            names = {"-a", "--address"},
            paramLabel = "HOST",
            defaultValue = "localhost",
            description = "Server's name or address (default: ${DEFAULT-VALUE}).")
    private String host;

    @Option(
            names = {"-p", "--port"},
            paramLabel = "PORT",
            defaultValue = "9002",
            description = "Server's port (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = {"-o", "--outfile"},
            paramLabel = "FILE",
            description =
                    "File for the images; what is in it stays (default: FILE's name with _results.h5 at its end).")
    private Path output;

    @Option(
            names = {"-g", "--in-group"},
            paramLabel = "GROUP",
            description = "Group of the file to send; needed if there are several.")
    private String inGroup;

    @Option(
            names = {"-G", "--out-group"},
            paramLabel = "GROUP",
            description = "Group for the images (default: date and time).")
    private String outGroup;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "NAME",
            defaultValue = "default.xml",
            description = "Reconstruction to ask for (default: ${DEFAULT-VALUE}, for which servers take their own).")
    private String config;

    @Option(
            names = {"-C", "--config-local"},
            paramLabel = "FILE",
            description = "Configuration to send as text, instead of a name.")
    private Path localConfig;

    @Option(
            names = {"-w", "--send-waveforms"},
            description = "Send the waveforms of the file too.")
    private boolean waveforms;

    @Option(
            names = "--ignore-json-config",
            description = "Send neither NAME.json of the working directory nor the file's own configAdditional.")
    private boolean ignoreJson;

    private long idleSeconds;

    @Option(
            names = "--idle-timeout",
            paramLabel = "SECONDS",
            defaultValue = "3600",
            description = "Give up when the server has neither taken nor sent anything for so long; what has come is"
                    + " kept (default: ${DEFAULT-VALUE}; 0: never).")
    void setIdleTimeout(long seconds) {
        if (seconds < 0) {
            throw usage("--idle-timeout " + seconds + " is negative; 0 means for ever");
        }
        idleSeconds = seconds;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        ClientConsole console = console();
        if (port < 1 || port > 65535) {
            throw usage("--port: " + port + " is outside 1..65535");
        }
        int bytes = config.getBytes(StandardCharsets.UTF_8).length;
        if (bytes >= MrdMessage.ConfigFile.BYTES) {
            throw usage(
                    "--config: a name of " + bytes + " bytes; at most " + (MrdMessage.ConfigFile.BYTES - 1) + " fit");
        }
        Path results = output == null ? input.resolveSibling(MrdFiles.stem(input) + "_results.h5") : output;
        String group =
                outGroup == null ? LocalDateTime.now(ZoneId.systemDefault()).format(GROUP) : outGroup;
        try (MrdReader file = MrdFiles.open(spec(), input, inGroup, "--in-group")) {
            MrdClient.Request request = new MrdClient.Request(config(), additional(file), waveforms);
            file.images(); // damaged ones are nothing to begin with
            // Before the connection: the server need not wait while a large file is copied.
            try (MrdWriter writer = append(results, group)) {
                writer.write(MrdText.XML, file.text(MrdText.XML).orElse("Dummy XML header"));
                MrdConnection connection;
                try {
                    connection = MrdConnection.open(host, port, Duration.ofSeconds(idleSeconds), console);
                } catch (IOException e) {
                    console.error("cannot_connect", host + " port " + port + ": " + Failures.words(e) + hint(e));
                    return ExitCode.CANNOT_CONNECT;
                }
                try (connection) {
                    return converse(console, connection, file, request, writer, results);
                }
            }
        }
    }

    private static String hint(IOException e) {
        return e instanceof ConnectException ? "; does an MRD server listen there (MRD_PORT of its recon.opts)?" : "";
    }

    private int converse(
            ClientConsole console,
            MrdConnection connection,
            MrdReader file,
            MrdClient.Request request,
            MrdWriter writer,
            Path results)
            throws IOException, InterruptedException {
        MrdAnswers answers = new MrdAnswers(console, writer);
        int code = ExitCode.DONE;
        try (Interruption interruption =
                new Interruption(connection::close, Runtime.getRuntime()::halt, TIME_TO_KEEP, Interruption.SECOND)) {
            try {
                new MrdClient(connection.input(), connection.output(), MAX_MESSAGE_BYTES).send(file, request, answers);
            } catch (IOException e) {
                if (interruption.hasHappened()) {
                    console.error("interrupted", "interrupted");
                    code = interruption.exitCode();
                } else if (answers.unwritten().isPresent()) {
                    console.error("failed", Failures.words(answers.unwritten().get()));
                    code = ExitCode.JOB_FAILED;
                } else if (e instanceof UnreadableException) {
                    console.error("failed", Failures.words(e));
                    code = ExitCode.JOB_FAILED;
                } else {
                    console.error("lost", Failures.words(e));
                    code = ExitCode.CANNOT_CONNECT;
                }
            }
            answers.sayRepeats();
            if (answers.images() > 0) {
                writer.commit(); // what has come is not lost with the connection
            }
        }
        if (console.style().json()) {
            JsonReport.print(console.out(), "received", fields -> {
                fields.text("path", results.toString());
                fields.number("images", answers.images());
            });
        } else {
            String where = answers.images() == 0 ? "" : " in " + results;
            console.out().println(answers.images() + (answers.images() == 1 ? " image" : " images") + where);
        }
        return code == ExitCode.DONE && answers.failed() ? ExitCode.JOB_FAILED : code;
    }

    private MrdWriter append(Path results, String group) throws IOException {
        try {
            return MrdWriter.append(results, group);
        } catch (IllegalArgumentException e) {
            throw usage("--out-group: " + e.getMessage());
        } catch (MrdException e) {
            throw new MrdException(e.getMessage() + "; the images cannot be added to it", e);
        } catch (FileSystemException e) {
            throw MrdFiles.cannotWrite(results, e);
        }
    }

    private MrdMessage config() throws IOException {
        return localConfig == null
                ? new MrdMessage.ConfigFile(config)
                : new MrdMessage.ConfigText(Files.readString(localConfig));
    }

    /** The one in the working directory goes before the file's own. */
    private Optional<String> additional(MrdReader file) throws IOException {
        if (ignoreJson) {
            return Optional.empty();
        }
        Path json = Path.of(config + ".json");
        return config.indexOf('/') < 0 && Files.isRegularFile(json)
                ? Optional.of(Files.readString(json))
                : file.text(MrdText.CONFIG_ADDITIONAL);
    }
}
