package recon.mrd.dicom;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import recon.mrd.format.MrdHeader;

/** The attributes of the modules Patient, General Study, General Series and General Equipment from an XML header. */
final class HeaderAttributes {
    private static final Pattern XML_DATE = Pattern.compile("([0-9]{4})-([0-9]{2})-([0-9]{2}).*");
    private static final Pattern XML_TIME =
            Pattern.compile("([0-9]{2}):([0-9]{2}):([0-9]{2})(\\.[0-9]{1,6})?[0-9]*(Z|[+-][0-9:]+)?");

    private static final Set<String> SEXES = Set.of("M", "F", "O");
    private static final Set<String> POSITIONS = Set.of("HFP", "HFS", "HFDR", "HFDL", "FFP", "FFS", "FFDR", "FFDL");

    private HeaderAttributes() {}

    static void put(DataSet to, MrdHeader header, SeriesOptions options) {
        patient(to, header.subject(), options);
        study(to, header.study(), options);
        series(to, header, options);
        equipment(to, header.system());
    }

    private static void patient(DataSet to, MrdHeader.Subject subject, SeriesOptions options) {
        type2(to, Attribute.PatientName, options.patientName().or(subject::patientName));
        type2(to, Attribute.PatientID, options.patientId().or(subject::patientId));
        type2(to, Attribute.PatientBirthDate, date(subject.birthdate()));
        type2(to, Attribute.PatientSex, subject.gender().filter(SEXES::contains));
        positive(to, Attribute.PatientWeight, subject.weightKg());
    }

    private static void study(DataSet to, MrdHeader.Study study, SeriesOptions options) {
        type2(to, Attribute.StudyDate, date(study.date()));
        type2(to, Attribute.StudyTime, time(study.time()));
        type2(to, Attribute.StudyID, study.studyId());
        type2(to, Attribute.AccessionNumber, study.accessionNumber());
        type2(to, Attribute.ReferringPhysicianName, study.referringPhysicianName());
        type3(to, Attribute.StudyDescription, options.studyDescription().or(study::description));
    }

    private static void series(DataSet to, MrdHeader header, SeriesOptions options) {
        MrdHeader.Measurement measurement = header.measurement();
        to.putText(Attribute.Modality, "MR");
        to.putEmpty(Attribute.Laterality); // required, if empty, as long as no body part is named
        to.putInts(Attribute.SeriesNumber, seriesNumber(header, options));
        type3(to, Attribute.SeriesDate, date(measurement.seriesDate()));
        type3(to, Attribute.SeriesTime, time(measurement.seriesTime()));
        // The date that belongs to the readouts' times of day.
        type3(
                to,
                Attribute.AcquisitionDate,
                date(measurement.seriesDate()).or(() -> date(header.study().date())));
        type3(
                to,
                Attribute.SeriesDescription,
                options.seriesDescription().or(measurement::seriesDescription).or(measurement::protocolName));
        type3(to, Attribute.ProtocolName, measurement.protocolName());
        type2(to, Attribute.PatientPosition, measurement.patientPosition().filter(POSITIONS::contains));
    }

    /** The series' number: what was asked for, what the header says, or 1. */
    static int seriesNumber(MrdHeader header, SeriesOptions options) {
        OptionalInt asked = options.seriesNumber();
        long initial = header.measurement().initialSeriesNumber().orElse(1);
        return asked.orElse(initial >= 0 && initial <= Integer.MAX_VALUE ? (int) initial : 1);
    }

    private static void equipment(DataSet to, MrdHeader.AcquisitionSystem system) {
        type2(to, Attribute.Manufacturer, system.vendor());
        type3(to, Attribute.ManufacturerModelName, system.model());
        type3(to, Attribute.InstitutionName, system.institutionName());
        type3(to, Attribute.StationName, system.stationName());
        type3(to, Attribute.DeviceSerialNumber, system.deviceId());
        positive(to, Attribute.MagneticFieldStrength, system.fieldStrengthT());
    }

    /** Present even where nothing is known. */
    static void type2(DataSet to, Attribute attribute, Optional<String> text) {
        to.putEmpty(attribute);
        type3(to, attribute, text);
    }

    /** Left out where nothing is known or the text cannot be made to fit. */
    static void type3(DataSet to, Attribute attribute, Optional<String> text) {
        text.flatMap(value -> TextFit.fit(attribute.vr(), value)).ifPresent(value -> to.putText(attribute, value));
    }

    private static void positive(DataSet to, Attribute attribute, OptionalDouble value) {
        value.ifPresent(number -> {
            if (number > 0 && Double.isFinite(number)) {
                to.putDecimals(attribute, number);
            }
        });
    }

    private static Optional<String> date(Optional<String> xml) {
        return xml.map(XML_DATE::matcher).filter(Matcher::matches).map(m -> m.group(1) + m.group(2) + m.group(3));
    }

    private static Optional<String> time(Optional<String> xml) {
        return xml.map(XML_TIME::matcher)
                .filter(Matcher::matches)
                .map(m -> m.group(1) + m.group(2) + m.group(3) + (m.group(4) == null ? "" : m.group(4)));
    }
}
