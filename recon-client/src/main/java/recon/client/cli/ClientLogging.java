package recon.client.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;

/**
 * Logs warnings to standard error, everything with {@code --verbose}, and what a program that runs for days does, with the
 * time. Found by Logback as a service, so that a client
 * that has nothing to log never loads it.
 */
public final class ClientLogging extends ContextAwareBase implements Configurator {
    private static final String PATTERN = "%-5level %logger{0}: %msg%n";

    /** What a peer or a file's name says cannot begin a line of its own. */
    private static final String DAEMON_PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %replace(%msg){'[\\p{Cntrl}]+', ' | '}%n";

    private static volatile Level level = Level.WARN;
    private static volatile String pattern = PATTERN;

    /** To be called before anything is logged. */
    static void verbose() {
        level = Level.DEBUG;
    }

    /** To be called before anything is logged. */
    static void daemon(boolean verbose) {
        level = verbose ? Level.DEBUG : Level.INFO;
        pattern = DAEMON_PATTERN;
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(pattern);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(level);
        root.addAppender(console);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
