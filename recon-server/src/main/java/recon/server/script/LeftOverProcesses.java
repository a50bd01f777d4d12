package recon.server.script;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.job.JobId;
import recon.server.script.LinuxProcesses.Entry;

/**
 * Ends processes of scripts, and of a site's modules, whose server was killed and could not do it. They are known by the
 * job's or session's id in the environment that they inherited; where there is no {@code /proc} they cannot be found, and are
 * left alone.
 */
public final class LeftOverProcesses {
    private static final Logger LOG = LoggerFactory.getLogger(LeftOverProcesses.class);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Duration grace;

    /** @param grace how long they may take after SIGTERM, before SIGKILL; and again as long after that */
    public LeftOverProcesses(Duration grace) {
        this.grace = grace;
    }

    /** Ends every process of these jobs. Returns when they are gone, or do not go even by SIGKILL. */
    public void end(Set<JobId> jobs) throws InterruptedException {
        end(ProcessScript.JOB_ID, jobs.stream().map(JobId::toString).collect(Collectors.toSet()));
    }

    /** As {@link #end(Set)}, those that inherited a variable with one of these values. */
    public void end(String variable, Set<String> values) throws InterruptedException {
        if (values.isEmpty()) {
            return;
        }
        if (!LinuxProcesses.available()) {
            LOG.warn(
                    "this system has no /proc: processes that scripts of the former run left behind are not looked for");
            return;
        }
        Set<ProcessHandle> asked = new HashSet<>();
        long start = System.nanoTime();
        for (List<ProcessHandle> left = find(variable, values); !left.isEmpty(); left = find(variable, values)) {
            long waited = System.nanoTime() - start;
            if (waited > 2 * grace.toNanos()) {
                LOG.error("{} processes of the former run do not end, not even by SIGKILL: {}", left.size(), left);
                return;
            }
            if (waited > grace.toNanos()) {
                left.forEach(ProcessHandle::destroyForcibly);
            } else {
                left.stream().filter(asked::add).forEach(process -> {
                    LOG.warn("ending process {}, which a script of the former run has left", process.pid());
                    process.destroy();
                });
            }
            Thread.sleep(PAUSE.toMillis());
        }
    }

    private static List<ProcessHandle> find(String variable, Set<String> values) {
        List<ProcessHandle> found = new ArrayList<>();
        try {
            for (Entry entry : LinuxProcesses.list()) {
                if (!entry.isDead()
                        && entry.pid() != ProcessHandle.current().pid()
                        && LinuxProcesses.variable(entry.pid(), variable)
                                .filter(values::contains)
                                .isPresent()) {
                    Optional<ProcessHandle> process = ProcessHandle.of(entry.pid());
                    // The number may have gone to another process meanwhile.
                    if (LinuxProcesses.read(entry.pid())
                            .filter(now -> now.startTicks() == entry.startTicks())
                            .isPresent()) {
                        process.ifPresent(found::add);
                    }
                }
            }
        } catch (IOException e) {
            LOG.warn("cannot list the processes: {}", e.toString());
        }
        return found;
    }
}
