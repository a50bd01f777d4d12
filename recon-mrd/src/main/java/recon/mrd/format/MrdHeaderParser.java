package recon.mrd.format;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
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

/** From XML text to {@link MrdHeader}; the names are those of the schema {@code ismrmrd.xsd}. */
final class MrdHeaderParser {
    MrdHeader parse(String xml) throws MrdException {
        if (xml.length() > MrdHeader.MAX_XML_CHARS) {
            throw new MrdException("the XML header has " + xml.length() + " characters, more than the "
                    + MrdHeader.MAX_XML_CHARS + " allowed");
        }
        XmlElement root = XmlElement.parse("the XML header", xml.strip());
        if (!root.name().equals("ismrmrdHeader")) {
            throw new MrdException("the XML header begins with <" + root.name() + "> where <ismrmrdHeader> belongs");
        }
        List<Encoding> encodings = new ArrayList<>();
        for (XmlElement encoding : root.children("encoding")) {
            encodings.add(encoding(encoding));
        }
        Optional<XmlElement> conditions = root.child("experimentalConditions");
        return new MrdHeader(
                with(root.child("subjectInformation"), this::subject, Subject.EMPTY),
                with(root.child("studyInformation"), this::study, Study.EMPTY),
                with(root.child("measurementInformation"), this::measurement, Measurement.EMPTY),
                with(root.child("acquisitionSystemInformation"), this::system, AcquisitionSystem.EMPTY),
                with(conditions, e -> longValue(e, "H1resonanceFrequency_Hz"), OptionalLong.empty()),
                encodings,
                with(root.child("sequenceParameters"), this::sequence, SequenceParameters.EMPTY),
                with(root.child("userParameters"), this::user, UserParameters.EMPTY));
    }

    private Subject subject(XmlElement e) throws MrdException {
        return new Subject(
                e.value("patientName"),
                doubleValue(e, "patientWeight_kg"),
                e.value("patientID"),
                e.value("patientBirthdate"),
                e.value("patientGender"));
    }

    private Study study(XmlElement e) {
        return new Study(
                e.value("studyDate"),
                e.value("studyTime"),
                e.value("studyID"),
                e.value("accessionNumber"),
                e.value("referringPhysicianName"),
                e.value("studyDescription"),
                e.value("studyInstanceUID"));
    }

    private Measurement measurement(XmlElement e) throws MrdException {
        return new Measurement(
                e.value("measurementID"),
                e.value("seriesDate"),
                e.value("seriesTime"),
                e.value("patientPosition"),
                longValue(e, "initialSeriesNumber"),
                e.value("protocolName"),
                e.value("seriesDescription"),
                e.value("seriesInstanceUIDRoot"),
                e.value("frameOfReferenceUID"));
    }

    private AcquisitionSystem system(XmlElement e) throws MrdException {
        return new AcquisitionSystem(
                e.value("systemVendor"),
                e.value("systemModel"),
                doubleValue(e, "systemFieldStrength_T"),
                doubleValue(e, "relativeReceiverNoiseBandwidth"),
                u16(e, "receiverChannels"),
                e.value("institutionName"),
                e.value("stationName"),
                e.value("deviceID"));
    }

    private Encoding encoding(XmlElement e) throws MrdException {
        Map<Counter, Limit> limits = new EnumMap<>(Counter.class);
        Optional<XmlElement> limitParent = e.child("encodingLimits");
        for (Counter counter : Counter.values()) {
            Optional<XmlElement> limit =
                    limitParent.flatMap(parent -> parent.child(counter.name().toLowerCase(Locale.ROOT)));
            if (limit.isPresent()) {
                limits.put(
                        counter,
                        new Limit(
                                u16(limit.get(), "minimum").orElse(0),
                                u16(limit.get(), "maximum").orElse(0),
                                u16(limit.get(), "center").orElse(0)));
            }
        }
        Optional<XmlElement> factors = e.child("parallelImaging").flatMap(p -> p.child("accelerationFactor"));
        return new Encoding(
                space(e, "encodedSpace"),
                space(e, "reconSpace"),
                limits,
                e.value("trajectory").orElse("cartesian"),
                with(factors, f -> u16(f, "kspace_encoding_step_1").orElse(1), 1),
                with(factors, f -> u16(f, "kspace_encoding_step_2").orElse(1), 1),
                u16(e, "echoTrainLength"));
    }

