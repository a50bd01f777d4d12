package recon.common.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.spi.LifeCycle;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.job.Failures;
import recon.common.options.LogSettings;

/**
 * Logs to the console and to a file that is rotated: ten files of at most 10 MB. Every line carries the job and the
 * client that it is about. What a peer or a script said cannot begin a line of its own.
 */
public final class ProgramLogging {
    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level [%thread] client=%X{client:--} job=%X{job:--} %logger{0}:"
                    + " %replace(%msg){'[\\p{Cntrl}]+', ' | '}%n";
    private static final String MAX_FILE_SIZE = "10MB";
    private static final int KEPT_FILES = 9;

    /** Libraries that tell of each of their steps: they are to speak of problems only. */
    private static final List<String> TALKATIVE = List.of("io.jhdf");

    private ProgramLogging() {}

    /** For the embedded reconstruction, whose output is the job's log: no word of what works. */
    public static void warningsOnly() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
    }

    /** @throws IOException if the log file cannot be written */
    public static void configure(LogSettings settings) throws IOException {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.valueOf(settings.level().name()));
        for (String library : TALKATIVE) {
            context.getLogger(library)
                    .setLevel(root.getLevel().isGreaterOrEqual(Level.WARN) ? root.getLevel() : Level.WARN);
        }
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setTarget("System.err");
        root.addAppender(started(console, "console", settings.format(), context));
        if (settings.file().isPresent()) {
            root.addAppender(started(rollingFile(settings.file().get(), context), "file", settings.format(), context));
        }
    }

    private static RollingFileAppender<ILoggingEvent> rollingFile(Path file, LoggerContext context) throws IOException {
        requireWritable(file);
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setFile(file.toString());
        FixedWindowRollingPolicy names = new FixedWindowRollingPolicy();
        names.setFileNamePattern(file + ".%i");
        names.setMinIndex(1);
        names.setMaxIndex(KEPT_FILES);
        names.setParent(appender);
        names.setContext(context);
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setMaxFileSize(FileSize.valueOf(MAX_FILE_SIZE));
        size.setContext(context);
        appender.setRollingPolicy(names);
        appender.setTriggeringPolicy(size);
        appender.setContext(context);
        names.start();
        size.start();
        return appender;
    }

    /** Logback would only grumble on the console and go on without the file. */
    private static void requireWritable(Path file) throws IOException {
        try {
            if (file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
            Files.newOutputStream(
                            file, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND)
                    .close();
        } catch (IOException e) {
            throw new IOException("cannot write to the log file " + file + " (LOG_FILEPATH): " + Failures.words(e), e);
        }
    }

    private static OutputStreamAppender<ILoggingEvent> started(
            OutputStreamAppender<ILoggingEvent> appender,
            String name,
            LogSettings.Format format,
            LoggerContext context) {
        Encoder<ILoggingEvent> encoder = format == LogSettings.Format.JSON ? json() : text();
        encoder.setContext(context);
        ((LifeCycle) encoder).start();
        appender.setName(name);
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }

    private static JsonEncoder json() {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setWithFormattedMessage(true); // what people search for, instead of its parts
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        return encoder;
    }

    private static PatternLayoutEncoder text() {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setPattern(PATTERN);
        return encoder;
    }
}
