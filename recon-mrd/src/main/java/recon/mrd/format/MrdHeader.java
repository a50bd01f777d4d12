package recon.mrd.format;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The XML header of a data set, as far as this project uses it. What the XML leaves out is an empty optional, an empty
 * list, or a part whose fields are all empty.
 *
 * @param h1ResonanceFrequencyHz of protons at the magnet's field
 */
public record MrdHeader(
        Subject subject,
        Study study,
        Measurement measurement,
        AcquisitionSystem system,
        OptionalLong h1ResonanceFrequencyHz,
        List<Encoding> encodings,
        SequenceParameters sequence,
        UserParameters user) {
    /** Longest XML header accepted, in characters. */
    public static final int MAX_XML_CHARS = 16 << 20;

    public MrdHeader {
        encodings = List.copyOf(encodings);
    }

    /**
     * Reads the XML header. Elements not known are ignored, also those of other namespaces.
     *
     * @throws MrdException if it is no well-formed XML, has a document type, is no ISMRMRD header, is longer than
     *     {@link #MAX_XML_CHARS}, or holds a value that is none of its kind
     */
    public static MrdHeader parse(String xml) throws MrdException {
        return new MrdHeaderParser().parse(xml);
    }

    /** This header as XML that follows the schema of ISMRMRD. */
    public String toXml() {
        return new MrdHeaderWriter().write(this);
    }

    /**
     * Who was measured.
     *
     * @param birthdate as in the XML, {@code yyyy-mm-dd}
     * @param gender {@code M}, {@code F} or {@code O}
     */
    public record Subject(
            Optional<String> patientName,
            OptionalDouble weightKg,
            Optional<String> patientId,
            Optional<String> birthdate,
            Optional<String> gender) {
        public static final Subject EMPTY = new Subject(
                Optional.empty(), OptionalDouble.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * The visit that the measurement belongs to.
     *
     * @param date as in the XML, {@code yyyy-mm-dd}
     * @param time as in the XML, {@code hh:mm:ss}, possibly with a fraction and a zone
     */
    public record Study(
            Optional<String> date,
            Optional<String> time,
            Optional<String> studyId,
            Optional<String> accessionNumber,
            Optional<String> referringPhysicianName,
            Optional<String> description,
            Optional<String> instanceUid) {
        public static final Study EMPTY = new Study(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * The measurement itself.
     *
     * @param patientPosition {@code HFS}, {@code FFP}, ...
     * @param seriesDate as in the XML, {@code yyyy-mm-dd}
     * @param seriesTime as in the XML, {@code hh:mm:ss}, possibly with a fraction and a zone
     */
    public record Measurement(
            Optional<String> measurementId,
            Optional<String> seriesDate,
            Optional<String> seriesTime,
            Optional<String> patientPosition,
            OptionalLong initialSeriesNumber,
            Optional<String> protocolName,
            Optional<String> seriesDescription,
            Optional<String> seriesInstanceUidRoot,
            Optional<String> frameOfReferenceUid) {
        public static final Measurement EMPTY = new Measurement(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public record AcquisitionSystem(
            Optional<String> vendor,
            Optional<String> model,
            OptionalDouble fieldStrengthT,
            OptionalDouble relativeReceiverNoiseBandwidth,
            OptionalInt receiverChannels,
            Optional<String> institutionName,
            Optional<String> stationName,
            Optional<String> deviceId) {
        public static final AcquisitionSystem EMPTY = new AcquisitionSystem(
                Optional.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * How k-space was sampled.
     *
     * @param limits by counter
     * @param trajectory {@code cartesian}, {@code epi}, {@code radial}, ...
     * @param accelerationFactor1 along kspace_encode_step_1; 1 if not accelerated
     * @param accelerationFactor2 along kspace_encode_step_2; 1 if not accelerated
     */
    public record Encoding(
            Space encodedSpace,
            Space reconSpace,
            Map<Counter, Limit> limits,
            String trajectory,
            int accelerationFactor1,
            int accelerationFactor2,
            OptionalInt echoTrainLength) {
        public Encoding {
            limits = Map.copyOf(limits);
        }

        public Optional<Limit> limit(Counter counter) {
            return Optional.ofNullable(limits.get(counter));
        }
    }

    /** A matrix size (0 to 65535 per axis) and the field of view it covers, in mm. */
    public record Space(int x, int y, int z, double fieldOfViewXMm, double fieldOfViewYMm, double fieldOfViewZMm) {}

    /** Range of an encoding counter and its value at the centre of k-space. */
    public record Limit(int minimum, int maximum, int center) {}

    /** The counters that have limits. */
    public enum Counter {
        KSPACE_ENCODING_STEP_0,
        KSPACE_ENCODING_STEP_1,
        KSPACE_ENCODING_STEP_2,
        AVERAGE,
        SLICE,
        CONTRAST,
        PHASE,
        REPETITION,
        SET,
        SEGMENT
    }

    /** Times in ms, one per echo or inversion; flip angles in degrees. */
    public record SequenceParameters(
            List<Double> repetitionTimesMs,
            List<Double> echoTimesMs,
            List<Double> inversionTimesMs,
            List<Double> flipAnglesDeg,
            Optional<String> sequenceType,
            List<Double> echoSpacingsMs) {
        public static final SequenceParameters EMPTY =
                new SequenceParameters(List.of(), List.of(), List.of(), List.of(), Optional.empty(), List.of());

        public SequenceParameters {
            repetitionTimesMs = List.copyOf(repetitionTimesMs);
            echoTimesMs = List.copyOf(echoTimesMs);
            inversionTimesMs = List.copyOf(inversionTimesMs);
            flipAnglesDeg = List.copyOf(flipAnglesDeg);
            echoSpacingsMs = List.copyOf(echoSpacingsMs);
        }
    }

    /** Named values with a meaning of the site's own; of a repeated name the last counts. */
    public record UserParameters(Map<String, Long> longs, Map<String, Double> doubles, Map<String, String> strings) {
        public static final UserParameters EMPTY = new UserParameters(Map.of(), Map.of(), Map.of());

        public UserParameters {
            longs = unmodifiable(longs);
            doubles = unmodifiable(doubles);
            strings = unmodifiable(strings);
        }

        /** {@link Map#copyOf} takes time squared for names that were chosen to have the same hash code. */
        private static <T> Map<String, T> unmodifiable(Map<String, T> values) {
            return Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }
    }
}
