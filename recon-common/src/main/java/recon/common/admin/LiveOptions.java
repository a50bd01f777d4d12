package recon.common.admin;

import com.google.errorprone.annotations.concurrent.GuardedBy;
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
import recon.common.options.Options;
import recon.common.options.OptionsException;
import recon.common.wire.AdminReport;

/**
 * The options of a running program: reads them again, and takes over what it can. All of it is checked before anything
 * changes. Thread-safe: one reload at a time.
 *
 * @param <S> what the program makes of its options
 */
public final class LiveOptions<S> {
    private static final Logger log = LoggerFactory.getLogger(LiveOptions.class);

    private final List<Item> items;
    private final Options atStart;
    private final Supplier<Options> again;
    private final Reading<S> reading;
    private final Preparation<S> preparation;
    private final Map<Item, Consumer<S>> live;

    @GuardedBy("this")
    private Options current;

    /** Makes settings of options. */
    @FunctionalInterface
    public interface Reading<S> {
        /** @throws OptionsException with every problem of the options */
        S read(Options options) throws OptionsException;
    }

    /** Looks whether the settings can be taken over. */
    @FunctionalInterface
    public interface Preparation<S> {
        /** @throws OptionsException if not, in words for the operator */
        Prepared prepare(S settings) throws OptionsException;
    }

    /**
     * What has changed beside the options file.
     *
     * @param changes each in words
     * @param takeOver makes it so
     */
    public record Prepared(List<String> changes, Runnable takeOver) {}

    /** Puts a reload on record, before it is done. */
    @FunctionalInterface
    public interface Recording<E extends Exception> {
        void record(String action) throws E;
    }

    /**
     * @param items those that the program reads
     * @param again reads the options anew
     * @param live how to take over each item that can change while the server runs
     */
    public LiveOptions(
            List<Item> items,
            Options atStart,
            Supplier<Options> again,
            Reading<S> reading,
            Preparation<S> preparation,
            Map<Item, Consumer<S>> live) {
        this.items = List.copyOf(items);
        this.atStart = atStart;
        this.current = atStart;
        this.again = again;
        this.reading = reading;
        this.preparation = preparation;
        this.live = new LinkedHashMap<>(live);
    }

    /**
     * Takes over what has changed.
     *
     * @throws OptionsException if anything is wrong: then nothing has changed
     * @throws E if it cannot be put on record: then nothing has changed either
     */
    public synchronized <E extends Exception> AdminReport.Reloaded reload(Recording<E> recording)
            throws OptionsException, E {
        Options now = again.get();
        now.notices().forEach(log::warn);
        S settings = reading.read(now);
        Prepared prepared = preparation.prepare(settings);
        List<String> changed = new ArrayList<>(prepared.changes());
        List<String> needsRestart = new ArrayList<>();
        List<Consumer<S>> takeOver = new ArrayList<>();
        for (Item item : items) {
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
