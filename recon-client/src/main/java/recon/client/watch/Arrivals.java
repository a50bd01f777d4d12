package recon.client.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Finds out which files are complete, and which belong together. A file is complete once its mark has not changed for the
 * stability delay and nobody writes to it. Files of one stem that become complete within the grouping timeout of the
 * first are one group; one with the options of a stem that still changes is waited for.
 *
 * <p>Used by one thread. Times are nanoseconds of any clock that never goes back.
 */
final class Arrivals {
    /** How soon to look again for what only a writer holds up, or options that still change. */
    private static final long RETRY_NANOS = 1_000_000_000;

    private final long stabilityNanos;
    private final long groupingNanos;
    private final Map<String, Arrival> arrivals = new HashMap<>();

    /** A file on its way. {@code stableAt} is set once it is complete. */
    private static final class Arrival {
        private final Sighting file;
        private final long since;
        private OptionalLong stableAt = OptionalLong.empty();
        private boolean taken;

        Arrival(Sighting file, long since) {
            this.file = file;
            this.since = since;
        }

        boolean waits() {
            return !taken && stableAt.isPresent() && file.rank() != Sighting.OPTIONS;
        }
    }

    Arrivals(Duration stability, Duration grouping) {
        this.stabilityNanos = stability.toNanos();
        this.groupingNanos = grouping.toNanos();
    }

    /**
     * Takes note of what is in the directory now, apart from what was sent before.
     *
     * @param isWritten whether somebody has a file of this name open for writing
     * @return the groups that are complete, each with its primary file first; they are not returned again, unless their
     *     files change
     */
    List<Group> look(List<Sighting> files, long now, Predicate<String> isWritten) {
        Map<String, Sighting> seen = new HashMap<>();
        files.forEach(file -> seen.put(file.name(), file));
        arrivals.keySet().retainAll(seen.keySet());
        for (Sighting file : files) {
            Arrival before = arrivals.get(file.name());
            if (before == null || !before.file.mark().equals(file.mark())) {
                arrivals.put(file.name(), new Arrival(file, now));
            }
        }
        for (Arrival arrival : arrivals.values()) {
            if (arrival.stableAt.isEmpty()
                    && now - arrival.since >= stabilityNanos
                    && !isWritten.test(arrival.file.name())) {
                arrival.stableAt = OptionalLong.of(now);
            }
        }
        return groups(now);
    }

    private List<Group> groups(long now) {
        Map<String, List<Arrival>> byStem = new TreeMap<>();
        for (Arrival arrival : arrivals.values()) {
            if (arrival.waits()) {
                byStem.computeIfAbsent(arrival.file.stem(), stem -> new ArrayList<>())
                        .add(arrival);
            }
        }
        List<Group> due = new ArrayList<>();
        byStem.forEach((stem, members) -> {
            if (now - first(members) >= groupingNanos && !hasOptionsToCome(stem)) {
                members.forEach(member -> member.taken = true);
                due.add(new Group(
                        stem,
                        members.stream()
                                .map(member -> member.file)
                                .sorted(Comparator.comparingInt(Sighting::rank).thenComparing(Sighting::name))
                                .toList()));
            }
        });
        return due;
    }

    private static long first(List<Arrival> members) {
        return members.stream()
                .map(member -> member.stableAt.getAsLong())
                .reduce((a, b) -> a - b < 0 ? a : b)
                .orElseThrow();
    }

    private boolean hasOptionsToCome(String stem) {
        return arrivals.values().stream()
                .anyMatch(arrival -> arrival.file.rank() == Sighting.OPTIONS
                        && arrival.file.stem().equals(stem)
                        && arrival.stableAt.isEmpty());
    }

    /** These files have not made a job yet: they are looked at anew. */
    void release(List<String> names) {
        names.forEach(arrivals::remove);
    }

    boolean hasSeen(String name) {
        return arrivals.containsKey(name);
    }

    /** Whether no file is on its way. */
    boolean isIdle() {
        return arrivals.values().stream().allMatch(arrival -> arrival.taken || arrival.file.rank() == Sighting.OPTIONS);
    }

    /** How long until a look may find something complete that is not so yet; empty if nothing is on its way. */
    OptionalLong nanosToNext(long now) {
        OptionalLong next = OptionalLong.empty();
        for (Arrival arrival : arrivals.values()) {
            if (arrival.stableAt.isEmpty() || arrival.waits()) {
                long at = arrival.stableAt.isPresent()
                        ? arrival.stableAt.getAsLong() + groupingNanos
                        : arrival.since + stabilityNanos;
                long left = at - now > 0 ? at - now : RETRY_NANOS;
                next = OptionalLong.of(Math.min(left, next.orElse(left)));
            }
        }
        return next;
    }
}
