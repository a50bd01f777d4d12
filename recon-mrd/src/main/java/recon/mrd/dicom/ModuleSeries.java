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
import java.util.UUID;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
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
    private static final int MIN_BITS = 12;
    private final SeriesOptions options;
    private final List<Plane> planes = new ArrayList<>();
    private final MrSeries series;
    private final double lowest;
    private final double highest;
    private final boolean asTheyAre;

    /**
     * One instance.
     *
     * @param values of all planes of its image
     * @param index slice fastest, then channel; of a colour image the slice
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record Plane(ImageHeader head, MetaAttributes meta, double[] values, int index) {
        int size() {
            return head.columns() * head.rows();
        }

        int first() {
            return index * size();
        }
    }

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
        MrdHeader known = DescribedImage.withUids(header, UUID::randomUUID);
        int seriesNumber = HeaderAttributes.seriesNumber(known, options);
        for (List<Image> some : bySeries.values()) {
            ModuleSeries series = new ModuleSeries(known, some, options.withSeriesNumber(seriesNumber++));
            for (int number = 1; number <= series.planes.size(); number++) {
                DicomWriter.write(
                        DicomFile.of(series.instance(number)), directory.resolve(series.series.fileName(number)));
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
        List<ReconImage> places = new ArrayList<>();
        double low = 0;
        double high = 0;
        for (Plane plane : planes) {
            places.add(DescribedImage.geometry(plane.head(), plane.index(), new float[plane.size()]));
            for (int i = plane.first(); i < plane.first() + plane.size(); i++) {
                double value = plane.values()[i];
                if (Double.isFinite(value)) {
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                }
            }
        }
        this.lowest = low;
        this.highest = high;
        this.asTheyAre = whole && (low < 0 ? low >= Short.MIN_VALUE && high <= Short.MAX_VALUE : high <= 0xffff);
        this.series = new MrSeries(header, places, described(header));
    }

    private void addPlanes(Image image) throws MrdException {
        ImageHeader head = image.head();
        if (head.pixels() == 0) {
            throw new MrdException("an image of " + head.columns() + " x " + head.rows() + " x " + head.slices()
                    + " pixels of " + head.channels() + " channels cannot be written as DICOM");
        }
        MetaAttributes meta = MetaAttributes.parse(image.attributes());
        double[] values = image.valuesOrMagnitudes();
        for (int index = 0; index < head.planes(); index++) {
            planes.add(new Plane(head, meta, values, index));
        }
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
        to.putText(
                Attribute.ImageType,
                "ORIGINAL",
                "PRIMARY",
                DescribedImage.TYPES.getOrDefault(plane.head().imageType(), "M"));
        plane.meta()
                .first("ImageComments")
                .or(() -> plane.meta().first("ImageComment"))
                .ifPresent(text -> HeaderAttributes.type3(to, Attribute.ImageComments, Optional.of(text)));
        if (plane.head().isColour()) {
            StoredPixels.putColour(
                    to,
                    plane.values(),
                    plane.first(),
                    plane.size(),
                    plane.head().slices() * plane.size());
        } else if (asTheyAre) {
            putAsTheyAre(to, plane);
        } else {
            putScaled(to, plane);
        }
        return to;
    }

    private void putAsTheyAre(DataSet to, Plane plane) {
        boolean signed = lowest < 0;
        int largest = (int) Math.max(highest, -lowest - 1);
        int bits = Math.max(MIN_BITS, Integer.SIZE - Integer.numberOfLeadingZeros(largest) + (signed ? 1 : 0));
        putBits(to, bits, signed);
        window(to, plane.meta());
        ByteBuffer bytes = ByteBuffer.allocate(2 * plane.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = plane.first(); i < plane.first() + plane.size(); i++) {
            bytes.putShort((short) (int) plane.values()[i]);
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
    private void putScaled(DataSet to, Plane plane) {
        int largest = (1 << options.bitsStored()) - 1;
        double scale = highest > lowest ? largest / (highest - lowest) : 0;
        ByteBuffer bytes = ByteBuffer.allocate(2 * plane.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = plane.first(); i < plane.first() + plane.size(); i++) {
            double value = plane.values()[i];
            // Not a number becomes 0 by the cast, an infinite pixel one end of the range.
            bytes.putShort((short) (int) Math.max(0, Math.min(largest, Math.rint((value - lowest) * scale))));
        }
        to.putBytes(Attribute.PixelData, bytes.array());
    }

    private static void putBits(DataSet to, int bits, boolean signed) {
        to.putInts(Attribute.BitsStored, bits);
        to.putInts(Attribute.HighBit, bits - 1);
        to.putInts(Attribute.PixelRepresentation, signed ? 1 : 0);
    }
}
