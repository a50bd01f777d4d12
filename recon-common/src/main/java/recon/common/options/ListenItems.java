package recon.common.options;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The two items that say where a program listens. Port 0 is no conflict: it is chosen by the system, or not used. */
public record ListenItems(Item hostname, Item port) {
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(\\.\\d{1,3}){3}|::1", Pattern.CASE_INSENSITIVE);
    private static final Set<String> WILDCARDS = Set.of("*", "0.0.0.0", "::");

    /** Whether only this machine can connect to a host name or address. */
    public static boolean isLoopback(String host) {
        return LOOPBACK.matcher(host).matches();
    }

    /** Adds a problem for each port that another one before it takes already. */
    public static void check(Options options, List<ListenItems> all, Problems problems) {
        for (int i = 1; i < all.size(); i++) {
            for (ListenItems other : all.subList(0, i)) {
                if (all.get(i).collidesWith(other, options)) {
                    Item port = all.get(i).port;
                    options.problemAt(
                            port,
                            port.name() + " = " + options.integer(port) + " is " + other.port.name() + " too ("
                                    + options.where(other.port) + "): each port needs a number of its own",
                            problems);
                }
            }
        }
    }

    private boolean collidesWith(ListenItems other, Options options) {
        int number = options.integer(port);
        String here = place(options.text(hostname));
        String there = place(options.text(other.hostname));
        return number > 0
                && number == options.integer(other.port)
                && (here.equals(there) || WILDCARDS.contains(here) || WILDCARDS.contains(there));
    }

    private static String place(String host) {
        return isLoopback(host) ? "localhost" : host.toLowerCase(Locale.ROOT);
    }
}
