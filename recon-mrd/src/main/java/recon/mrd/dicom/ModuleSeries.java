package recon.mrd.dicom;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import recon.mrd.format.EncodingCounters;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageType;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.PixelType;
import recon.mrd.recon.ReconImage;

/**
 * The images of one {@code image_series_index} that a module made, as one DICOM series: an instance for each slice and
 * channel. Whole numbers that fit into 16 bits are stored as they are; all else is scaled, so that the largest pixel of
 * the series becomes 2^bitsStored - 1 and the smallest, if it is below 0, becomes 0. Of complex pixels the magnitude is
 * stored. Colours become Secondary Capture (PS3.3 A.8.1), since MR Image Storage is grey. Not thread-safe.
 */
public final class ModuleSeries {
    private static final MrdHeader NO_HEADER = new MrdHeader(
            MrdHeader.Subject.EMPTY,
            MrdHeader.Study.EMPTY,
            MrdHeader.Measurement.EMPTY,
            MrdHeader.AcquisitionSystem.EMPTY,
            OptionalLong.empty(),
            List.of(),
            MrdHeader.SequenceParameters.EMPTY,
            MrdHeader.UserParameters.EMPTY);
    private static final int RGB_CHANNELS = 3;
    private static final int MIN_BITS = 12;
    private static final Map<Integer, String> TYPES =
            Map.of(ImageType.PHASE, "P", ImageType.REAL, "R", ImageType.IMAGINARY, "I");

    private final SeriesOptions options;
    private final List<Plane> planes = new ArrayList<>();
    private final MrSeries series;
    private final double lowest;
    private final double highest;
    private final boolean asTheyAre;

    /** One instance: its pixels, of a colour image all three channels one behind the other. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Plane(ReconImage place, int imageType, MetaAttributes meta, float[] pixels, boolean isColour) {}

    /**
     * Writes images into an existing directory, those of each {@code image_series_index} as a series of its own; their
     * numbers follow each other. All are of one study.
     *
     * @param header of the images, if there is one
     * @return number of series
     * @throws MrdException if an image is empty or its attributes are damaged
     */
    public static int write(Optional<MrdHeader> header, List<Image> images, SeriesOptions options, Path directory)
            throws IOException {
        Map<Integer, List<Image>> bySeries = new LinkedHashMap<>();
        for (Image image : images) {
            bySeries.computeIfAbsent(image.head().imageSeriesIndex(), index -> new ArrayList<>())
                    .add(image);
        }
        MrdHeader known = header.orElse(NO_HEADER);
        int seriesNumber = HeaderAttributes.seriesNumber(known, options);
        Optional<DataSet> first = Optional.empty();
        for (List<Image> some : bySeries.values()) {
            ModuleSeries series = new ModuleSeries(known, some, options.withSeriesNumber(seriesNumber++));
            for (int number = 1; number <= series.planes.size(); number++) {
                DataSet to = series.instance(number);
                first = first.or(() -> Optional.of(to));
                for (Attribute shared : List.of(Attribute.StudyInstanceUID, Attribute.FrameOfReferenceUID)) {
                    to.putText(shared, first.get().text(shared).orElseThrow());
                }
                DicomWriter.write(DicomFile.of(to), directory.resolve(series.series.fileName(number)));
            }
        }
        return bySeries.size();
    }

    private ModuleSeries(MrdHeader header, List<Image> images, SeriesOptions options) throws MrdException {
        this.options = options;
        boolean whole = true;
        for (Image image : images) {
            whole &= !image.head().pixelType().isComplex()
                    && image.head().pixelType() != PixelType.F32
                    && image.head().pixelType() != PixelType.F64;
            addPlanes(image);
        }
        double low = 0;
        double high = 0;
        for (Plane plane : planes) {
            for (float value : plane.pixels()) {
                if (Float.isFinite(value)) {
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                }
            }
        }
        this.lowest = low;
        this.highest = high;
        this.asTheyAre = whole && (low < 0 ? low >= Short.MIN_VALUE && high <= Short.MAX_VALUE : high <= 0xffff);
        this.series = new MrSeries(header, planes.stream().map(Plane::place).toList(), described(header));
    }

