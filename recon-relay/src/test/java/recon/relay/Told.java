package recon.relay;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import recon.client.submit.JobListener;
import recon.common.job.JobId;

/** What a client is told of its job, and what is to happen then. */
final class Told implements JobListener {
    final List<String> notices = Collections.synchronizedList(new ArrayList<>());
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch isQueued = new CountDownLatch(1);
    final CountDownLatch noticed = new CountDownLatch(1);
    private final AtomicLong sentBytes = new AtomicLong();
    private final long afterBytes;
    private final CountDownLatch goOn;
    volatile JobId job;

    Told() {
        this(Long.MAX_VALUE, new CountDownLatch(0));
    }

    /**
     * @param afterBytes when so much was sent, {@link #begun} is told
     * @param goOn what the client waits for then
     */
    Told(long afterBytes, CountDownLatch goOn) {
        this.afterBytes = afterBytes;
        this.goOn = goOn;
    }

    @Override
    public void sent(int bytes) {
        if (sentBytes.addAndGet(bytes) >= afterBytes && begun.getCount() > 0) {
            begun.countDown();
            try {
                if (!goOn.await(60, TimeUnit.SECONDS)) {
                    throw new AssertionError("nobody let the client go on");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Nobody needs to wait any longer: the job has ended. */
    void letGo() {
        begun.countDown();
        isQueued.countDown();
        noticed.countDown();
    }

    @Override
    public void queued(JobId id) {
        job = id;
        isQueued.countDown();
    }

    @Override
    public void notice(String words) {
        notices.add(words);
        noticed.countDown();
    }
}
