package recon.mrd.recon;

import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** All modules that are on the class path, by their names. */
public final class ReconModules {
    private final Map<String, ReconModule> byName = new TreeMap<>();

    /** @throws IllegalStateException if two modules have one name */
    public ReconModules() {
        for (ReconModule module : ServiceLoader.load(ReconModule.class)) {
            ReconModule other = byName.put(module.name(), module);
            if (other != null) {
                throw new IllegalStateException("two modules have the name " + module.name() + ": " + other.getClass()
                        + " and " + module.getClass());
            }
        }
    }

    public Optional<ReconModule> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    public Iterable<String> names() {
        return byName.keySet();
    }
}
