package recon.common.options;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a program logs.
 *
 * @param file where to, beside the console; empty for the console only
 */
public record LogSettings(Optional<Path> file, Format format, Level level) {
    /** One line of text, or one JSON object, per event. */
    public enum Format {
        TEXT,
        JSON
    }

    /** The least important events that are logged. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    public static LogSettings from(Options options) {
        return new LogSettings(
                options.optionalPath(Items.LOG_FILEPATH),
                options.choice(Items.LOG_FORMAT, Format.class),
                options.choice(Items.LOG_LEVEL, Level.class));
    }
}
