package recon.server.script;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.server.script.LinuxProcesses.Entry;

/**
 * Every process of one job: the script, its children, and theirs. On Linux also those that left the script's session
 * or were orphaned: they are known by the session's number, and by the job's id in the environment they inherited.
 * Elsewhere, and for a process that shed both, those count that a {@link #look} has seen as descendants.
 *
 * <p>Belongs to the thread that runs the script.
 */
final class ProcessTree {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessTree.class);
    /** How long a killed process may take to be gone; only one that hangs in the kernel takes longer. */
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    private static final long FIRST_PAUSE_MILLIS = 1;
    private static final long MAX_PAUSE_MILLIS = 50;

    private final long scriptPid;
    private final boolean ownSession;
    private final String marker;
    private final boolean procfs;
    private final Set<ProcessHandle> known = new HashSet<>();

    /**
     * @param ownSession whether the script leads a session and process group of its own, both numbered as it is
     * @param marker a variable and value, {@code NAME=value}, that only this job's processes have
     * @param procfs whether to use {@link LinuxProcesses}
     */
    ProcessTree(Process script, boolean ownSession, String marker, boolean procfs) {
        this.scriptPid = script.pid();
        this.ownSession = ownSession;
        this.marker = marker;
        this.procfs = procfs;
        known.add(script.toHandle());
    }

    /** Takes note of the processes there are now. Cheap enough for once a second. */
    void look() {
        living(false);
    }

    /**
     * Ends every process: SIGTERM first, SIGKILL after the grace. Returns at once if none is left.
     *
     * @return how many there were
     * @throws InterruptedException if interrupted; that ends the grace, and the processes are dead all the same
     */
    int end(Duration grace) throws InterruptedException {
        Set<ProcessHandle> met = new HashSet<>();
        boolean interrupted = false;
        boolean gone = false;
        try {
            gone = terminate(grace, met);
        } catch (InterruptedException cutTheGrace) {
            interrupted = true;
        }
        if (!gone) {
            interrupted |= kill(met);
        }
        if (interrupted) {
            throw new InterruptedException("the job was cancelled");
        }
        return met.size();
    }

    /** Returns whether none is left. */
    private boolean terminate(Duration grace, Set<ProcessHandle> met) throws InterruptedException {
        List<ProcessHandle> living = living(true);
        Set<ProcessHandle> asked = signalGroup("TERM", living);
        long start = System.nanoTime();
        long pauseMillis = FIRST_PAUSE_MILLIS;
        while (!living.isEmpty() && System.nanoTime() - start < grace.toNanos()) {
            met.addAll(living);
            living.stream().filter(asked::add).forEach(ProcessHandle::destroy);
            Thread.sleep(pauseMillis);
            pauseMillis = Math.min(2 * pauseMillis, MAX_PAUSE_MILLIS);
            living = living(true);
        }
        return living.isEmpty();
    }

    /** Returns whether the thread was interrupted meanwhile, which does not keep it from finishing. */
    private boolean kill(Set<ProcessHandle> met) {
        boolean interrupted = false;
        List<ProcessHandle> living = living(true);
        signalGroup("KILL", living);
        long start = System.nanoTime();
        while (!living.isEmpty()) {
            met.addAll(living);
            if (System.nanoTime() - start > KILL_LIMIT.toNanos()) {
                LOG.error("{} processes of the script do not end, not even by SIGKILL: {}", living.size(), living);
                break;
            }
            living.forEach(ProcessHandle::destroyForcibly);
            try {
                Thread.sleep(FIRST_PAUSE_MILLIS);
            } catch (InterruptedException finishFirst) {
                interrupted = true;
            }
            living = living(true);
        }
        return interrupted;
    }

    private List<ProcessHandle> living(boolean readEnvironments) {
        known.removeIf(handle -> !isRunning(handle));
        if (procfs) {
            try {
                List<ProcessHandle> living = livingInProcfs(readEnvironments);
                known.addAll(living);
                return living;
            } catch (IOException e) {
                LOG.warn("cannot list the processes: {}", e.toString());
            }
        }
        for (ProcessHandle handle : List.copyOf(known)) {
            handle.descendants().filter(ProcessTree::isRunning).forEach(known::add);
        }
        return List.copyOf(known);
    }

    private List<ProcessHandle> livingInProcfs(boolean readEnvironments) throws IOException {
        Map<Long, Entry> candidates = new HashMap<>();
        for (Entry entry : LinuxProcesses.list()) {
            if (!entry.isDead() && entry.pid() != ProcessHandle.current().pid()) {
                candidates.put(entry.pid(), entry);
            }
        }
        Set<Long> members = known.stream().map(ProcessHandle::pid).collect(Collectors.toSet());
        members.retainAll(candidates.keySet());
        for (Entry entry : candidates.values()) {
            if ((ownSession && entry.session() == scriptPid)
                    || (readEnvironments && LinuxProcesses.hasVariable(entry.pid(), marker))) {
                members.add(entry.pid());
            }
        }
        boolean grown = true;
        while (grown) { // by the children of members, and theirs
            grown = false;
            for (Entry entry : candidates.values()) {
                grown |= members.contains(entry.parent()) && members.add(entry.pid());
            }
        }
        List<ProcessHandle> living = new ArrayList<>();
        for (long pid : members) {
            ProcessHandle.of(pid).filter(handle -> isStill(candidates.get(pid))).ifPresent(living::add);
        }
        return living;
    }

    /** A process that has ended counts as alive to the JDK until its parent, perhaps a careless one, notices. */
    private static boolean isRunning(ProcessHandle handle) {
        return handle.isAlive()
                && LinuxProcesses.read(handle.pid()).filter(Entry::isDead).isEmpty();
    }

    /** Guards against a number that went to another process since the list was made. */
    private static boolean isStill(Entry entry) {
        return LinuxProcesses.read(entry.pid())
                .filter(now -> now.startTicks() == entry.startTicks() && !now.isDead())
                .isPresent();
    }

    /**
     * One signal to all of the group at once, which no member can escape by forking meanwhile.
     *
     * @return the processes it reached
     */
    private Set<ProcessHandle> signalGroup(String signal, List<ProcessHandle> living) {
        Set<ProcessHandle> members = new HashSet<>();
        if (ownSession && procfs) {
            living.stream()
                    .filter(handle -> LinuxProcesses.read(handle.pid())
                            .filter(entry -> entry.group() == scriptPid)
                            .isPresent())
                    .forEach(members::add);
        }
        if (members.isEmpty()) {
            return members; // and the group's number may belong to somebody else by now
        }
        try {
            Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -s " + signal + " -- -" + scriptPid)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (kill.onExit().join().exitValue() == 0) {
                return members;
            }
        } catch (IOException e) {
            LOG.warn("cannot signal the script's process group, so each process by itself: {}", e.toString());
        }
        return new HashSet<>();
    }
}
