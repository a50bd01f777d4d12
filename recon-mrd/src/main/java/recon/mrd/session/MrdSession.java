package recon.mrd.session;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.MrdItem;
import recon.mrd.recon.ReconParameters;
import recon.mrd.wire.MrdInput;
import recon.mrd.wire.MrdMessage;
import recon.mrd.wire.MrdOutput;

/**
 * The server's side of one conversation: config, header, perhaps more configuration, data, and what a module makes of
 * them. What fails is told to the client in a text that begins with {@value #ERROR}; the last message is a close.
 *
 * <p>Threads: the one that serves, one for the module, and those of the module, which may take and send in any of them.
 */
public final class MrdSession {
    /** How a text begins that says what went wrong. */
    public static final String ERROR = "ERROR   ";

    /** How a text begins that says what the client may want to know. */
    private static final String INFO = "INFO     ";

    /** Configs of clients that leave the choice to the server: none, and the one that clients send who were told none. */
    private static final Set<String> CHOICE_OF_THE_SERVER = Set.of("", "default.xml");

    /** A config by name, one as text, and the header; more would only fill the memory. */
    private static final int MOST_BEFORE_HEADER = 3;

    /** The grace of a module that brings what it keeps to the disk; a server that stops need not wait so long. */
    private static final Duration LONGEST_SAVING = Duration.ofMinutes(1);

    private static final Logger log = LoggerFactory.getLogger(MrdSession.class);

    private final MrdInput in;
    private final MrdOutput out;
    private final Limits limits;
    private final Saving saving;
    private final SessionSaving kept;
    private final Queue<MrdMessage> opening = new ConcurrentLinkedQueue<>();
    private String config = "";
    private String xml = "";
    private Optional<MrdHeader> header = Optional.empty();
    private ReconParameters parameters = ReconParameters.NONE;
    private boolean begun;
    private boolean ended;
    private volatile boolean moduleIsOver;
    private long itemsIn;
    private long imagesOut;

    /**
     * Where what clients send is kept.
     *
     * @param all whether all of it is kept, or only what comes for the configs {@value SessionSaving#SAVE_ONLY} and
     *     {@value SaveDataModule#NAME}
     * @param minFreeBytes what must stay free on that disk; 0 for no check
     */
    public record Saving(Path directory, boolean all, Clock clock, long minFreeBytes) {}

    /**
     * What one session may take.
     *
     * @param maxMessageBytes that one message may have
     * @param module how long a module may neither take nor send anything, while the client does not keep it waiting
     * @param grace how long a module may take to end after that, when it is interrupted
     */
    public record Limits(long maxMessageBytes, Duration module, Duration grace) {}

    public MrdSession(InputStream in, OutputStream out, Limits limits, Saving saving) {
        this.in = new MrdInput(in, limits.maxMessageBytes());
        this.out = new MrdOutput(out);
        this.limits = limits;
        this.saving = saving;
        this.kept = new SessionSaving(saving);
    }

    /**
     * Holds the conversation, to the end of what the client sends.
     *
     * @param defaultConfig the module for names that are not known
     * @throws IOException if the client can no longer be told anything
     * @throws InterruptedException if the thread was interrupted; so was the module
     */
    public void serve(SessionModules modules, String defaultConfig) throws IOException, InterruptedException {
        try {
            begin();
            beginToSave();
            if (config.equals(SessionSaving.SAVE_ONLY)) {
                drainAll();
            } else if (config.equals(SaveDataModule.NAME)) {
                run(new SaveDataModule(saving)::run, LONGEST_SAVING);
            } else {
                run(module(modules, defaultConfig), limits.grace());
            }
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
            log.warn("{}: {}", Words.shown(config), Words.reason(e));
            log.debug("where it failed", e);
            say(ERROR + Words.reason(e));
        } finally {
            begun = true; // if only to keep nothing more of a client whose beginning made no sense
            opening.clear();
            finishSaving();
        }
        write(new MrdMessage.Close());
        drain();
    }

    private void run(SessionModule module, Duration grace) throws IOException, InterruptedException {
        try {
            ModuleSession session = new ModuleSession(this, new ModuleSession.Asked(config, xml, header, parameters));
            ModuleRun.begin(Words.shown(config), module, session).await(session.clock(), limits.module(), grace);
        } finally {
            moduleIsOver = true; // whatever threads it has left
        }
    }

    private void drainAll() throws IOException {
        while (!ended) {
            receiveItem(); // it is saved as it comes
        }
    }

    private void beginToSave() throws IOException {
        kept.begin(config, opening);
        begun = true;
    }

    /** All of it is to be saved, whatever became of the images and of the client. */
    private void finishSaving() throws IOException {
        if (kept.isOn()) {
            drain();
            Optional<String> problem = kept.finish();
            if (problem.isPresent()) {
                say(ERROR + problem.get());
            }
        }
    }

