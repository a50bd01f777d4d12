package recon.mrd.recon;

import java.io.IOException;
import java.util.Optional;
import recon.mrd.format.Image;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.MrdItem;

/**
 * Passes everything on to another session. A module overrides what it changes, and runs a further module on it: {@link
 * #next()} to change or drop what comes in, {@link #send(Image)} what goes back.
 */
public class ForwardingSession implements ReconSession {
    private final ReconSession session;

    public ForwardingSession(ReconSession session) {
        this.session = session;
    }

    @Override
    public String config() {
        return session.config();
    }

    @Override
    public String xml() {
        return session.xml();
    }

    @Override
    public Optional<MrdHeader> header() {
        return session.header();
    }

    @Override
    public ReconParameters parameters() {
        return session.parameters();
    }

    @Override
    public Optional<MrdItem> next() throws IOException {
        return session.next();
    }

    @Override
    public void send(Image image) throws IOException {
        session.send(image);
    }

    @Override
    public void send(String text) throws IOException {
        session.send(text);
    }
}