    private Space space(XmlElement encoding, String name) throws MrdException {
        XmlElement space = required(encoding, name);
        XmlElement matrix = required(space, "matrixSize");
        XmlElement fieldOfView = required(space, "fieldOfView_mm");
        return new Space(
                u16(matrix, "x").orElse(1),
                u16(matrix, "y").orElse(1),
                u16(matrix, "z").orElse(1),
                doubleValue(fieldOfView, "x").orElse(0),
                doubleValue(fieldOfView, "y").orElse(0),
                doubleValue(fieldOfView, "z").orElse(0));
    }

    private SequenceParameters sequence(XmlElement e) throws MrdException {
        return new SequenceParameters(
                doubles(e, "TR"),
                doubles(e, "TE"),
                doubles(e, "TI"),
                doubles(e, "flipAngle_deg"),
                e.value("sequence_type"),
                doubles(e, "echo_spacing"));
    }

    private UserParameters user(XmlElement e) throws MrdException {
        Map<String, Long> longs = new LinkedHashMap<>();
        Map<String, Double> doubles = new LinkedHashMap<>();
        Map<String, String> strings = new LinkedHashMap<>();
        for (XmlElement p : e.children("userParameterLong")) {
            longs.put(p.value("name").orElse(""), longValue(p, "value").orElse(0));
        }
        for (XmlElement p : e.children("userParameterDouble")) {
            doubles.put(p.value("name").orElse(""), doubleValue(p, "value").orElse(0));
        }
        for (XmlElement p : e.children("userParameterString")) {
            strings.put(p.value("name").orElse(""), p.value("value").orElse(""));
        }
        return new UserParameters(longs, doubles, strings);
    }

    private static XmlElement required(XmlElement parent, String name) throws MrdException {
        Optional<XmlElement> child = parent.child(name);
        if (child.isEmpty()) {
            throw new MrdException("the XML header lacks <" + name + "> in <" + parent.name() + ">");
        }
        return child.get();
    }

    private static List<Double> doubles(XmlElement parent, String name) throws MrdException {
        List<Double> values = new ArrayList<>();
        for (XmlElement child : parent.children(name)) {
            values.add(number(name, child.text()));
        }
        return values;
    }

    private static OptionalDouble doubleValue(XmlElement parent, String name) throws MrdException {
        Optional<String> text = parent.value(name);
        return text.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(number(name, text.get()));
    }

    private static double number(String name, String text) throws MrdException {
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw bad(name, text, "a number");
        }
        if (!Double.isFinite(value)) {
            throw bad(name, text, "a finite number");
        }
        return value;
    }

    private static OptionalLong longValue(XmlElement parent, String name) throws MrdException {
        Optional<String> text = parent.value(name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text.get()));
        } catch (NumberFormatException e) {
            throw bad(name, text.get(), "an integer");
        }
    }

    private static OptionalInt u16(XmlElement parent, String name) throws MrdException {
        OptionalLong value = longValue(parent, name);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        if (value.getAsLong() < 0 || value.getAsLong() > Unsigned.MAX_16) {
            throw bad(name, parent.value(name).orElse(""), "an integer in 0.." + Unsigned.MAX_16);
        }
        return OptionalInt.of((int) value.getAsLong());
    }

    private static MrdException bad(String name, String text, String what) {
        String shown = (text.length() > 40 ? text.substring(0, 40) + "..." : text).replaceAll("\\s+", " ");
        return new MrdException("the XML header says \"" + shown + "\" for <" + name + ">, which is not " + what);
    }

    private interface Part<T> {
        T of(XmlElement element) throws MrdException;
    }

    private static <T> T with(Optional<XmlElement> element, Part<T> part, T absent) throws MrdException {
        return element.isEmpty() ? absent : part.of(element.get());
    }
}
