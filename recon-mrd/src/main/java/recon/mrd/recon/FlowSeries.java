package recon.mrd.recon;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdException;
import recon.mrd.format.PixelType;

/**
 * Velocities as phase images, of every slice in every phase of the heartbeat, with pixels set to rest whose velocity
 * jumps about from phase to phase: the mean size of its third difference along the phases is above a limit. Differences
 * are taken in the pixels' own type, as NumPy's {@code diff} takes them: integers wrap around, so that of unsigned pixels
 * a small step down is a large difference. Of less than four phases there is no third difference, and nothing is set.
 */
final class FlowSeries {
    private static final String DIRECTION = "FlowDirDisplay";
    private static final int FIRST_SERIES = 10;
    private static final int DIFFERENCES = 3;
    /** In the units of the pixels that come in. */
    private static final double NOISE_LIMIT = 250;
    /** The pixel of what does not move. */
    private static final double REST = 2048;

    private final int largestPixel;

    FlowSeries(int largestPixel) {
        this.largestPixel = largestPixel;
    }

    /**
     * The series of all directions, ordered by their names; in each the phases of the first slice, then those of the next.
     *
     * @throws MrdException if an image does not say its direction, one is missing, or those of a direction differ in size
     */
    List<Image> allFiltered(List<Image> images) throws MrdException {
        Map<String, List<Image>> byDirection = new TreeMap<>();
        for (Image image : images) {
            String direction = MetaAttributes.parse(image.attributes())
                    .first(DIRECTION)
                    .orElseThrow(() -> new MrdException("a phase image of slice "
                            + image.head().slice() + ", phase " + image.head().phase()
                            + " does not say which way is flow ("
                            + DIRECTION + ")"));
            byDirection.computeIfAbsent(direction, none -> new ArrayList<>()).add(image);
        }
        List<Image> filtered = new ArrayList<>();
        int series = FIRST_SERIES;
        for (Map.Entry<String, List<Image>> direction : byDirection.entrySet()) {
            for (Image[] slice : sorted(direction.getKey(), direction.getValue())) {
                addFiltered(slice, series, filtered);
            }
            series++;
        }
        return filtered;
    }

    /** By slice, then phase; of two images of one place the later. */
    private static Image[][] sorted(String direction, List<Image> images) throws MrdException {
        int slices = 1 + images.stream().mapToInt(i -> i.head().slice()).max().orElse(0);
        int phases = 1 + images.stream().mapToInt(i -> i.head().phase()).max().orElse(0);
        if ((long) slices * phases > images.size()) {
            throw new MrdException(images.size() + " phase images of " + direction + " came, but there are " + slices
                    + " slices of " + phases + " phases: one of each belongs");
        }
        ImageHeader first = images.get(0).head();
        Image[][] sorted = new Image[slices][phases];
        for (Image image : images) {
            ImageHeader head = image.head();
            if (head.columns() != first.columns()
                    || head.rows() != first.rows()
                    || head.slices() != 1
                    || head.channels() != 1
                    || head.pixelType() != first.pixelType()) {
                throw new MrdException("a phase image has " + shape(head) + ", but the first of its direction has "
                        + shape(first) + "; all must be alike, of one slice and channel");
            }
            sorted[head.slice()][head.phase()] = image;
        }
        for (int slice = 0; slice < slices; slice++) {
            for (int phase = 0; phase < phases; phase++) {
                if (sorted[slice][phase] == null) {
                    throw new MrdException(
                            "no phase image of " + direction + " came for slice " + slice + ", phase " + phase);
                }
            }
        }
        return sorted;
    }

    private static String shape(ImageHeader head) {
        return head.columns() + " x " + head.rows() + " x " + head.slices() + " pixels of " + head.channels()
                + " channels of " + head.pixelType();
    }

    private void addFiltered(Image[] slice, int series, List<Image> to) throws MrdException {
        PixelType type = slice[0].head().pixelType();
        double[][] values = new double[slice.length][];
        for (int phase = 0; phase < slice.length; phase++) {
            values[phase] = slice[phase].values();
        }
        short[][] pixels = new short[slice.length][values[0].length];
        double[] course = new double[slice.length];
        for (int i = 0; i < values[0].length; i++) {
            for (int phase = 0; phase < slice.length; phase++) {
                course[phase] = values[phase][i];
            }
            boolean noise = meanThirdDifference(course, type) > NOISE_LIMIT;
            for (int phase = 0; phase < slice.length; phase++) {
                double value = noise ? REST : values[phase][i];
                pixels[phase][i] = (short) Math.rint((value - REST) * largestPixel / REST);
            }
        }
        for (int phase = 0; phase < slice.length; phase++) {
            ImageHeader head = slice[phase].head();
            MetaAttributes attributes = MetaAttributes.parse(slice[phase].attributes())
                    .set("DataRole", "Image")
                    .set("ImageProcessingHistory", "FIRE", "PYTHON");
            ModuleImages.addWindow(attributes, largestPixel);
            attributes.set("Keep_image_geometry", "1");
            ModuleImages.addDirections(attributes, head);
            to.add(Image.of(
                    head.toBuilder()
                            .imageIndex(phase + head.slice() * slice.length)
                            .imageSeriesIndex(series),
                    attributes,
                    pixels[phase]));
        }
    }

    /** Overwrites the course. Not a number if it is too short. */
    private static double meanThirdDifference(double[] course, PixelType type) {
        int count = course.length - DIFFERENCES;
        for (int order = 1; order <= DIFFERENCES; order++) {
            for (int i = 0; i < course.length - order; i++) {
                course[i] = wrapped(course[i + 1] - course[i], type);
            }
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += wrapped(Math.abs(course[i]), type); // the least 16-bit number has no opposite and stays below 0
        }
        return count > 0 ? sum / count : Double.NaN;
    }

    /** The number that a pixel of this type holds when this one is put into it. */
    private static double wrapped(double value, PixelType type) {
        return switch (type) {
            case U16 -> (char) (long) value;
            case I16 -> (short) (long) value;
            case U32 -> (long) value & 0xffffffffL;
            case I32 -> (int) (long) value;
            case F32 -> (float) value;
            default -> value;
        };
    }
}
