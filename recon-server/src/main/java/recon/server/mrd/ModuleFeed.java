package recon.server.mrd;

import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import recon.mrd.session.ModuleSession;
import recon.mrd.wire.MrdMessage;
import recon.mrd.wire.MrdOutput;
import recon.server.script.GuestProcess;

/**
 * Hands a program what a client sends, as it comes: the program's full pipe keeps the client waiting. The last message is a
 * close, also if the client just went. A program that takes no more gets no more.
 *
 * <p>Its thread may outlive the program, as long as the client sends nothing; the session's end ends it.
 */
final class ModuleFeed {
    private static final Logger log = LoggerFactory.getLogger(ModuleFeed.class);

    private final ModuleSession session;
    private final GuestProcess process;
    private volatile IOException clientFailure;

    private ModuleFeed(ModuleSession session, GuestProcess process) {
        this.session = session;
        this.process = process;
    }

    static ModuleFeed begin(ModuleSession session, GuestProcess process) {
        ModuleFeed feed = new ModuleFeed(session, process);
        Map<String, String> loggingContext = MDC.getCopyOfContextMap();
        Thread thread = new Thread(
                () -> {
                    if (loggingContext != null) {
                        MDC.setContextMap(loggingContext);
                    }
                    feed.run();
                },
                Thread.currentThread().getName() + "-feed");
        thread.setDaemon(true);
        thread.start();
        return feed;
    }

    /** @throws IOException if what the client sent could not be read, which ended the program's output too */
    void requireClient() throws IOException {
        if (clientFailure != null) {
            throw clientFailure;
        }
    }

    private void run() {
        MrdOutput out = new MrdOutput(process.input());
        try {
            boolean more = true;
            while (more) {
                MrdMessage message = next();
                out.write(message);
                out.flush();
                more = !(message instanceof MrdMessage.Close);
            }
            process.input().close();
        } catch (IOException e) {
            log.debug("the program takes no more: {}", e.toString());
        }
    }

    private MrdMessage next() throws IOException {
        try {
            return session.nextMessage().orElse(new MrdMessage.Close());
        } catch (IOException e) {
            clientFailure = e;
            process.output().close(); // there is no use in waiting for answers
            throw e;
        }
    }
}
