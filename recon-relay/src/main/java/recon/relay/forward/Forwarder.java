package recon.relay.forward;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import recon.common.job.Failures;
import recon.common.job.JobId;
import recon.common.wire.Message;
import recon.common.wire.RefusedException;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.relay.backend.Backend;
import recon.relay.backend.Backends;
import recon.relay.backend.Call;
import recon.relay.backend.JobFinder;
import recon.relay.backend.Routes;

/**
 * Sends requests on to the server that they are for, and passes on what follows. A submission goes to the server where it
 * was before; a new one to whichever has least to do, and to the next one while nothing of its files has gone over.
 * Thread-safe.
 */
public final class Forwarder {
    private static final Logger log = LoggerFactory.getLogger(Forwarder.class);

    private static final Duration LOOK = Duration.ofMillis(500);

    private final Backends backends;
    private final Routes routes;
    private final JobFinder finder;
    private final Queries queries;
    private final boolean waitForBackend;

    /** @param waitForBackend whether submissions wait while no server answers */
    public Forwarder(Backends backends, Routes routes, Queries queries, boolean waitForBackend) {
        this.backends = backends;
        this.routes = routes;
        this.finder = new JobFinder(backends, routes);
        this.queries = queries;
        this.waitForBackend = waitForBackend;
    }

    Queries queries() {
        return queries;
    }

    /** Something about one job: for the server that has it. */
    void toHolder(Client client, JobId job) throws IOException {
        MDC.put("job", job.toString());
        client.isAbout(job);
        Backend backend;
        Call call;
        try {
            backend = finder.find(job, client.owner());
        } catch (RefusedException e) {
            client.refuse(e.getMessage(), e.isForNow());
            return;
        }
        client.talksTo(backend.name());
        try {
            call = backend.open(client.request(), client.choice(), client.owner());
        } catch (RefusedException e) {
            client.refuse(e.getMessage(), e.isForNow());
            return;
        } catch (IOException e) {
            client.refuse(notNow("job " + job + " is", backend, e), true);
            return;
        }
        try (call) {
            SecureChannel server = call.channel();
            if (!client.matches(server)) {
                client.refuse(noCommonTransport(client, backend), false);
                return;
            }
            Optional<Message> answer;
            try {
                answer = firstAnswer(call, client.request());
            } catch (IOException e) {
                checkIfHealthy(backend);
                client.refuse(notNow("job " + job + " is", backend, e), true);
                return;
            }
            if (answer.isPresent()) {
                client.channel().send(answer.get());
            }
            boolean endedByClient = new Exchange(client.channel(), server).run(message -> {}, message -> call.taken());
            if (!endedByClient && client.request().movesFiles()) {
                checkIfHealthy(backend); // it may have ended because the server did
            }
        }
    }

    /** Empty if it may be late, and passes by with the rest. */
    private static Optional<Message> firstAnswer(Call call, Request request) throws IOException {
        if (request.mayBeAnsweredLate()) {
            call.beAnsweredLate();
            return call.channel().answeredAlready();
        }
        Optional<Message> answer = call.channel().receive();
        if (answer.isEmpty()) {
            throw new EOFException("it closed the connection without an answer");
        }
        call.taken();
        return answer;
    }

    /** One that is out is asked often enough. */
    private static void checkIfHealthy(Backend backend) {
        if (backend.isHealthy()) {
            backend.check();
        }
    }

    private static String notNow(String what, Backend backend, IOException e) {
        return what + " on server " + backend.name() + ", which cannot be reached now (" + Failures.words(e)
                + "); it is kept there, try again later";
    }

    private static String noCommonTransport(Client client, Backend backend) {
        return client.channel().streams()
                ? "server " + backend.name() + " does not accept TLS, which this client alone uses (TRANSPORTS)"
                : "server " + backend.name() + " accepts TLS only, which this client does not use (TRANSPORTS)";
    }

    /** A job, from the request to its results. */
    void submit(Client client, Request.SubmitJob request) throws IOException {
        Set<Backend> tried = new HashSet<>();
        while (true) {
            Optional<Backend> bound = bound(request).filter(one -> !tried.contains(one));
            Optional<Backend> chosen = bound.isPresent() ? bound : choose(client, tried);
            if (chosen.isEmpty()) {
                return; // the client has been told, or has gone
            }
            client.talksTo(chosen.get().name());
            if (bound.isPresent()) {
                chosen.get().jobs().comes();
            }
            JobWatcher watcher = new JobWatcher(client, request, chosen.get(), routes);
            try {
                if (submitTo(client, request, chosen.get(), watcher, tried, bound.isPresent())) {
                    return;
                }
            } finally {
                watcher.close();
            }
            if (!client.stillWaits()) {
                log.info("the client has left before a server has taken its submission");
                return;
            }
            tried.add(chosen.get());
            client.talksTo("");
        }
    }

