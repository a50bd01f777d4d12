package recon.mrd.dicom;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.mrd.format.Image;
import recon.mrd.format.ImageSeries;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;

/**
 * The images that a module made of a job, as DICOM: those of one {@code image_series_index} as one series, an instance for
 * each slice and channel. Pixels are stored as {@link StoredPixels} says, in {@code bits_stored} bits where they are scaled.
 * Colours become Secondary Capture (PS3.3 A.8.1), since MR Image Storage is grey.
 */
public final class ModuleSeries {
    private static final Logger log = LoggerFactory.getLogger(ModuleSeries.class);

    private ModuleSeries() {}

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
        for (Map.Entry<Integer, List<Image>> some : bySeries.entrySet()) {
            ImageSeries series = ImageSeries.of("image_" + some.getKey(), some.getValue());
            write(known, series, options.withSeriesNumber(seriesNumber++), directory);
        }
        return bySeries.size();
    }

    private static void write(MrdHeader header, ImageSeries series, SeriesOptions options, Path directory)
            throws IOException {
        StoredPixels scale = StoredPixels.of(series, options.bitsStored());
        LocalDateTime now = LocalDateTime.now(ZoneId.systemDefault());
        DescribedImage described = new DescribedImage(header, series, options, UUID::randomUUID, now, log::warn);
        int number = 0;
        for (int i = 0; i < series.count(); i++) {
            Image image = series.image(i);
            MetaAttributes meta = MetaAttributes.parse(image.attributes());
            double[] values = image.valuesOrMagnitudes();
            for (int plane = 0; plane < image.head().planes(); plane++) {
                number++;
                DataSet to = described.dataSet(image, meta, values, scale, plane, number);
                DicomWriter.write(DicomFile.of(to), directory.resolve(described.fileName(number)));
            }
        }
    }
}
