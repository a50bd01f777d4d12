package recon.mrd.dicom;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The VRs of the standard's data elements, for files in implicit VR, which do not say them. */
final class StandardVrs {
    private static final String LIST = "vrs.txt";
    private static final Map<Integer, Vr> BY_TAG = read();

    private StandardVrs() {}

    private static Map<Integer, Vr> read() {
        Map<Integer, Vr> byTag = new HashMap<>();
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(StandardVrs.class.getResourceAsStream(LIST), StandardCharsets.US_ASCII))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.startsWith("#")) {
                    String[] words = line.split(" ", -1);
                    for (int i = 2; i < words.length; i++) {
                        byTag.put(Integer.parseUnsignedInt(words[0] + words[i], 16), Vr.valueOf(words[1]));
                    }
                }
            }
            return byTag;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The VR of an element; of the many groups of curves and overlays (50xx, 60xx) the first stands for all. */
    static Optional<Vr> of(int tag) {
        int group = tag >>> 24;
        boolean repeats = (group == 0x50 || group == 0x60) && (tag >>> 16 & 1) == 0;
        return Optional.ofNullable(BY_TAG.get(repeats ? tag & 0xff00_ffff : tag));
    }
}
