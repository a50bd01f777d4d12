package recon.relay.backend;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server is.
 *
 * @param host name or address, without brackets
 * @param port 1..65535
 */
public record BackendAddress(String host, int port) {
    private static final Pattern FORM = Pattern.compile("(?:\\[([0-9A-Fa-f:.%a-z]+)\\]|([A-Za-z0-9._-]+)):(\\d{1,5})");

    /** @throws IllegalArgumentException if the text is not {@code host:port} */
    public static BackendAddress parse(String text) {
        Matcher parts = FORM.matcher(text.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text.strip() + "\" is no host:port; write recon1:60000, or [::1]:60000 for an IPv6 address");
        }
        int port = Integer.parseInt(parts.group(3));
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " of " + text.strip() + " is outside 1..65535");
        }
        String host = parts.group(1) == null ? parts.group(2) : parts.group(1);
        return new BackendAddress(host.toLowerCase(Locale.ROOT), port);
    }

    /** As it is written, and the server's name in status, queue and log. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
