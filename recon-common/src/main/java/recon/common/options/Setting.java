package recon.common.options;

import java.nio.file.Path;

/**
 * The value of one item and where it comes from.
 *
 * @param source the file, {@code environment RECON_X}, or {@code command line}
 * @param line of the file, from 1; 0 if there is none
 * @param directory what a relative path is below
 */
record Setting(String value, String source, int line, Path directory) {}
