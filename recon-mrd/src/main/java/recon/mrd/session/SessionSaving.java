package recon.mrd.session;

import java.io.IOException;
import java.util.Optional;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.mrd.wire.MrdMessage;

/**
 * Keeps what the client of one session sends, where the server does that for all, or the client asks for it. Not for use by
 * several threads at once.
 */
final class SessionSaving {
    /** The config that asks for nothing but to keep what comes. */
    static final String SAVE_ONLY = "savedataonly";

    private static final Logger log = LoggerFactory.getLogger(SessionSaving.class);

    private final MrdSession.Saving settings;
    private boolean isAllThatMatters;
    private Optional<SavedSession> saved = Optional.empty();

    SessionSaving(MrdSession.Saving settings) {
        this.settings = settings;
    }

    /**
     * Begins, if anything is to be kept.
     *
     * @param opening what has come already
     * @throws IOException if that cannot be, and is all that was asked for
     */
    void begin(String config, Queue<MrdMessage> opening) throws IOException {
        isAllThatMatters = config.equals(SAVE_ONLY);
        if (settings.all() || isAllThatMatters) {
            try {
                saved = Optional.of(SavedSession.begin(settings));
            } catch (IOException e) {
                if (isAllThatMatters) {
                    throw e;
                }
                log.error("what the client sends is not saved: {}", e.toString());
            }
            for (MrdMessage message : opening) {
                save(message);
            }
        }
    }

    /** Where saving is all that was asked for, its failure is the session's; else the images matter more. */
    void save(MrdMessage message) throws IOException {
        try {
            if (saved.isPresent()) {
                saved.get().record(message);
            }
        } catch (IOException e) {
            keepIncomplete(e);
            if (isAllThatMatters) {
                throw e;
            }
            log.error("what the client sends is not saved any more: {}", e.toString());
        }
    }

    private void keepIncomplete(IOException why) {
        try (SavedSession file = saved.get()) {
            saved = Optional.empty();
        } catch (IOException e) {
            why.addSuppressed(e);
            log.error("what was saved so far is in a hidden file: {}", e.toString());
        }
    }

    boolean isOn() {
        return saved.isPresent();
    }

    /** Completes the file, once all has come; returns what is wrong with it, if anything is. */
    Optional<String> finish() {
        if (saved.isEmpty()) {
            return Optional.empty(); // the disk has failed meanwhile
        }
        try (SavedSession file = saved.get()) {
            log.info("saved in {}", file.finish());
            Optional<String> problem = file.problem();
            problem.ifPresent(words -> log.error("not all is saved: {}", words));
            return problem;
        } catch (IOException e) {
            log.error("what the client sent is not saved: {}", e.toString());
            return Optional.of("the data could not be saved: " + Words.reason(e));
        }
    }
}
