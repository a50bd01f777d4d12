package recon.mrd.dicom;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.MrdHeader;

/** The XML header for images that come from DICOM, as the first of them tells it. */
final class HeaderFromDicom {
    private static final double PROTON_HZ_PER_TESLA = 42.58e6;
    private static final Pattern DATE = Pattern.compile("([0-9]{4})([0-9]{2})([0-9]{2})");
    private static final Pattern TIME = Pattern.compile("([0-9]{2})([0-9]{2})([0-9]{2})(\\.[0-9]{1,6})?");

    private HeaderFromDicom() {}

    static MrdHeader of(DataSet from) throws DicomFormatException {
        return new MrdHeader(
                subject(from),
                study(from),
                measurement(from),
                system(from),
                frequency(from),
                List.of(encoding(from)),
                sequence(from),
                MrdHeader.UserParameters.EMPTY);
    }

    private static MrdHeader.Subject subject(DataSet from) {
        return new MrdHeader.Subject(
                text(from, Attribute.PatientName),
                from.decimal(Attribute.PatientWeight),
                text(from, Attribute.PatientID),
                date(from, Attribute.PatientBirthDate),
                text(from, Attribute.PatientSex).filter(List.of("M", "F", "O")::contains));
    }

    private static MrdHeader.Study study(DataSet from) {
        return new MrdHeader.Study(
                date(from, Attribute.StudyDate),
                time(from, Attribute.StudyTime),
                text(from, Attribute.StudyID),
                text(from, Attribute.AccessionNumber),
                text(from, Attribute.ReferringPhysicianName),
                text(from, Attribute.StudyDescription),
                text(from, Attribute.StudyInstanceUID));
    }

    private static MrdHeader.Measurement measurement(DataSet from) {
        OptionalInt number = from.integer(Attribute.SeriesNumber);
        return new MrdHeader.Measurement(
                text(from, Attribute.SeriesInstanceUID),
                date(from, Attribute.SeriesDate),
                time(from, Attribute.SeriesTime),
                // Other programs do not read a measurement without one.
                text(from, Attribute.PatientPosition).or(() -> Optional.of("HFS")),
                number.isPresent() && number.getAsInt() >= 0
                        ? OptionalLong.of(number.getAsInt())
                        : OptionalLong.empty(),
                text(from, Attribute.SeriesDescription),
                text(from, Attribute.SeriesDescription),
                Optional.empty(),
                text(from, Attribute.FrameOfReferenceUID));
    }

    private static MrdHeader.AcquisitionSystem system(DataSet from) {
        return new MrdHeader.AcquisitionSystem(
                text(from, Attribute.Manufacturer),
                text(from, Attribute.ManufacturerModelName),
                from.decimal(Attribute.MagneticFieldStrength),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                text(from, Attribute.InstitutionName),
                text(from, Attribute.StationName),
                text(from, Attribute.DeviceSerialNumber));
    }

    private static OptionalLong frequency(DataSet from) {
        OptionalDouble mhz = from.decimal(Attribute.ImagingFrequency);
        OptionalDouble tesla = from.decimal(Attribute.MagneticFieldStrength);
        if (mhz.isPresent() && text(from, Attribute.ImagedNucleus).orElse("1H").equals("1H")) {
            return OptionalLong.of(Math.round(mhz.getAsDouble() * 1e6));
        }
        return tesla.isPresent()
                ? OptionalLong.of(Math.round(tesla.getAsDouble() * PROTON_HZ_PER_TESLA))
                : OptionalLong.empty();
    }

    private static MrdHeader.Encoding encoding(DataSet from) throws DicomFormatException {
        ImageHeader head = ImageFromDicom.head(from).build();
        MrdHeader.Space space = new MrdHeader.Space(
                head.columns(),
                head.rows(),
                1,
                head.fieldOfViewMm().x(),
                head.fieldOfViewMm().y(),
                head.fieldOfViewMm().z());
        return new MrdHeader.Encoding(
                space, space, Map.of(), "cartesian", 1, 1, from.integer(Attribute.EchoTrainLength));
    }

    private static MrdHeader.SequenceParameters sequence(DataSet from) {
        return new MrdHeader.SequenceParameters(
                list(from, Attribute.RepetitionTime),
                list(from, Attribute.EchoTime),
                list(from, Attribute.InversionTime),
                list(from, Attribute.FlipAngle),
                text(from, Attribute.SequenceName),
                List.of());
    }

    private static List<Double> list(DataSet from, Attribute attribute) {
        OptionalDouble value = from.decimal(attribute);
        return value.isPresent() ? List.of(value.getAsDouble()) : List.of();
    }

    private static Optional<String> date(DataSet from, Attribute attribute) {
        return text(from, attribute)
                .map(DATE::matcher)
                .filter(Matcher::matches)
                .map(m -> m.group(1) + "-" + m.group(2) + "-" + m.group(3));
    }

    private static Optional<String> time(DataSet from, Attribute attribute) {
        return text(from, attribute)
                .map(TIME::matcher)
                .filter(Matcher::matches)
                .map(m -> m.group(1) + ":" + m.group(2) + ":" + m.group(3) + (m.group(4) == null ? "" : m.group(4)));
    }

    /** What XML has no place for, such as the escapes of a Japanese name, becomes a question mark. */
    private static Optional<String> text(DataSet from, Attribute attribute) {
        return from.text(attribute).map(text -> {
            StringBuilder out = new StringBuilder(text.length());
            text.codePoints()
                    .map(c -> Character.isISOControl(c) || c == 0xfffe || c == 0xffff ? '?' : c)
                    .forEach(out::appendCodePoint);
            return out.toString();
        });
    }
}
