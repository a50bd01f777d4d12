package recon.mrd.dicom;

import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import recon.mrd.format.MrdHeader;
import recon.mrd.recon.ReconImage;

/** The MR Image module (PS3.3 C.8.3.1): how and when an image was acquired. */
final class MrAttributes {
    static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss.SSSSSS");
    private static final double TICK_MS = 2.5;
    private static final long TICKS_PER_DAY = 24L * 60 * 60 * 400;

    private final MrdHeader header;
    private final SeriesExtent extent;
    private final SequenceKind sequence;

    MrAttributes(MrdHeader header, SeriesExtent extent) {
        this.header = header;
        this.extent = extent;
        this.sequence = SequenceKind.of(header.sequence());
    }

    void put(DataSet to, ReconImage image) {
        acquisition(to, image);
        timing(to, image);
    }

    private void acquisition(DataSet to, ReconImage image) {
        MrdHeader.SequenceParameters parameters = header.sequence();
        Optional<MrdHeader.Encoding> encoding = header.encodings().stream().findFirst();
        int contrast = image.counters().contrast();
        to.putText(Attribute.ScanningSequence, sequence.scanning().toArray(String[]::new));
        to.putText(Attribute.SequenceVariant, sequence.variant().toArray(String[]::new));
        boolean gated = extent.phases() > 1;
        HeaderAttributes.type2(to, Attribute.ScanOptions, gated ? Optional.of("CG") : Optional.empty());
        // Not by the header: some writers give the number of 2D slices as z of the encoded matrix.
        to.putText(Attribute.MRAcquisitionType, image.partitions() > 1 ? "3D" : "2D");
        nth(to, Attribute.RepetitionTime, parameters.repetitionTimesMs(), contrast, true);
        nth(to, Attribute.EchoTime, parameters.echoTimesMs(), contrast, true);
        if (sequence.scanning().contains("IR")) {
            nth(to, Attribute.InversionTime, parameters.inversionTimesMs(), contrast, true);
        }
        nth(to, Attribute.FlipAngle, parameters.flipAnglesDeg(), contrast, false);
        to.putEmpty(Attribute.EchoTrainLength);
        encoding.ifPresent(e -> e.echoTrainLength().ifPresent(n -> to.putInts(Attribute.EchoTrainLength, n)));
        to.putInts(Attribute.EchoNumbers, contrast + 1);
        to.putText(Attribute.InPlanePhaseEncodingDirection, "COL");
        header.h1ResonanceFrequencyHz().ifPresent(hz -> {
            if (hz > 0) {
                to.putDecimals(Attribute.ImagingFrequency, hz / 1e6);
                to.putText(Attribute.ImagedNucleus, "1H");
            }
        });
    }

    /** The value for this contrast, or the last one where the header lists fewer. */
    private static void nth(DataSet to, Attribute attribute, List<Double> values, int contrast, boolean evenIfEmpty) {
        if (evenIfEmpty) {
            to.putEmpty(attribute);
        }
        if (!values.isEmpty()) {
            double value = values.get(Math.min(contrast, values.size() - 1));
            if (Double.isFinite(value)) {
                to.putDecimals(attribute, value);
            }
        }
    }

    private void timing(DataSet to, ReconImage image) {
        int repetition = image.counters().repetition();
        int phase = image.counters().phase();
        to.putInts(Attribute.AcquisitionNumber, repetition + 1);
        int positions = extent.repetitions() * extent.phases();
        if (positions > 1) {
            to.putInts(Attribute.TemporalPositionIdentifier, repetition * extent.phases() + phase + 1);
            to.putInts(Attribute.NumberOfTemporalPositions, positions);
        }
        long ticks = image.acquisitionTimeStamp();
        if (ticks > 0 && ticks < TICKS_PER_DAY) {
            LocalTime time = LocalTime.ofNanoOfDay(Math.round(ticks * TICK_MS * 1e6));
            to.putText(Attribute.AcquisitionTime, TIME.format(time));
        }
        if (extent.phases() > 1 && !image.physiologyTimeStamp().isEmpty()) {
            to.putDecimals(Attribute.TriggerTime, image.physiologyTimeStamp().get(0) * TICK_MS);
        }
    }
}
