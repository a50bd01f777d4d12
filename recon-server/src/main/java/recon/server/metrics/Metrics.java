package recon.server.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import recon.common.lifecycle.Service;
import recon.server.queue.StoreException;
import recon.server.script.ReconScript;

/**
 * Answers {@code GET /metrics}, {@code /health} and {@code /ready} over plain HTTP, also while the
 * server stops. It shows no names and takes no commands.
 *
 * <p>Threads: {@code metrics-1} and {@code metrics-2}, while there is something to answer; one more accepts.
 */
public final class Metrics implements Service {
    private static final int THREADS = 2;
    private static final int BACKLOG = 16;
    private static final String SLOWEST_SECONDS = "10";

    private final InetSocketAddress address;
    private final Sources sources;
    private final Figures figures;

    /** Why jobs are not taken now, or not yet; empty if they are. */
    private volatile String notServing = "starting";

    private HttpServer server;
    private ThreadPoolExecutor threads;

    public Metrics(InetSocketAddress address, Sources sources) {
        this.address = address;
        this.sources = sources;
        this.figures = new Figures(sources);
    }

    /** The script, and how long each run takes. */
    public ReconScript timed(ReconScript script) {
        return run -> {
            long began = System.nanoTime();
            var outcome = script.run(run);
            figures.scriptEnded(outcome, System.nanoTime() - began);
            return outcome;
        };
    }

    /** Takes the port, so that nobody else can; questions wait until {@link #start}. */
    public void bind() throws IOException {
        // A peer that is slow to ask, or to listen, must not hold one of the few threads for ever.
        System.setProperty("sun.net.httpserver.maxReqTime", SLOWEST_SECONDS);
        System.setProperty("sun.net.httpserver.maxRspTime", SLOWEST_SECONDS);
        try {
            server = HttpServer.create(address, BACKLOG);
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen on " + address.getHostString() + " port " + address.getPort() + " for METRICS_PORT: "
                            + e.getMessage(),
                    e);
        }
    }

    @Override
    public void start() throws IOException {
        if (server == null) {
            bind();
        }
        AtomicInteger count = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(BACKLOG),
                task -> new Thread(task, "metrics-" + count.incrementAndGet()),
                new ThreadPoolExecutor.CallerRunsPolicy());
        threads.allowCoreThreadTimeOut(true);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                answer(exchange);
            }
        });
        server.start();
    }

    /** To be started after all that a job needs, and stopped before it: in between the server is ready. */
    public Service readiness() {
        return new Service() {
            @Override
            public void start() {
                notServing = "";
            }

            @Override
            public void stop() {
                notServing = "stopping";
            }
        };
    }

    /** For the log. */
    @Override
    public String toString() {
        return address.getHostString() + " port " + address.getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            send(exchange, 405, "text/plain", "only GET\n".getBytes(UTF_8));
            return;
        }
        switch (exchange.getRequestURI().getPath()) {
            case "/metrics" -> send(exchange, 200, Figures.contentType(), figures.text());
            case "/health" -> send(exchange, 200, "text/plain", "alive\n".getBytes(UTF_8));
            case "/ready" -> {
                String obstacle = obstacle();
                boolean ready = obstacle.isEmpty();
                send(
                        exchange,
                        ready ? 200 : 503,
                        "text/plain",
                        ((ready ? "ready" : "not ready: " + obstacle) + "\n").getBytes(UTF_8));
            }
            default -> send(exchange, 404, "text/plain", "there are /metrics, /health and /ready\n".getBytes(UTF_8));
        }
    }

    /** Why no job should be sent here now; empty if nothing speaks against it. Says nothing of jobs or files. */
    private String obstacle() {
        if (!notServing.isEmpty()) {
            return notServing;
        }
        if (sources.queue().isDraining()) {
            return "draining";
        }
        if (sources.trouble().get().isPresent()) {
            return "jobs cannot be recorded; the server's log says why";
        }
        try {
            sources.store().counts();
            return "";
        } catch (StoreException e) {
            return "the record of the jobs cannot be read; the server's log says why";
        }
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void stop() {
        if (server != null) {
            server.stop(0);
        }
        if (threads != null) {
            threads.shutdownNow();
        }
    }
}