    private void addPlanes(Image image) throws MrdException {
        ImageHeader head = image.head();
        int size = head.columns() * head.rows();
        if (size == 0 || head.slices() == 0 || head.channels() == 0) {
            throw new MrdException("an image of " + head.columns() + " x " + head.rows() + " x " + head.slices()
                    + " pixels of " + head.channels() + " channels cannot be written as DICOM");
        }
        MetaAttributes meta = MetaAttributes.parse(image.attributes());
        boolean colour = head.imageType() == ImageType.RGB && head.channels() == RGB_CHANNELS;
        float[] values = magnitudes(image);
        for (int channel = 0; channel < (colour ? 1 : head.channels()); channel++) {
            for (int slice = 0; slice < head.slices(); slice++) {
                float[] pixels = new float[colour ? RGB_CHANNELS * size : size];
                for (int part = 0; part < pixels.length / size; part++) {
                    int from = ((channel + part) * head.slices() + slice) * size;
                    System.arraycopy(values, from, pixels, part * size, size);
                }
                planes.add(new Plane(place(head, slice, size), head.imageType(), meta, pixels, colour));
            }
        }
    }

    private static float[] magnitudes(Image image) throws MrdException {
        PixelType type = image.head().pixelType();
        float[] magnitudes = new float[image.pixels().length / type.bytes()];
        if (type.isComplex()) {
            ByteBuffer in = image.buffer();
            for (int i = 0; i < magnitudes.length; i++) {
                magnitudes[i] = (float)
                        (type == PixelType.COMPLEX_F32
                                ? Math.hypot(in.getFloat(), in.getFloat())
                                : Math.hypot(in.getDouble(), in.getDouble()));
            }
            return magnitudes;
        }
        double[] values = image.values();
        for (int i = 0; i < magnitudes.length; i++) {
            magnitudes[i] = (float) values[i];
        }
        return magnitudes;
    }

    private static ReconImage place(ImageHeader head, int slice, int size) {
        double thicknessMm = (double) head.fieldOfViewMm().z() / head.slices();
        double offsetMm = (slice - (head.slices() - 1) / 2.0) * thicknessMm;
        return new ReconImage(
                head.columns(),
                head.rows(),
                new float[size],
                head.positionMm().plus(head.sliceDirection().times(offsetMm)),
                head.readDirection(),
                head.phaseDirection(),
                head.sliceDirection(),
                (double) head.fieldOfViewMm().x() / head.columns(),
                (double) head.fieldOfViewMm().y() / head.rows(),
                thicknessMm,
                new EncodingCounters(
                        0,
                        0,
                        head.average(),
                        head.slice(),
                        head.contrast(),
                        head.phase(),
                        head.repetition(),
                        head.set(),
                        0),
                slice,
                head.slices(),
                head.acquisitionTimeStamp(),
                head.physiologyTimeStamp());
    }

    /** The description with what the module adds to it. */
    private SeriesOptions described(MrdHeader header) {
        MetaAttributes meta =
                planes.isEmpty() ? new MetaAttributes() : planes.get(0).meta();
        Optional<String> plain = options.seriesDescription()
                .or(() -> meta.first("SeriesDescription"))
                .or(() -> header.measurement().seriesDescription())
                .or(() -> header.measurement().protocolName());
        Optional<String> addition = meta.first("SequenceDescriptionAdditional");
        return options.withSeriesDescription(
                addition.isEmpty()
                        ? plain
                        : Optional.of(plain.map(text -> text + "_").orElse("") + addition.get()));
    }

