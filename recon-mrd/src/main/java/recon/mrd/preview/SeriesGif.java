package recon.mrd.preview;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import javax.imageio.stream.FileImageOutputStream;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageSeries;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdException;

/**
 * An animation of the images of a series, one frame for each slice and channel, 40 ms each, for ever. Grey values go from
 * WindowCenter - WindowWidth / 2 to WindowCenter + WindowWidth / 2 where an image says so, else from the median of all
 * images' 5th percentiles to that of their 95th ones. Holds one image at a time in memory.
 */
public final class SeriesGif {
    private static final double MAX_SCALE = 16;
    private static final int MAX_SIDE = 16_384;

    /** Where a picture comes from: an image of the series, and a plane of it. */
    private record Source(int image, int plane) {}

    private final ImageSeries series;
    private final double scale;
    private final boolean mosaic;
    private double low;
    private double high;
    private int lastIndex = -1;
    private Image last;
    private double[] lastValues;

    /**
     * @param scale size of a frame in that of an image, more than 0 to 16
     * @param mosaic whether the slices lie beside each other in one frame, instead of one after the other
     */
    public SeriesGif(ImageSeries series, double scale, boolean mosaic) {
        if (!(scale > 0 && scale <= MAX_SCALE)) {
            throw new IllegalArgumentException("scale " + scale + " is not above 0 and at most " + (int) MAX_SCALE);
        }
        this.series = series;
        this.scale = scale;
        this.mosaic = mosaic;
    }

    /**
     * Writes the animation, all or nothing.
     *
     * @return number of frames
     * @throws MrdException if there is no image, or one that cannot be read
     */
    public int write(Path gif) throws IOException {
        if (series.count() == 0) {
            throw new MrdException(series.name() + " holds no image");
        }
        range();
        List<List<Source>> frames = frames();
        Path temporary = gif.resolveSibling("." + UUID.randomUUID() + ".part");
        try {
            Files.createFile(temporary); // ImageIO would not say why it cannot; the umask holds
            try (FileImageOutputStream out = new FileImageOutputStream(temporary.toFile());
                    GifWriter writer = new GifWriter(out)) {
                for (List<Source> sources : frames) {
                    writer.add(frame(sources));
                }
            }
            Files.move(temporary, gif, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        return frames.size();
    }

    private void range() throws IOException {
        double[] lows = new double[series.count()];
        double[] highs = new double[series.count()];
        double[] least = new double[series.count()];
        double[] most = new double[series.count()];
        for (int i = 0; i < series.count(); i++) {
            double[] values = series.image(i).valuesOrMagnitudes();
            Arrays.sort(values);
            lows[i] = percentile(values, 0.05);
            highs[i] = percentile(values, 0.95);
            least[i] = percentile(values, 0);
            most[i] = percentile(values, 1);
        }
        low = median(lows);
        high = median(highs);
        if (low == high) { // few bright pixels, such as a text
            low = median(least);
            high = median(most);
        }
    }

    /** Between the two values nearest to it, in proportion. */
    private static double percentile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(sorted.length - 1, below + 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return percentile(values, 0.5);
    }

    private List<List<Source>> frames() throws IOException {
        Map<Integer, List<Source>> bySlice = new TreeMap<>();
        List<List<Source>> single = new ArrayList<>();
        for (int i = 0; i < series.count(); i++) {
            ImageHeader head = series.header(i);
            for (int plane = 0; plane < head.planes(); plane++) {
                Source source = new Source(i, plane);
                single.add(List.of(source));
                bySlice.computeIfAbsent(head.slice() * head.slices() + plane % head.slices(), none -> new ArrayList<>())
                        .add(source);
            }
        }
        if (!mosaic) {
            return single;
        }
        List<List<Source>> tiled = new ArrayList<>();
        int count = bySlice.values().stream().mapToInt(List::size).max().orElse(0);
        for (int i = 0; i < count; i++) {
            List<Source> beside = new ArrayList<>();
            for (List<Source> slice : bySlice.values()) {
                beside.add(slice.get(Math.min(i, slice.size() - 1)));
            }
            tiled.add(beside);
        }
        return tiled;
    }

    private BufferedImage frame(List<Source> sources) throws IOException {
        long columns = 0;
        long rows = 0;
        for (Source source : sources) {
            ImageHeader head = series.header(source.image());
            columns += Frame.scaled(head.columns(), scale);
            rows = Math.max(rows, Frame.scaled(head.rows(), scale));
        }
        if (columns > MAX_SIDE || rows > MAX_SIDE) {
            throw new MrdException("a frame of " + columns + " x " + rows + " pixels is larger than " + MAX_SIDE + " x "
                    + MAX_SIDE + "; make it smaller");
        }
        Frame whole = Frame.black((int) columns, (int) rows);
        int left = 0;
        for (Source source : sources) {
            Frame part = picture(source);
            whole.put(part, left);
            left += part.columns();
        }
        return whole.image();
    }

    private Frame picture(Source source) throws IOException {
        if (source.image() != lastIndex) {
            last = series.image(source.image());
            lastValues = last.valuesOrMagnitudes();
            lastIndex = source.image();
        }
        ImageHeader head = last.head();
        MetaAttributes attributes = MetaAttributes.parse(last.attributes());
        Frame frame = Frame.black(head.columns(), head.rows());
        int pixels = frame.rgb().length;
        double[] values = lastValues;
        int first = source.plane() * pixels;
        Optional<double[]> window = PixelWindow.of(attributes);
        double from = window.map(w -> w[0]).orElse(low);
        double to = window.map(w -> w[1]).orElse(high);
        for (int i = 0; i < pixels; i++) {
            if (head.isColour()) {
                int stride = head.slices() * pixels;
                frame.rgb()[i] = clipped(values[first + i]) << 16
                        | clipped(values[first + stride + i]) << 8
                        | clipped(values[first + 2 * stride + i]);
            } else {
                double range = to - from;
                int level = clipped(range > 0 ? (values[first + i] - from) * 255 / range : 0);
                frame.rgb()[i] = level << 16 | level << 8 | level;
            }
        }
        Frame scaled = frame.scaled(scale);
        scaled.drawLines(attributes, scale);
        return scaled;
    }

    private static int clipped(double value) {
        return (int) Math.max(0, Math.min(255, value)); // what is no number is black
    }
}
