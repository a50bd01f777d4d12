package recon.server.mrd;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import recon.mrd.recon.ReconModule;
import recon.mrd.recon.ReconSession;

/** Modules that fail, each in its own way; found as those of a site are. */
public final class FaultyModules {
    static final CountDownLatch FLOOD_ENDED = new CountDownLatch(1);

    private FaultyModules() {}

    /** Throws what no module should. */
    public static final class Throwing implements ReconModule {
        @Override
        public String name() {
            return "test-throws";
        }

        @Override
        public void run(ReconSession session) {
            throw new IllegalStateException("coil 3 is\nbroken");
        }
    }

    /** Has a class missing. */
    public static final class Unloadable implements ReconModule {
        @Override
        public String name() {
            return "test-unloadable";
        }

        @Override
        public void run(ReconSession session) {
            throw new NoClassDefFoundError("site/Missing");
        }
    }

    /** Never comes back by itself. */
    public static final class Hanging implements ReconModule {
        @Override
        public String name() {
            return "test-hangs";
        }

        @Override
        public void run(ReconSession session) throws InterruptedException {
            new CountDownLatch(1).await();
        }
    }

    /** Sends without end, and takes nothing. */
    public static final class Flooding implements ReconModule {
        @Override
        public String name() {
            return "test-floods";
        }

        @Override
        public void run(ReconSession session) throws IOException {
            String text = "x".repeat(1 << 16);
            try {
                while (true) {
                    session.send(text);
                }
            } finally {
                FLOOD_ENDED.countDown();
            }
        }
    }
}
