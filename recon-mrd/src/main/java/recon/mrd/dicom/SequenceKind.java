package recon.mrd.dicom;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import recon.mrd.format.MrdHeader;

/**
 * ScanningSequence and SequenceVariant (PS3.3 C.8.3.1) as far as the free text of {@code sequence_type} tells them.
 * Research mode (RM) stands for what it does not tell.
 */
record SequenceKind(List<String> scanning, List<String> variant) {
    SequenceKind {
        scanning = List.copyOf(scanning);
        variant = List.copyOf(variant);
    }

    static SequenceKind of(MrdHeader.SequenceParameters sequence) {
        Optional<String> type = sequence.sequenceType();
        String name = type.orElse("").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        boolean turbo = hasAny(name, "turbo", "tse", "fse", "haste", "fast", "rare");
        boolean gradient = hasAny(name, "flash", "gre", "gradient", "spgr", "ffe", "fisp", "trufi", "ssfp", "mprage");
        boolean spin = hasAny(name, "spinecho", "tse", "fse", "haste", "rare", "stir", "flair") || name.equals("se");
        List<String> scanning = new ArrayList<>();
        if (spin) {
            scanning.add("SE");
        } else if (gradient) {
            scanning.add("GR");
        }
        if (hasAny(name, "epi", "echoplanar")) {
            scanning.add("EP");
        }
        if (scanning.isEmpty()) {
            scanning.add("RM");
        }
        // Some converters state a TI for every protocol, so that it tells an inversion only where nothing else is said.
        boolean inversionTime = sequence.inversionTimesMs().stream().anyMatch(ti -> ti > 0);
        if (hasAny(name, "inversion", "stir", "flair", "mprage")
                || name.equals("ir")
                || (type.isEmpty() && inversionTime)) {
            scanning.add("IR");
        }
        List<String> variant = new ArrayList<>();
        if (turbo && spin) {
            variant.add("SK");
        }
        if (hasAny(name, "trufi", "ssfp", "fisp")) {
            variant.add("SS");
        }
        if (hasAny(name, "flash", "spgr", "mprage")) {
            variant.add("SP");
        }
        if (name.contains("mprage")) {
            variant.add("MP");
        }
        return new SequenceKind(scanning, variant.isEmpty() ? List.of("NONE") : variant);
    }

    private static boolean hasAny(String name, String... parts) {
        for (String part : parts) {
            if (name.contains(part)) {
                return true;
            }
        }
        return false;
    }
}
