package recon.mrd.session;

import java.io.IOException;
import java.util.Optional;
import recon.mrd.format.Image;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.MrdItem;
import recon.mrd.recon.ReconParameters;
import recon.mrd.recon.ReconSession;
import recon.mrd.wire.MrdMessage;

/**
 * What a module sees of a session: items, or messages as they are on the wire. Thread-safe, and of no use any more once the
 * module has ended.
 */
public final class ModuleSession implements ReconSession {
    private final MrdSession session;
    private final Asked asked;
    private final ModuleClock clock = new ModuleClock();

    /** What the client wants, by its first messages. */
    record Asked(String config, String xml, Optional<MrdHeader> header, ReconParameters parameters) {}

    ModuleSession(MrdSession session, Asked asked) {
        this.session = session;
        this.asked = asked;
    }

    ModuleClock clock() {
        return clock;
    }

    @Override
    public String config() {
        return asked.config();
    }

    @Override
    public String xml() {
        return asked.xml();
    }

    @Override
    public Optional<MrdHeader> header() {
        return asked.header();
    }

    @Override
    public ReconParameters parameters() {
        return asked.parameters();
    }

    @Override
    public Optional<MrdItem> next() throws IOException {
        clock.waits();
        try {
            return session.itemForModule();
        } finally {
            clock.goesOn();
        }
    }

    /**
     * Waits for the next message: from the config on, and the close too. For a module that does not take {@link #next
     * items}.
     *
     * @return empty when the client has sent all
     */
    public Optional<MrdMessage> nextMessage() throws IOException {
        clock.waits();
        try {
            return session.messageForModule();
        } finally {
            clock.goesOn();
        }
    }

    @Override
    public void send(Image image) throws IOException {
        send(new MrdMessage.Data(image));
    }

    @Override
    public void send(String text) throws IOException {
        send(new MrdMessage.Text(text));
    }

    /** Sends a message to the client at once. */
    public void send(MrdMessage message) throws IOException {
        clock.waits();
        try {
            session.answer(message);
        } finally {
            clock.goesOn();
        }
    }
}
