package recon.server.mrd;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.mrd.format.MrdException;
import recon.mrd.session.ModuleSession;
import recon.mrd.session.SessionModule;
import recon.mrd.wire.MrdInput;
import recon.mrd.wire.MrdMessage;
import recon.server.script.GuestProcess;

/**
 * A module that is a program: it gets what the client sends on standard input, message by message, and its answers come
 * from standard output. It has done well if its last message was a close, and its exit code 0.
 *
 * <p>Threads: the module's own takes the answers; another one, {@link ModuleFeed}, hands over what the client sends.
 */
final class ProgramModule implements SessionModule {
    private static final Logger log = LoggerFactory.getLogger(ProgramModule.class);

    /** In the environment of the program, and of all that it starts. */
    static final String SESSION = "RECON_MRD_SESSION";

    private static final String LOG = "mrd_";
    private static final String LOG_ENDING = ".log";
    private static final String CONFIG = "RECON_MRD_CONFIG";

    /** How long it may take to end after its last message. */
    private static final Duration EXIT_LIMIT = Duration.ofSeconds(4);

    /** Whether that was why its output broke off shows at once. */
    private static final Duration GLANCE = Duration.ofMillis(200);

    private final String name;
    private final Path program;
    private final MrdSettings.Modules settings;
    private final long maxMessageBytes;

    ProgramModule(String name, Path program, MrdSettings.Modules settings, long maxMessageBytes) {
        this.name = name;
        this.program = program;
        this.settings = settings;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** The ids of all sessions that have a log there, as each has while it lasts. */
    static Set<String> sessionsOf(Path logs) throws IOException {
        Set<String> sessions = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(logs, LOG + "*" + LOG_ENDING)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                sessions.add(name.substring(LOG.length(), name.length() - LOG_ENDING.length()));
            }
        }
        return sessions;
    }

    @Override
    public void run(ModuleSession session) throws IOException, InterruptedException {
        String id = UUID.randomUUID().toString();
        Path logFile = settings.logs().resolve(LOG + id + LOG_ENDING);
        GuestProcess process = GuestProcess.start(new GuestProcess.Guest(
                program,
                program.getParent(),
                Map.of(SESSION, id, CONFIG, name),
                SESSION,
                logFile,
                settings.logMaxBytes()));
        boolean interrupted = false;
        Optional<String> problem = Optional.empty();
        String words;
        try (process) {
            problem = converse(session, process);
        } catch (ClosedByInterruptException | InterruptedException e) {
            interrupted = true;
        } finally {
            words = lastWords(process, logFile);
        }
        if (problem.isPresent()) {
            throw new MrdException("module " + name + " " + problem.get() + (words.isEmpty() ? "" : "; ") + words);
        }
        if (interrupted) {
            throw words.isEmpty() ? new InterruptedIOException() : new MrdException(words);
        }
    }

    /** Returns what is wrong with the program, if anything is. */
    private Optional<String> converse(ModuleSession session, GuestProcess process)
            throws IOException, InterruptedException {
        try {
            return answer(session, process);
        } catch (ClosedByInterruptException | InterruptedException e) {
            Thread.interrupted(); // the program has its grace all the same
            throw e;
        }
    }

    private Optional<String> answer(ModuleSession session, GuestProcess process)
            throws IOException, InterruptedException {
        ModuleFeed feed = ModuleFeed.begin(session, process);
        MrdInput in = new MrdInput(process.output(), maxMessageBytes);
        while (true) {
            Optional<MrdMessage> message;
            try {
                message = in.read();
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (IOException e) {
                feed.requireClient();
                return Optional.of(failure(process, GLANCE).orElse("answered what is no MRD") + ": " + e.getMessage());
            }
            if (message.isEmpty()) {
                feed.requireClient();
                return Optional.of(failure(process, EXIT_LIMIT).orElse("ended its output without a close message"));
            }
            if (message.get() instanceof MrdMessage.Close) {
                process.input().close();
                return failure(process, EXIT_LIMIT);
            }
            if (message.get() instanceof MrdMessage.Data || message.get() instanceof MrdMessage.Text) {
                session.send(message.get());
            } else {
                log.debug(
                        "module {} sends what no client needs: {}",
                        name,
                        message.get().getClass().getSimpleName());
            }
        }
    }

    /** How the program ended, if it ended otherwise than it should. */
    private Optional<String> failure(GuestProcess process, Duration limit) throws InterruptedException {
        Optional<String> end = process.awaitEnd(limit);
        if (end.isEmpty()) {
            log.warn("module {} goes on after its last message, and is ended", name);
        }
        return end.filter(how -> !process.hasSucceeded());
    }

    /** Part of what the program printed as an error, for the client; a log with nothing in it is removed. */
    private String lastWords(GuestProcess process, Path logFile) {
        try {
            if (Files.size(logFile) == 0) {
                Files.delete(logFile);
                return "";
            }
            log.info("what module {} printed is in {}", name, logFile);
        } catch (IOException e) {
            log.warn("the log of module {} is not there any more: {}", name, e.toString());
        }
        String words = process.lastErrors().strip().replace("\n", " | ");
        return words.isEmpty() ? "" : "its last words: " + words;
    }
}