    /** @param number from 1 on */
    private DataSet instance(int number) {
        Plane plane = planes.get(number - 1);
        DataSet to = series.instance(number).content();
        to.putText(Attribute.ImageType, "ORIGINAL", "PRIMARY", TYPES.getOrDefault(plane.imageType(), "M"));
        plane.meta()
                .first("ImageComments")
                .or(() -> plane.meta().first("ImageComment"))
                .ifPresent(text -> HeaderAttributes.type3(to, Attribute.ImageComments, Optional.of(text)));
        if (plane.isColour()) {
            putColours(to, plane.pixels());
        } else if (asTheyAre) {
            putAsTheyAre(to, plane);
        } else {
            putScaled(to, plane.pixels());
        }
        return to;
    }

    private void putAsTheyAre(DataSet to, Plane plane) {
        boolean signed = lowest < 0;
        int largest = (int) Math.max(highest, -lowest - 1);
        int bits = Math.max(MIN_BITS, Integer.SIZE - Integer.numberOfLeadingZeros(largest) + (signed ? 1 : 0));
        putBits(to, bits, signed);
        window(to, plane.meta());
        ByteBuffer bytes = ByteBuffer.allocate(2 * plane.pixels().length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : plane.pixels()) {
            bytes.putShort((short) (int) value);
        }
        to.putBytes(Attribute.PixelData, bytes.array());
    }

    /** What was asked for, else what the module says, else all that there is. */
    private void window(DataSet to, MetaAttributes meta) {
        double center = number(meta, "WindowCenter", (lowest + highest + 1) / 2);
        double width = number(meta, "WindowWidth", highest - lowest + 1);
        to.putDecimals(Attribute.WindowCenter, options.windowCenter().orElse(center));
        to.putDecimals(Attribute.WindowWidth, options.windowWidth().orElse(Math.max(1, width)));
    }

    private static double number(MetaAttributes meta, String name, double otherwise) {
        try {
            double value = meta.first(name).map(Double::parseDouble).orElse(otherwise);
            return Double.isFinite(value) ? value : otherwise;
        } catch (NumberFormatException e) {
            return otherwise; // a module's window that is no number is no reason to lose its image
        }
    }

    /** {@link MrSeries} has put bits and window of the range that is asked for. */
    private void putScaled(DataSet to, float[] pixels) {
        int largest = (1 << options.bitsStored()) - 1;
        double scale = highest > lowest ? largest / (highest - lowest) : 0;
        ByteBuffer bytes = ByteBuffer.allocate(2 * pixels.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : pixels) {
            // Not a number becomes 0 by the cast, an infinite pixel one end of the range.
            bytes.putShort((short) (int) Math.max(0, Math.min(largest, Math.rint((value - lowest) * scale))));
        }
        to.putBytes(Attribute.PixelData, bytes.array());
    }

    private static void putColours(DataSet to, float[] pixels) {
        int size = pixels.length / RGB_CHANNELS;
        byte[] bytes = new byte[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            bytes[i % size * RGB_CHANNELS + i / size] = (byte) (int) Math.max(0, Math.min(255, pixels[i]));
        }
        to.putText(Attribute.SOPClassUID, Uid.SECONDARY_CAPTURE_IMAGE_STORAGE);
        to.putText(Attribute.ConversionType, "WSD");
        to.putEmpty(Attribute.PatientOrientation); // required, if empty, where there is no Image Plane module
        to.putInts(Attribute.SamplesPerPixel, RGB_CHANNELS);
        to.putText(Attribute.PhotometricInterpretation, "RGB");
        to.putInts(Attribute.PlanarConfiguration, 0);
        to.putInts(Attribute.BitsAllocated, 8);
        to.putInts(Attribute.BitsStored, 8);
        to.putInts(Attribute.HighBit, 7);
        to.put(new Element.Value(Attribute.PixelData.tag(), Vr.OB, bytes));
        to.remove(Attribute.WindowCenter);
        to.remove(Attribute.WindowWidth);
    }

    private static void putBits(DataSet to, int bits, boolean signed) {
        to.putInts(Attribute.BitsStored, bits);
        to.putInts(Attribute.HighBit, bits - 1);
        to.putInts(Attribute.PixelRepresentation, signed ? 1 : 0);
    }
}
