package recon.mrd.format;

import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import recon.mrd.format.MrdHeader.Counter;
import recon.mrd.format.MrdHeader.Encoding;
import recon.mrd.format.MrdHeader.Limit;
import recon.mrd.format.MrdHeader.Space;

/** From {@link MrdHeader} to XML, with the elements in the order that the schema {@code ismrmrd.xsd} demands. */
final class MrdHeaderWriter {
    private static final String NAMESPACE = "http://www.ismrm.org/ISMRMRD";

    private final StringWriter text = new StringWriter();
    private XMLStreamWriter xml;

    String write(MrdHeader header) {
        try {
            xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("1.0");
            xml.writeStartElement("ismrmrdHeader");
            xml.writeDefaultNamespace(NAMESPACE);
            subject(header.subject());
            study(header.study());
            measurement(header.measurement());
            system(header.system());
            // The schema demands this element; 0 says not known.
            start("experimentalConditions");
            element("H1resonanceFrequency_Hz", header.h1ResonanceFrequencyHz().orElse(0));
            end();
            for (Encoding encoding : header.encodings()) {
                encoding(encoding);
            }
            sequence(header.sequence());
            user(header.user());
            xml.writeEndDocument();
            xml.close();
            return text.toString();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("cannot write XML to memory", e);
        }
    }

    private void subject(MrdHeader.Subject s) throws XMLStreamException {
        if (!s.equals(MrdHeader.Subject.EMPTY)) {
            start("subjectInformation");
            element("patientName", s.patientName());
            element("patientWeight_kg", s.weightKg());
            element("patientID", s.patientId());
            element("patientBirthdate", s.birthdate());
            element("patientGender", s.gender());
            end();
        }
    }

    private void study(MrdHeader.Study s) throws XMLStreamException {
        if (!s.equals(MrdHeader.Study.EMPTY)) {
            start("studyInformation");
            element("studyDate", s.date());
            element("studyTime", s.time());
            element("studyID", s.studyId());
            element("accessionNumber", s.accessionNumber());
            element("referringPhysicianName", s.referringPhysicianName());
            element("studyDescription", s.description());
            element("studyInstanceUID", s.instanceUid());
            end();
        }
    }

    private void measurement(MrdHeader.Measurement m) throws XMLStreamException {
        if (!m.equals(MrdHeader.Measurement.EMPTY)) {
            start("measurementInformation");
            element("measurementID", m.measurementId());
            element("seriesDate", m.seriesDate());
            element("seriesTime", m.seriesTime());
            element("patientPosition", m.patientPosition());
            element("initialSeriesNumber", m.initialSeriesNumber());
            element("protocolName", m.protocolName());
            element("seriesDescription", m.seriesDescription());
            element("seriesInstanceUIDRoot", m.seriesInstanceUidRoot());
            element("frameOfReferenceUID", m.frameOfReferenceUid());
            end();
        }
    }

    private void system(MrdHeader.AcquisitionSystem s) throws XMLStreamException {
        if (!s.equals(MrdHeader.AcquisitionSystem.EMPTY)) {
            start("acquisitionSystemInformation");
            element("systemVendor", s.vendor());
            element("systemModel", s.model());
            element("systemFieldStrength_T", s.fieldStrengthT());
            element("relativeReceiverNoiseBandwidth", s.relativeReceiverNoiseBandwidth());
            element("receiverChannels", s.receiverChannels());
            element("institutionName", s.institutionName());
            element("stationName", s.stationName());
            element("deviceID", s.deviceId());
            end();
        }
    }

    private void encoding(Encoding e) throws XMLStreamException {
        start("encoding");
        space("encodedSpace", e.encodedSpace());
        space("reconSpace", e.reconSpace());
        start("encodingLimits");
        for (Counter counter : Counter.values()) {
            Optional<Limit> limit = e.limit(counter);
            if (limit.isPresent()) {
                start(counter.name().toLowerCase(Locale.ROOT));
                element("minimum", limit.get().minimum());
                element("maximum", limit.get().maximum());
                element("center", limit.get().center());
                end();
            }
        }
        end();
        element("trajectory", Optional.of(e.trajectory()));
        if (e.accelerationFactor1() != 1 || e.accelerationFactor2() != 1) {
            start("parallelImaging");
            start("accelerationFactor");
            element("kspace_encoding_step_1", e.accelerationFactor1());
            element("kspace_encoding_step_2", e.accelerationFactor2());
            end();
            end();
        }
        element("echoTrainLength", e.echoTrainLength());
        end();
    }

    private void space(String name, Space space) throws XMLStreamException {
        start(name);
        start("matrixSize");
        element("x", space.x());
        element("y", space.y());
        element("z", space.z());
        end();
        start("fieldOfView_mm");
        element("x", OptionalDouble.of(space.fieldOfViewXMm()));
        element("y", OptionalDouble.of(space.fieldOfViewYMm()));
        element("z", OptionalDouble.of(space.fieldOfViewZMm()));
        end();
        end();
    }

    private void sequence(MrdHeader.SequenceParameters s) throws XMLStreamException {
        if (!s.equals(MrdHeader.SequenceParameters.EMPTY)) {
            start("sequenceParameters");
            elements("TR", s.repetitionTimesMs());
            elements("TE", s.echoTimesMs());
            elements("TI", s.inversionTimesMs());
            elements("flipAngle_deg", s.flipAnglesDeg());
            element("sequence_type", s.sequenceType());
            elements("echo_spacing", s.echoSpacingsMs());
            end();
        }
    }

    private void user(MrdHeader.UserParameters u) throws XMLStreamException {
        if (!u.equals(MrdHeader.UserParameters.EMPTY)) {
            start("userParameters");
            parameters("userParameterLong", u.longs());
            parameters("userParameterDouble", u.doubles());
            parameters("userParameterString", u.strings());
            end();
        }
    }

    private void parameters(String kind, Map<String, ?> values) throws XMLStreamException {
        // Sorted, so that the same header always gives the same text.
        for (Map.Entry<String, ?> entry : new TreeMap<>(values).entrySet()) {
            start(kind);
            element("name", Optional.of(entry.getKey()));
            element("value", Optional.of(entry.getValue().toString()));
            end();
        }
    }

    private void elements(String name, List<Double> values) throws XMLStreamException {
        for (double value : values) {
            element(name, OptionalDouble.of(value));
        }
    }

    private void element(String name, long value) throws XMLStreamException {
        element(name, Optional.of(Long.toString(value)));
    }

    private void element(String name, OptionalLong value) throws XMLStreamException {
        if (value.isPresent()) {
            element(name, value.getAsLong());
        }
    }

    private void element(String name, OptionalInt value) throws XMLStreamException {
        if (value.isPresent()) {
            element(name, value.getAsInt());
        }
    }

    private void element(String name, OptionalDouble value) throws XMLStreamException {
        if (value.isPresent()) {
            element(name, Optional.of(Double.toString(value.getAsDouble())));
        }
    }

    private void element(String name, Optional<String> value) throws XMLStreamException {
        if (value.isPresent()) {
            start(name);
            xml.writeCharacters(value.get());
            end();
        }
    }

    private void start(String name) throws XMLStreamException {
        xml.writeStartElement(name);
    }

    private void end() throws XMLStreamException {
        xml.writeEndElement();
    }
}
