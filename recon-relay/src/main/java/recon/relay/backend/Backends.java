package recon.relay.backend;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import recon.common.lifecycle.Service;

/**
 * All servers behind the relay. Asks each for its status, now and then.
 *
 * <p>Thread-safe. Threads: one looks who is to be asked; a pool asks.
 */
public final class Backends implements Service {
    /** One that is out is asked as often as this. */
    private static final Duration WHILE_OUT = Duration.ofSeconds(2);

    /** How often the clock is looked at. */
    private static final Duration LOOK = Duration.ofMillis(250);

    private final BiFunction<BackendAddress, Runnable, Backend> make;
    private volatile List<Backend> all;
    private volatile Strategy strategy;
    private volatile Duration interval;

    /** No longer in the options; what they have in hand goes on. */
    private final Map<String, Backend> removed = new ConcurrentHashMap<>();

    private final Thread thread = new Thread(this::work, "health");
    private final ExecutorService pool = Executors.newCachedThreadPool(task -> {
        Thread asking = new Thread(task, "ask-backend");
        asking.setDaemon(true);
        return asking;
    });

    @GuardedBy("this")
    private long choices;

    @GuardedBy("this")
    private boolean stopped;

    /** Which server gets the next job. */
    public enum Strategy {
        LEAST_LOADED,
        ROUND_ROBIN
    }

    /** @param make a server, with what is to be called when it comes or goes */
    public Backends(
            List<BackendAddress> addresses,
            BiFunction<BackendAddress, Runnable, Backend> make,
            Strategy strategy,
            Duration interval) {
        this.make = make;
        this.all = addresses.stream()
                .map(address -> make.apply(address, this::wake))
                .toList();
        this.strategy = strategy;
        this.interval = interval;
    }

    private synchronized void wake() {
        notifyAll();
    }

    /** Asks every server once before it returns. */
    @Override
    public void start() {
        forEach(all, Backend::check);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void stop() {
        synchronized (this) {
            stopped = true;
            notifyAll();
        }
        pool.shutdownNow();
    }

    private void work() {
        try {
            while (!pause(LOOK)) {
                List<Backend> due = all.stream().filter(this::isDue).toList();
                due.forEach(one -> pool.execute(one::check));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Uses these servers from now on. New ones have been asked once when this returns. One that is not among them gets no
     * new jobs and is not asked any more; what it has in hand goes on. Called by one thread at a time.
     */
    public void replace(List<BackendAddress> addresses) {
        List<Backend> next = new ArrayList<>();
        List<Backend> added = new ArrayList<>();
        for (BackendAddress address : addresses) {
            Optional<Backend> there = current(address.toString());
            Backend backend = there.orElseGet(() -> Optional.ofNullable(removed.get(address.toString()))
                    .orElseGet(() -> make.apply(address, this::wake)));
            if (there.isEmpty()) {
                backend.drain(false);
                added.add(backend);
            }
            next.add(backend);
        }
        forEach(added, Backend::check);
        for (Backend gone : all) {
            if (!next.contains(gone)) {
                gone.drain(true);
                removed.put(gone.name(), gone);
            }
        }
        all = List.copyOf(next);
        added.forEach(backend -> removed.remove(backend.name()));
        wake();
    }

    public void balance(Strategy newStrategy) {
        strategy = newStrategy;
    }

    /** So often each server is asked from now on. */
    public void checkEvery(Duration newInterval) {
        interval = newInterval;
    }

    private boolean isDue(Backend backend) {
        Duration pause = backend.isHealthy() || interval.compareTo(WHILE_OUT) < 0 ? interval : WHILE_OUT;
        return backend.sinceLastAsked().compareTo(pause) >= 0;
    }

    private synchronized boolean pause(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toMillis(); !stopped && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        return stopped;
    }

    /** Does the same for several servers at once, and waits for all. */
    public void forEach(List<Backend> some, Consumer<Backend> action) {
        List<CompletableFuture<Void>> asked = new ArrayList<>();
        for (Backend one : some) {
            asked.add(CompletableFuture.runAsync(() -> action.accept(one), pool));
        }
        asked.forEach(CompletableFuture::join);
    }

    /** In the order of the options. */
    public List<Backend> all() {
        return all;
    }

    public List<Backend> healthy() {
        return all.stream().filter(Backend::isHealthy).toList();
    }

    /** Also one that is no longer in the options, since it may have jobs. */
    public Optional<Backend> named(String name) {
        return current(name).or(() -> Optional.ofNullable(removed.get(name)));
    }

    /** One that is in the options. */
    public Optional<Backend> current(String name) {
        return all.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** The server that takes jobs and whose turn it is, if there is one beside those. */
    public synchronized Optional<Backend> choose(Set<Backend> without) {
        Comparator<Backend> turn = Comparator.comparingLong(Backend::lastTurn);
        Optional<Backend> chosen = all.stream()
                .filter(one -> one.takesJobs() && !without.contains(one))
                .min(
                        strategy == Strategy.ROUND_ROBIN
                                ? turn
                                : Comparator.comparingDouble(Backend::load).thenComparing(turn));
        if (chosen.isPresent()) {
            choices++;
            chosen.get().takeTurn(choices);
        }
        return chosen;
    }

    /** Waits a little, less if a server comes or goes meanwhile. */
    public synchronized void awaitChange(Duration limit) throws InterruptedException {
        if (!stopped) {
            TimeUnit.NANOSECONDS.timedWait(this, limit.toNanos());
        }
    }
}
