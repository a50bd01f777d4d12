package recon.mrd.phantom;

import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.MrdHeader.AcquisitionSystem;
import recon.mrd.format.MrdHeader.Counter;
import recon.mrd.format.MrdHeader.Encoding;
import recon.mrd.format.MrdHeader.Limit;
import recon.mrd.format.MrdHeader.Measurement;
import recon.mrd.format.MrdHeader.SequenceParameters;
import recon.mrd.format.MrdHeader.Space;
import recon.mrd.format.MrdHeader.Study;
import recon.mrd.format.MrdHeader.Subject;
import recon.mrd.format.MrdHeader.UserParameters;

/** The header of phantom data, with every field that a scanner would fill. */
final class PhantomHeader {
    static final double FIELD_OF_VIEW_MM = 256;
    static final double THICKNESS_MM = 5;
    static final double REPETITION_TIME_MS = 10;
    private static final long H1_FREQUENCY_HZ = 63_870_000;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private PhantomHeader() {}

    static MrdHeader of(PhantomOptions options) {
        String date = options.time().toLocalDate().toString();
        String time = TIME.format(options.time());
        return new MrdHeader(
                new Subject(
                        Optional.of("PHANTOM^SHEPP-LOGAN"),
                        OptionalDouble.of(5),
                        Optional.of("PHANTOM"),
                        Optional.of("1974-06-01"),
                        Optional.of("O")),
                new Study(
                        Optional.of(date),
                        Optional.of(time),
                        Optional.of("1"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("Phantom"),
                        Optional.empty()),
                new Measurement(
                        Optional.of("phantom_1"),
                        Optional.of(date),
                        Optional.of(time),
                        Optional.of("HFS"),
                        OptionalLong.of(1),
                        Optional.of("shepp_logan"),
                        Optional.of("Shepp-Logan phantom"),
                        Optional.empty(),
                        Optional.empty()),
                new AcquisitionSystem(
                        Optional.of("Synthetic"),
                        Optional.of("Birdcage " + options.coils()),
                        OptionalDouble.of(1.5),
                        OptionalDouble.empty(),
                        OptionalInt.of(options.coils()),
                        Optional.of("Synthetic imaging"),
                        Optional.of("PHANTOM"),
                        Optional.empty()),
                OptionalLong.of(H1_FREQUENCY_HZ),
                List.of(encoding(options)),
                new SequenceParameters(
                        List.of(REPETITION_TIME_MS),
                        List.of(4.0),
                        List.of(),
                        List.of(15.0),
                        Optional.of("GRE"),
                        List.of()),
                UserParameters.EMPTY);
    }

    private static Encoding encoding(PhantomOptions options) {
        int n = options.matrix();
        Map<Counter, Limit> limits = new EnumMap<>(Counter.class);
        for (Counter counter : Counter.values()) {
            limits.put(counter, new Limit(0, 0, 0));
        }
        limits.put(Counter.KSPACE_ENCODING_STEP_0, upTo(n * options.oversampling()));
        limits.put(Counter.KSPACE_ENCODING_STEP_1, upTo(n));
        limits.put(Counter.SLICE, new Limit(0, options.slices() - 1, 0));
        limits.put(Counter.REPETITION, new Limit(0, options.repetitions() * options.acceleration() - 1, 0));
        return new Encoding(
                new Space(
                        n * options.oversampling(),
                        n,
                        1,
                        FIELD_OF_VIEW_MM * options.oversampling(),
                        FIELD_OF_VIEW_MM,
                        THICKNESS_MM),
                new Space(n, n, 1, FIELD_OF_VIEW_MM, FIELD_OF_VIEW_MM, THICKNESS_MM),
                limits,
                "cartesian",
                options.acceleration(),
                1,
                OptionalInt.empty());
    }

    private static Limit upTo(int count) {
        return new Limit(0, count - 1, count / 2);
    }
}
