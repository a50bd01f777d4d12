package recon.common.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** Everything that is logged, down to TRACE, while this is open. Waiting for a line is the latch of many tests. */
public final class RecordedLog implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 20_000;

    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final Level before = root.getLevel();
    private final List<ILoggingEvent> events = new ArrayList<>();

    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            event.prepareForDeferredProcessing();
            synchronized (events) {
                events.add(event);
                events.notifyAll();
            }
        }
    };

    public RecordedLog() {
        root.setLevel(Level.TRACE);
        appender.setContext(root.getLoggerContext());
        appender.start();
        root.addAppender(appender);
    }

    /** Waits for a line that holds the text. */
    public ILoggingEvent await(String text) throws InterruptedException {
        return await(text, 1);
    }

    /** Waits for so many lines that hold the text; returns the last. */
    public ILoggingEvent await(String text, int count) throws InterruptedException {
        return await(
                count + " × " + text,
                count,
                event -> event.getFormattedMessage().contains(text));
    }

    private ILoggingEvent await(String what, int count, Predicate<ILoggingEvent> wanted) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        synchronized (events) {
            while (true) {
                List<ILoggingEvent> found = events.stream().filter(wanted).toList();
                if (found.size() >= count) {
                    return found.get(count - 1);
                }
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new AssertionError("no line with \"" + what + "\" in:\n" + text());
                }
                events.wait(left);
            }
        }
    }

    public List<ILoggingEvent> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    /** All lines with their MDC, and the whole of every exception. */
    public String text() {
        return events().stream()
                .map(event -> event.getLevel() + " " + event.getMDCPropertyMap() + " " + event.getFormattedMessage()
                        + (event.getThrowableProxy() == null
                                ? ""
                                : " " + event.getThrowableProxy().getMessage()))
                .collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        root.detachAppender(appender);
        root.setLevel(before);
    }
}
