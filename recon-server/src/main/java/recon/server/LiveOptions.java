package recon.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.options.Item;
import recon.common.options.ItemType;
import recon.common.options.Items;
import recon.common.options.Options;
import recon.common.options.OptionsException;
import recon.common.wire.AdminReport;

/**
 * The options of a running server: reads them again, and takes over what it can. All of it is checked before anything
 * changes. Used by one thread at a time, which its callers see to by {@link #reload}'s lock.
 */
final class LiveOptions {
    private static final Logger log = LoggerFactory.getLogger(LiveOptions.class);

    private final Options atStart;
    private final Supplier<Options> again;
    private final Preparation preparation;
    private final Map<Item, Consumer<ServerSettings>> live;
    private Options current;

    /** Looks whether the settings can be taken over. */
    @FunctionalInterface
    interface Preparation {
        /** @throws OptionsException if not, in words for the operator */
        Prepared prepare(ServerSettings settings) throws OptionsException;
    }

    /**
     * What has changed beside the options file.
     *
     * @param changes each in words
     * @param takeOver makes it so
     */
    record Prepared(List<String> changes, Runnable takeOver) {}

    /** Puts a reload on record, before it is done. */
    @FunctionalInterface
    interface Recording<E extends Exception> {
        void record(String action) throws E;
    }

    /**
     * @param again reads the options anew
     * @param live how to take over each item that can change while the server runs
     */
    LiveOptions(
            Options atStart,
            Supplier<Options> again,
            Preparation preparation,
            Map<Item, Consumer<ServerSettings>> live) {
        this.atStart = atStart;
        this.current = atStart;
        this.again = again;
        this.preparation = preparation;
        this.live = new LinkedHashMap<>(live);
    }

    /**
     * Takes over what has changed.
     *
     * @throws OptionsException if anything is wrong: then nothing has changed
     * @throws E if it cannot be put on record: then nothing has changed either
     */
    synchronized <E extends Exception> AdminReport.Reloaded reload(Recording<E> recording) throws OptionsException, E {
        Options now = again.get();
        now.notices().forEach(log::warn);
        ServerSettings settings = ServerSettings.from(now);
        Prepared prepared = preparation.prepare(settings);
        List<String> changed = new ArrayList<>(prepared.changes());
        List<String> needsRestart = new ArrayList<>();
        List<Consumer<ServerSettings>> takeOver = new ArrayList<>();
        for (Item item : Items.all()) {
            if (item.user() == Item.User.CLIENT || item.user() == Item.User.LEGACY) {
                continue;
            }
            if (live.containsKey(item)) {
                if (!now.text(item).equals(current.text(item))) {
                    changed.add(inWords(item, current, now));
                    takeOver.add(live.get(item));
                }
            } else if (!now.text(item).equals(atStart.text(item))) {
                needsRestart.add(inWords(item, atStart, now));
            }
        }
        AdminReport.Reloaded reloaded = new AdminReport.Reloaded(changed, needsRestart);
        String words = "reload: changed " + list(changed) + "; needs a restart: " + list(needsRestart);
        recording.record(words);
        log.info("{}", words);
        prepared.takeOver().run();
        takeOver.forEach(one -> one.accept(settings));
        current = now;
        return reloaded;
    }

    private static String list(List<String> items) {
        return items.isEmpty() ? "nothing" : String.join(", ", items);
    }

    /** Never shows a key. */
    private static String inWords(Item item, Options before, Options now) {
        return item.type() instanceof ItemType.Secret
                ? item.name()
                : item.name() + " = " + blankOr(now.text(item)) + " (was " + blankOr(before.text(item)) + ")";
    }

    private static String blankOr(String text) {
        return text.isBlank() ? "blank" : text;
    }
}
