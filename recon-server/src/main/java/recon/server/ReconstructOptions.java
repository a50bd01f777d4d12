package recon.server;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import recon.mrd.dicom.SeriesOptions;
import recon.mrd.recon.CartesianModule;
import recon.mrd.recon.ReconModule;
import recon.mrd.recon.ReconModules;
import recon.mrd.recon.ReconParameters;

/**
 * What a job asks of the built-in reconstruction.
 *
 * @param module that makes the images
 * @param asMrd whether they become an ISMRMRD file, not DICOM
 * @param series what is said about the DICOM series
 * @param parameters of the module
 */
record ReconstructOptions(ReconModule module, boolean asMrd, SeriesOptions series, ReconParameters parameters) {
    private static final String CONFIG = "config";
    private static final String FORMAT = "format";
    private static final Set<String> OWN = Set.of(CONFIG, FORMAT, CartesianModule.PREWHITEN, CartesianModule.OUTPUT);

    /**
     * Sorts the pairs of name and value. What modules other than {@value CartesianModule#NAME} understand only they know:
     * each option that is not about the series goes to them.
     *
     * @throws IllegalArgumentException if one is not known, has no value, or a value has no meaning
     */
    static ReconstructOptions parse(List<String> pairs, ReconModules modules) {
        Map<String, String> options = named(pairs);
        String config = options.getOrDefault(CONFIG, CartesianModule.NAME);
        ReconModule module = modules.named(config)
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no config \"" + config + "\"; there are " + String.join(", ", modules.names())));
        String format = options.getOrDefault(FORMAT, "dicom");
        if (!format.equals("dicom") && !format.equals("mrd")) {
            throw new IllegalArgumentException("format is \"" + format + "\"; dicom or mrd belongs there");
        }
        Map<String, String> parameters = new HashMap<>(options);
        parameters.keySet().removeAll(SeriesOptions.NAMES);
        parameters.keySet().removeAll(Set.of(CONFIG, FORMAT));
        if (config.equals(CartesianModule.NAME)) {
            checkTruth(options);
        } else {
            options.keySet().retainAll(SeriesOptions.NAMES);
        }
        return new ReconstructOptions(
                module, format.equals("mrd"), SeriesOptions.parse(options, OWN), new ReconParameters(parameters));
    }

    private static void checkTruth(Map<String, String> options) {
        String prewhiten = options.getOrDefault(CartesianModule.PREWHITEN, "true");
        if (!prewhiten.equals("true") && !prewhiten.equals("false")) {
            throw new IllegalArgumentException("prewhiten is \"" + prewhiten + "\"; true or false belongs there");
        }
    }

    private static Map<String, String> named(List<String> pairs) {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i < pairs.size(); i += 2) {
            String name = pairs.get(i);
            if (!name.startsWith("--") || i + 1 == pairs.size()) {
                throw new IllegalArgumentException("\"" + name + "\" is not part of a pair --name value");
            }
            options.put(name.substring(2), pairs.get(i + 1));
        }
        return options;
    }

    /**
     * Whether the images are those of a whole file, which are scaled together and need not be in memory at once with their
     * raw data.
     */
    boolean fromFile() {
        return module.name().equals(CartesianModule.NAME)
                && !asMrd
                && parameters.text(CartesianModule.OUTPUT).isEmpty();
    }
}
