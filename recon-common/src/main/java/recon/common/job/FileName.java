package recon.common.job;

import java.nio.charset.StandardCharsets;

/**
 * A bare file name from a peer: one path element, never a path. At most {@value #MAX_BYTES} bytes of UTF-8, the limit
 * of common file systems; no separators of any system, no control characters.
 */
public record FileName(String value) implements Comparable<FileName> {
    public static final int MAX_BYTES = 255;

    public FileName {
        if (value.isBlank() || value.equals(".") || value.equals("..")) {
            throw new IllegalArgumentException("not a bare file name: \"" + PeerText.oneLine(value) + "\"");
        }
        if (value.chars().anyMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c))) {
            throw new IllegalArgumentException("not a bare file name (it holds a separator or a control character): \""
                    + PeerText.oneLine(value) + "\"");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
            throw new IllegalArgumentException("not a file name in valid Unicode: \"" + PeerText.oneLine(value) + "\"");
        }
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException("file name of " + bytes + " bytes is longer than " + MAX_BYTES);
        }
    }

    /** The last element of a path as a peer of any system writes it: what follows the last {@code /} or {@code \}. */
    public static FileName lastOf(String path) {
        return new FileName(path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1));
    }

    @Override
    public int compareTo(FileName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