    private void begin() throws IOException {
        while (xml.isEmpty()) {
            MrdMessage message = receive()
                    .orElseThrow(() -> new EOFException("the client sent no header before it ended the connection"));
            if (opening.size() > MOST_BEFORE_HEADER) {
                throw new MrdException("no header came in the first " + MOST_BEFORE_HEADER + " messages");
            }
            if (message instanceof MrdMessage.ConfigFile file) {
                config = file.name();
            } else if (message instanceof MrdMessage.ConfigText text) {
                config = text.text().strip();
            } else if (message instanceof MrdMessage.Header head) {
                xml = head.xml().isEmpty() ? " " : head.xml();
            } else {
                throw new MrdException("a " + message.getClass().getSimpleName() + " came before the header");
            }
        }
        header = parsed(xml);
        if (in.textIsNext() && receive().orElseThrow() instanceof MrdMessage.Text text) {
            parameters = ReconParameters.parse(text.text());
            config = parameters.config().orElse(config);
        }
    }

    /** A client that has no header sends other words; a header that is damaged is an error. */
    private static Optional<MrdHeader> parsed(String xml) throws MrdException {
        return xml.stripLeading().startsWith("<") ? Optional.of(MrdHeader.parse(xml)) : Optional.empty();
    }

    private SessionModule module(SessionModules modules, String defaultConfig) throws IOException {
        Optional<SessionModule> wanted = modules.named(config);
        if (wanted.isPresent()) {
            return wanted.get();
        }
        String missing = "there is no module \"" + Words.shown(config) + "\"";
        SessionModule substitute = modules.named(defaultConfig)
                .orElseThrow(
                        () -> new MrdException(missing + ", and none \"" + defaultConfig + "\" to take in its place"));
        if (CHOICE_OF_THE_SERVER.contains(config)) {
            log.info("the client leaves the choice of the module to the server: {}", defaultConfig);
        } else {
            log.info("{}; taking {}", missing, defaultConfig);
            say(INFO + missing + "; " + defaultConfig + " takes its place (MRD_DEFAULT_CONFIG)");
        }
        return substitute;
    }

    /** What came and went, on one line. */
    public String summary() {
        synchronized (out) {
            return Words.shown(config) + ", " + itemsIn + " items in (" + in.position() + " bytes), " + imagesOut
                    + (imagesOut == 1 ? " image out" : " images out");
        }
    }

    Optional<MrdItem> itemForModule() throws IOException {
        synchronized (in) {
            requireModule();
            return receiveItem();
        }
    }

    Optional<MrdMessage> messageForModule() throws IOException {
        synchronized (in) {
            requireModule();
            Optional<MrdMessage> message =
                    opening.isEmpty() && !ended ? receive() : Optional.ofNullable(opening.poll());
            itemsIn += message.isPresent() && message.get() instanceof MrdMessage.Data ? 1 : 0;
            return message;
        }
    }

    void answer(MrdMessage message) throws IOException {
        synchronized (out) {
            requireModule();
            write(message);
            imagesOut += message instanceof MrdMessage.Data ? 1 : 0;
        }
    }

    private void requireModule() throws IOException {
        if (moduleIsOver) {
            throw new MrdException("the session of this module is over");
        }
    }

    private Optional<MrdItem> receiveItem() throws IOException {
        while (!ended) {
            Optional<MrdMessage> message = receive();
            if (message.isPresent() && message.get() instanceof MrdMessage.Data data) {
                itemsIn++;
                return Optional.of(data.item());
            }
            if (message.isPresent() && !ended) {
                log.debug(
                        "passed over among the data: {}",
                        message.get().getClass().getSimpleName());
            }
        }
        return Optional.empty();
    }

    private Optional<MrdMessage> receive() throws IOException {
        synchronized (in) {
            Optional<MrdMessage> message;
            try {
                message = in.read();
            } catch (IOException e) {
                ended = true; // what comes after this would make no sense
                throw e;
            }
            ended = message.isEmpty() || message.get() instanceof MrdMessage.Close;
            if (message.isPresent() && !begun) {
                opening.add(message.get());
            } else if (message.isPresent()) {
                kept.save(message.get());
            }
            return message;
        }
    }

    private void write(MrdMessage message) throws IOException {
        synchronized (out) {
            out.write(message);
            out.flush();
        }
    }

    private void say(String text) throws IOException {
        write(new MrdMessage.Text(text));
    }

    /** A client that still sends when the connection ends might lose what it has not read yet. */
    private void drain() {
        synchronized (in) { // a thread that the module has left behind may still wait for the client
            try {
                while (!ended) {
                    receive();
                }
            } catch (IOException e) {
                log.debug("the client's data ended: {}", e.getMessage());
            }
        }
    }
}
