package recon.client.cli;

import java.util.Locale;

/** Figures as people read them. */
final class Words {
    private Words() {}

    /** "1 file", "2 files". */
    static String count(int n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    static String size(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        if (bytes < 1_000_000) {
            return String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
        }
        return bytes < 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
    }

    static String rate(double bytesPerSecond) {
        return bytesPerSecond < 10e6
                ? String.format(Locale.ROOT, "%.1f MB/s", bytesPerSecond / 1e6)
                : String.format(Locale.ROOT, "%.0f MB/s", bytesPerSecond / 1e6);
    }

    /** "0:05", "1:02:03". */
    static String clock(long seconds) {
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
