package recon.common.admin;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import recon.common.lifecycle.Service;
import recon.common.net.Listener;
import recon.common.options.AdminItems;

/** A listener of its own for administrators: clients that take every place must not keep them out. */
public final class AdminPort implements Service {
    private final Administration settings;
    private final AdminItems items;
    private final Listener listener;

    /** @throws IOException if the host name is not known */
    public AdminPort(Administration settings, AdminItems items, Listener.Limits limits, Listener.Session session)
            throws IOException {
        this.settings = settings;
        this.items = items;
        this.listener = new Listener("admin", addresses(), limits, session);
    }

    private List<InetSocketAddress> addresses() throws IOException {
        try {
            return Listener.addressesOf(settings.host(), settings.port());
        } catch (UnknownHostException e) {
            throw new IOException(
                    items.hostname().name() + " = " + settings.host() + " is no address and no known name", e);
        }
    }

    /** Takes the port, so that nobody else can; connections wait until {@link #start}. */
    public void bind() throws IOException {
        try {
            listener.bind();
        } catch (IOException e) {
            throw new IOException(
                    e.getMessage() + "; that is " + items.port().name() + ": set another one, or 0 to have one chosen",
                    e);
        }
    }

    @Override
    public void start() throws IOException {
        listener.start();
    }

    @Override
    public void stop() throws IOException {
        listener.stop();
    }

    /** The port in use, also when 0 was asked for. */
    public int port() {
        return listener.port();
    }

    /** Connections that ended without showing a key. */
    public long failedHandshakes() {
        return listener.failedHandshakes();
    }

    /** For the log. */
    @Override
    public String toString() {
        return settings.host() + " port " + port();
    }
}
