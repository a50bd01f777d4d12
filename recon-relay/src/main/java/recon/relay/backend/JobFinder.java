package recon.relay.backend;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.crypto.KeyOwner;
import recon.common.job.JobId;
import recon.common.wire.RefusedException;
import recon.common.wire.Report;
import recon.common.wire.Request;

/** Finds out which server has a job: as it is remembered, or by asking them all. Thread-safe. */
public final class JobFinder {
    private static final Logger log = LoggerFactory.getLogger(JobFinder.class);

    private final Backends backends;
    private final Routes routes;

    public JobFinder(Backends backends, Routes routes) {
        this.backends = backends;
        this.routes = routes;
    }

    /** @throws RefusedException if no server that answers has it; says whether it is worth asking again */
    public Backend find(JobId job, KeyOwner client) throws RefusedException {
        Optional<Backend> known = remembered(job);
        return known.isPresent() ? known.get() : ask(job, client);
    }

    private Optional<Backend> remembered(JobId job) {
        try {
            return routes.find(job).flatMap(backends::named);
        } catch (IOException e) {
            log.error("{}", e.getMessage());
            return Optional.empty();
        }
    }

    private Backend ask(JobId job, KeyOwner client) throws RefusedException {
        AtomicReference<Backend> holder = new AtomicReference<>();
        backends.forEach(backends.healthy(), backend -> {
            try {
                backend.ask(new Request.OfJob(Request.OfJob.Verb.SHOW, job), client, Report.JobDetails.class);
                holder.set(backend);
            } catch (IOException itIsNotThere) {
                log.debug("job {} is not on {}: {}", job, backend.name(), itIsNotThere.getMessage());
            }
        });
        Backend found = holder.get();
        if (found == null) {
            List<Backend> silent =
                    backends.all().stream().filter(one -> !one.isHealthy()).toList();
            if (silent.isEmpty()) {
                throw new RefusedException("there is no job " + job, false);
            }
            throw new RefusedException(
                    "no server that answers has job " + job + "; "
                            + silent.stream().map(Backend::name).collect(Collectors.joining(", "))
                            + " cannot be asked now, try again later",
                    true);
        }
        try {
            routes.remember(job, found);
        } catch (IOException e) {
            log.error("{}", e.getMessage());
        }
        return found;
    }
}
