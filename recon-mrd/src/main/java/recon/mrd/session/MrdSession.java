package recon.mrd.session;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.mrd.format.Image;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.MrdItem;
import recon.mrd.recon.ReconModule;
import recon.mrd.recon.ReconModules;
import recon.mrd.recon.ReconParameters;
import recon.mrd.recon.ReconSession;
import recon.mrd.wire.MrdInput;
import recon.mrd.wire.MrdMessage;
import recon.mrd.wire.MrdOutput;

/**
 * The server's side of one conversation: config, header, perhaps more configuration, data, and what a module makes of
 * them. What fails is told to the client in a text that begins with {@value #ERROR}; the last message is a close.
 *
 * <p>Not thread-safe but for sending, which modules may do from a thread of their own.
 */
public final class MrdSession implements ReconSession {
    /** How a text begins that says what went wrong. */
    public static final String ERROR = "ERROR   ";

    /** The config that asks for nothing but to keep what comes. */
    private static final String SAVE_ONLY = "savedataonly";

    private static final Logger log = LoggerFactory.getLogger(MrdSession.class);

    private final MrdInput in;
    private final MrdOutput out;
    private final Saving saving;
    private final List<MrdMessage> opening = new ArrayList<>();
    private Optional<SavedSession> saved = Optional.empty();
    private String config = "";
    private String xml = "";
    private Optional<MrdHeader> header = Optional.empty();
    private ReconParameters parameters = ReconParameters.NONE;
    private boolean begun;
    private boolean ended;
    private long itemsIn;
    private long imagesOut;

    /**
     * Where what clients send is kept.
     *
     * @param all whether all of it is kept, or only what comes for the configs {@value #SAVE_ONLY} and {@value
     *     SaveDataModule#NAME}
     */
    public record Saving(Path directory, boolean all, Clock clock) {}

    /** @param maxMessageBytes that one message may have */
    public MrdSession(InputStream in, OutputStream out, long maxMessageBytes, Saving saving) {
        this.in = new MrdInput(in, maxMessageBytes);
        this.out = new MrdOutput(out);
        this.saving = saving;
    }

    /**
     * Holds the conversation, to the end of what the client sends.
     *
     * @param defaultConfig the module for names that are not known
     * @throws IOException if the client can no longer be told anything
     */
    public void serve(ReconModules modules, String defaultConfig) throws IOException, InterruptedException {
        try {
            begin();
            beginToSave();
            if (config.equals(SAVE_ONLY)) {
                drainAll();
            } else if (config.equals(SaveDataModule.NAME)) {
                new SaveDataModule(saving.directory(), saving.clock()).run(this);
            } else {
                module(modules, defaultConfig).run(this);
            }
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
            log.warn("{}: {}", config, e.toString());
            log.debug("where it failed", e);
            say(ERROR + oneLine(e));
        }
        if (saved.isPresent()) {
            drain(); // all of it is to be saved, whatever became of the images
            finishSaving();
        }
        synchronized (out) {
            out.write(new MrdMessage.Close());
            out.flush();
        }
        drain();
    }

    private void drainAll() throws IOException {
        while (next().isPresent()) {
            // it is saved as it comes
        }
    }

    private void beginToSave() throws IOException {
        if (saving.all() || config.equals(SAVE_ONLY)) {
            saved = Optional.of(SavedSession.begin(saving.directory(), saving.clock()));
            for (MrdMessage message : opening) {
                save(message);
            }
        }
        opening.clear();
        begun = true;
    }

    /** Where saving is all that was asked for, its failure is the session's; else the images matter more. */
    private void save(MrdMessage message) throws IOException {
        try {
            if (saved.isPresent()) {
                saved.get().record(message);
            }
        } catch (IOException e) {
            saved.get().close();
            saved = Optional.empty();
            if (config.equals(SAVE_ONLY)) {
                throw e;
            }
            log.error("what the client sends is not saved: {}", e.toString());
        }
    }

    private void finishSaving() throws IOException {
        try (SavedSession file = saved.orElseThrow()) {
            log.info("saved in {}", file.finish());
        } catch (IOException e) {
            log.error("what the client sent is not saved: {}", e.toString());
            say(ERROR + "the data could not be saved: " + oneLine(e));
        }
    }

    private void begin() throws IOException {
        while (xml.isEmpty()) {
            MrdMessage message = receive()
                    .orElseThrow(() -> new EOFException("the client sent no header before it ended the connection"));
            if (message instanceof MrdMessage.ConfigFile file) {
                config = file.name();
            } else if (message instanceof MrdMessage.ConfigText text) {
                config = text.text();
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

    private ReconModule module(ReconModules modules, String defaultConfig) throws MrdException {
        Optional<ReconModule> wanted = modules.named(config);
        if (wanted.isPresent()) {
            return wanted.get();
        }
        log.info("there is no module \"{}\"; taking {}", shown(config), defaultConfig);
        return modules.named(defaultConfig)
                .orElseThrow(() -> new MrdException("there is no module \"" + shown(config) + "\", and none \""
                        + defaultConfig + "\" to take in its place; there are " + modules.names()));
    }

    private static String shown(String name) {
        String line = name.replaceAll("\\p{Cntrl}+", " ");
        return line.length() > 80 ? line.substring(0, 80) + "..." : line;
    }

    private static String oneLine(Throwable e) {
        String message = e.getMessage() == null || e.getMessage().isBlank()
                ? e.getClass().getSimpleName()
                : e.getMessage();
        return message.replaceAll("\\s+", " ");
    }

    /** What came and went, on one line. */
    public String summary() {
        synchronized (out) {
            return shown(config) + ", " + itemsIn + " readouts, images and waveforms in (" + in.position() + " bytes), "
                    + imagesOut + " images out";
        }
    }

    @Override
    public String config() {
        return config;
    }

    @Override
    public String xml() {
        return xml;
    }

    @Override
    public Optional<MrdHeader> header() {
        return header;
    }

    @Override
    public ReconParameters parameters() {
        return parameters;
    }

    @Override
    public Optional<MrdItem> next() throws IOException {
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
        try {
            Optional<MrdMessage> message = in.read();
            ended = message.isEmpty() || message.get() instanceof MrdMessage.Close;
            if (message.isPresent() && !begun) {
                opening.add(message.get());
            } else if (message.isPresent()) {
                save(message.get());
            }
            return message;
        } catch (IOException e) {
            ended = true; // what comes after this would make no sense
            throw e;
        }
    }

    @Override
    public void send(Image image) throws IOException {
        write(new MrdMessage.Data(image));
        synchronized (out) {
            imagesOut++;
        }
    }

    @Override
    public void send(String text) throws IOException {
        write(new MrdMessage.Text(text));
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
        try {
            while (!ended) {
                receive();
            }
        } catch (IOException e) {
            log.debug("the client's data ended: {}", e.getMessage());
        }
    }
}
