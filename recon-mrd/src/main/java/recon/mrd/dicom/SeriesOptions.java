package recon.mrd.dicom;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * What whoever submits a job may say about the series that comes out. What is empty comes from the raw data's header.
 *
 * @param seriesNumber 0..99999
 * @param bitsStored 8..16; the brightest pixel of the series becomes 2^bitsStored - 1, but for pixels of modules that are
 *     stored as they are
 * @param windowCenter in stored pixel values; the middle of the range by default
 * @param windowWidth in stored pixel values, at least 1; the whole range by default
 */
public record SeriesOptions(
        Optional<String> seriesDescription,
        OptionalInt seriesNumber,
        int bitsStored,
        OptionalDouble windowCenter,
        OptionalDouble windowWidth,
        Optional<String> patientName,
        Optional<String> patientId,
        Optional<String> studyDescription) {
    public static final int DEFAULT_BITS_STORED = 12;
    public static final SeriesOptions DEFAULT = new SeriesOptions(
            Optional.empty(),
            OptionalInt.empty(),
            DEFAULT_BITS_STORED,
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** The names that {@link #parse} knows. */
    public static final Set<String> NAMES = Set.of(
            "series_description",
            "series_number",
            "bits_stored",
            "window_center",
            "window_width",
            "patient_name",
            "patient_id",
            "study_description");

    private static final int MAX_SERIES_NUMBER = 99_999;

    public SeriesOptions {
        if (bitsStored < 8 || bitsStored > 16) {
            throw new IllegalArgumentException("bits_stored " + bitsStored + " is outside 8..16");
        }
        if (seriesNumber.isPresent() && (seriesNumber.getAsInt() < 0 || seriesNumber.getAsInt() > MAX_SERIES_NUMBER)) {
            throw new IllegalArgumentException(
                    "series_number " + seriesNumber.getAsInt() + " is outside 0.." + MAX_SERIES_NUMBER);
        }
        if (windowCenter.isPresent() && !Double.isFinite(windowCenter.getAsDouble())) {
            throw new IllegalArgumentException("window_center " + windowCenter.getAsDouble() + " is not finite");
        }
        if (windowWidth.isPresent() && !(windowWidth.getAsDouble() >= 1 && windowWidth.getAsDouble() <= 1e9)) {
            throw new IllegalArgumentException("window_width " + windowWidth.getAsDouble() + " is outside 1..1e9");
        }
    }

    /**
     * Options from their names and texts, such as {@code series_description} and {@code bits_stored}.
     *
     * @throws IllegalArgumentException naming every unknown name and every value that is no number at once
     */
    public static SeriesOptions parse(Map<String, String> options) {
        return parse(options, Set.of());
    }

    /** Options from their names and texts, among others that are known elsewhere. */
    public static SeriesOptions parse(Map<String, String> options, Set<String> others) {
        List<String> problems = new ArrayList<>();
        Set<String> known = new TreeSet<>(NAMES);
        known.addAll(others);
        for (String name : options.keySet()) {
            if (!known.contains(name)) {
                problems.add("unknown option " + name + " (known: " + String.join(", ", known) + ")");
            }
        }
        OptionalDouble bits = number(options, "bits_stored", true, problems);
        OptionalDouble seriesNumber = number(options, "series_number", true, problems);
        OptionalDouble center = number(options, "window_center", false, problems);
        OptionalDouble width = number(options, "window_width", false, problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        return new SeriesOptions(
                Optional.ofNullable(options.get("series_description")),
                seriesNumber.isPresent() ? OptionalInt.of((int) seriesNumber.getAsDouble()) : OptionalInt.empty(),
                bits.isPresent() ? (int) bits.getAsDouble() : DEFAULT_BITS_STORED,
                center,
                width,
                Optional.ofNullable(options.get("patient_name")),
                Optional.ofNullable(options.get("patient_id")),
                Optional.ofNullable(options.get("study_description")));
    }

    /** The same with another series number: several files of one job become several series. */
    public SeriesOptions withSeriesNumber(int number) {
        return new SeriesOptions(
                seriesDescription,
                OptionalInt.of(number),
                bitsStored,
                windowCenter,
                windowWidth,
                patientName,
                patientId,
                studyDescription);
    }

    /** The same with another description. */
    SeriesOptions withSeriesDescription(Optional<String> description) {
        return new SeriesOptions(
                description,
                seriesNumber,
                bitsStored,
                windowCenter,
                windowWidth,
                patientName,
                patientId,
                studyDescription);
    }

    private static OptionalDouble number(
            Map<String, String> options, String name, boolean integer, List<String> problems) {
        String text = options.get(name);
        if (text == null) {
            return OptionalDouble.empty();
        }
        try {
            double value = integer ? Integer.parseInt(text.strip()) : Double.parseDouble(text.strip());
            return OptionalDouble.of(value);
        } catch (NumberFormatException e) {
            problems.add(name + " \"" + text + "\" is no " + (integer ? "integer" : "number"));
            return OptionalDouble.empty();
        }
    }
}