    /** The server that must get this submission, since it may have it: unless it takes no jobs now, and cannot have it whole. */
    private Optional<Backend> bound(Request.SubmitJob request) throws IOException {
        if (request.submissionId().isEmpty()) {
            return Optional.empty();
        }
        Optional<Routes.Route> route = routes.find(request.submissionId().get());
        return route.isEmpty()
                ? Optional.empty()
                : backends.named(route.get().backend())
                        .filter(backend -> route.get().whole() || backend.takesJobs());
    }

    private Optional<Backend> choose(Client client, Set<Backend> tried) throws IOException {
        boolean told = false;
        while (true) {
            Optional<Backend> chosen = backends.choose(tried);
            if (chosen.isPresent()) {
                return chosen;
            }
            if (!waitForBackend) {
                String reasons = backends.all().stream()
                        .map(backend -> backend.name() + ": " + whyNot(backend))
                        .collect(Collectors.joining("; "));
                log.warn("no server for a submission: {}", reasons);
                client.refuse("Job submission: no server behind this relay can take it now; try again later", true);
                return Optional.empty();
            }
            if (!told) {
                told = true;
                log.info("a submission waits for a server (QUEUE_WHEN_NO_BACKEND)");
                client.useTlsIfOffered();
            }
            if (!client.stillWaits()) {
                log.info("the client does not wait any longer for a server");
                return Optional.empty();
            }
            tried.clear();
            try {
                backends.awaitChange(LOOK);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
    }

    private static String whyNot(Backend backend) {
        if (!backend.problem().isEmpty()) {
            return backend.problem();
        }
        return backend.isDraining() ? "is draining" : "does not take it";
    }

    /** Returns false if another server is to be tried. */
    private boolean submitTo(
            Client client,
            Request.SubmitJob request,
            Backend backend,
            JobWatcher watcher,
            Set<Backend> tried,
            boolean bound)
            throws IOException {
        Call call;
        try {
            call = backend.open(request, client.choice(), client.owner());
        } catch (RefusedException e) {
            return refused(client, request, backend, e, tried, bound);
        } catch (IOException e) {
            return lost(client, request, backend, e);
        }
        try (call) {
            SecureChannel server = call.channel();
            // The client's handshake takes as long as the server's first answer: they need not wait for each other.
            if (!client.matches(server)) {
                client.refuse("Job submission: " + noCommonTransport(client, backend), false);
                return true;
            }
            Message first;
            try {
                first = SecureChannel.cast(server.receive(), Message.class, "an answer to the submission");
            } catch (RefusedException e) {
                return refused(client, request, backend, e, tried, bound);
            } catch (IOException e) {
                checkIfHealthy(backend);
                return lost(client, request, backend, e);
            }
            if (request.submissionId().isPresent() && !bound) {
                routes.remember(request.submissionId().get(), new Routes.Route(backend.name(), false));
            }
            log.info("forwarding {} files to {} over {}", request.files().size(), backend.name(), server.transport());
            call.answered();
            watcher.see(first, call);
            client.channel().send(first);
            boolean endedByClient = new Exchange(client.channel(), server)
                    .run(watcher::fromClient, message -> watcher.fromServer(message, call));
            if (!watcher.hasEnded() && !endedByClient) {
                checkIfHealthy(backend); // before the client is back: it may have ended because the server did
            }
            return true;
        }
    }

    /** What one server cannot take now another one may; one that is draining has no say in whether somebody can. */
    private boolean refused(
            Client client,
            Request.SubmitJob request,
            Backend backend,
            RefusedException e,
            Set<Backend> tried,
            boolean bound)
            throws IOException {
        if (e.isForNow()) {
            backend.check(); // it may drain since it was asked last
            boolean drains = backend.isDraining() && !mayHaveAll(request, backend);
            boolean others =
                    backends.all().stream().anyMatch(one -> one != backend && one.takesJobs() && !tried.contains(one));
            if (drains || (!bound && others)) {
                log.info("{} does not take the submission now: {}", backend.name(), e.getMessage());
                return false;
            }
        }
        client.refuse(e.getMessage(), e.isForNow());
        return true;
    }

    private boolean lost(Client client, Request.SubmitJob request, Backend backend, IOException e) throws IOException {
        log.info("{} did not answer a submission: {}", backend.name(), Failures.words(e));
        if (mayHaveAll(request, backend)) {
            client.refuse(notNow("Job submission: all of its files are", backend, e), true);
            return true;
        }
        return false;
    }

    /** Whether all files may have gone over to it: then it may have the job, answered or not. */
    private boolean mayHaveAll(Request.SubmitJob request, Backend backend) throws IOException {
        return request.submissionId().isPresent()
                && routes.find(request.submissionId().get())
                        .filter(route -> route.whole() && route.backend().equals(backend.name()))
                        .isPresent();
    }
}
