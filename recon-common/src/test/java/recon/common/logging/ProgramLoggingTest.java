package recon.common.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import recon.common.options.LogSettings;

class ProgramLoggingTest {
    @TempDir
    Path directory;

    private final Logger log = LoggerFactory.getLogger("recon.server.Example");

    @AfterEach
    void restore() throws Exception {
        ProgramLogging.configure(new LogSettings(Optional.empty(), LogSettings.Format.TEXT, LogSettings.Level.INFO));
    }

    private Path configure(LogSettings.Format format, LogSettings.Level level) throws IOException {
        Path file = directory.resolve("deep/server.log");
        ProgramLogging.configure(new LogSettings(Optional.of(file), format, level));
        return file;
    }

    @Test
    void aLineOfTextSaysWhenWhoAndWhichJob() throws Exception {
        Path file = configure(LogSettings.Format.TEXT, LogSettings.Level.INFO);
        try (MDC.MDCCloseable client = MDC.putCloseable("client", "10.1.2.3");
                MDC.MDCCloseable job = MDC.putCloseable("job", "the-job")) {
            log.info("received {}", 7);
        }
        log.info("about nobody");
        log.debug("not asked for");
        assertThat(Files.readAllLines(file))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .matches(
                                        "\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z INFO  \\[\\S+] client=10.1.2.3 job=the-job Example:"
                                                + " received 7"),
                        line -> assertThat(line).endsWith("client=- job=- Example: about nobody"));
    }

    @Test
    void aLibraryThatTellsOfEachStepSpeaksOfProblemsOnly() throws Exception {
        Logger library = LoggerFactory.getLogger("io.jhdf.HdfFile");
        for (LogSettings.Level level : List.of(LogSettings.Level.DEBUG, LogSettings.Level.ERROR)) {
            Path file = configure(LogSettings.Format.TEXT, level);
            library.info("opening a file");
            assertThat(file).isEmptyFile();
        }
        library.warn("not at this level");
        library.error("a problem");
        assertThat(Files.readAllLines(directory.resolve("deep/server.log")))
                .singleElement()
                .asString()
                .endsWith("a problem");
    }

    @Test
    void whatAPeerSaysCannotBeginALineOfItsOwn() throws Exception {
        Path file = configure(LogSettings.Format.TEXT, LogSettings.Level.INFO);
        log.warn("refused: {}", "/a\r\n2026-01-01T00:00:00.000Z INFO forged\u001b[2J");
        assertThat(Files.readAllLines(file))
                .singleElement()
                .asString()
                .endsWith("Example: refused: /a | 2026-01-01T00:00:00.000Z INFO forged | [2J");
    }

    @Test
    void aFailureIsLoggedWithItsTrace() throws Exception {
        Path file = configure(LogSettings.Format.TEXT, LogSettings.Level.ERROR);
        log.error("broken", new IllegalStateException("why"));
        assertThat(Files.readString(file))
                .contains("Example: broken\n", "java.lang.IllegalStateException: why", "\tat ");
    }

    @Test
    void inJsonEveryLineIsAnObjectWithTheWholeMessage() throws Exception {
        Path file = configure(LogSettings.Format.JSON, LogSettings.Level.DEBUG);
        try (MDC.MDCCloseable job = MDC.putCloseable("job", "the-job")) {
            log.debug("received {}\nand more", 7);
        }
        assertThat(Files.readAllLines(file))
                .singleElement()
                .asString()
                .startsWith("{")
                .endsWith("}")
                .contains("\"level\":\"DEBUG\"", "\"job\":\"the-job\"", "received 7\\nand more")
                .doesNotContain("received {}");
    }

    @Test
    void theFileIsRotatedBySize() throws Exception {
        Path file = configure(LogSettings.Format.TEXT, LogSettings.Level.INFO);
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        RollingFileAppender<ILoggingEvent> appender = (RollingFileAppender<ILoggingEvent>)
                context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("file");
        FixedWindowRollingPolicy names = (FixedWindowRollingPolicy) appender.getRollingPolicy();
        assertThat(names.getMinIndex()).isEqualTo(1);
        assertThat(names.getMaxIndex()).isEqualTo(9);
        SizeBasedTriggeringPolicy<ILoggingEvent> size =
                (SizeBasedTriggeringPolicy<ILoggingEvent>) appender.getTriggeringPolicy();
        assertThat(size.getMaxFileSize().getSize()).isEqualTo(10L << 20);
        log.info("before");
        appender.rollover();
        log.info("after");
        assertThat(Files.readString(file.resolveSibling("server.log.1"))).contains("before");
        assertThat(Files.readString(file)).contains("after").doesNotContain("before");
    }

    @Test
    void aFileThatCannotBeWrittenIsNamedWithItsItem() throws Exception {
        Path blocked = Files.createDirectory(directory.resolve("server.log"));
        assertThatThrownBy(() -> ProgramLogging.configure(
                        new LogSettings(Optional.of(blocked), LogSettings.Format.TEXT, LogSettings.Level.INFO)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot write to the log file " + blocked + " (LOG_FILEPATH): ");
    }
}
