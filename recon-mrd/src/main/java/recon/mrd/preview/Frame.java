package recon.mrd.preview;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import recon.mrd.format.MetaAttributes;

/** One picture of an animation, in colour: red, green and blue of each pixel in the lower 24 bits. */
@SuppressWarnings("ArrayRecordComponent") // made here, read in this package, never handed out
record Frame(int columns, int rows, int[] rgb) {
    private static final String LINE_PREFIX = "ROI_";
    /** Colour (3), thickness, style, visibility: what comes before the points of a line. */
    private static final int LINE_HEAD = 6;

    private static final double MAX_THICKNESS = 100;

    static Frame black(int columns, int rows) {
        return new Frame(columns, rows, new int[Math.multiplyExact(columns, rows)]);
    }

    /** The length of a side in another size, at least 1. */
    static int scaled(int side, double factor) {
        return Math.max(1, (int) Math.rint(side * factor));
    }

    /** The frame with other sides; between pixels it changes evenly. */
    Frame scaled(double factor) {
        int width = scaled(columns, factor);
        int height = scaled(rows, factor);
        if (width == columns && height == rows) {
            return this;
        }
        int[] scaled = new int[Math.multiplyExact(width, height)];
        for (int y = 0; y < height; y++) {
            double fromY = Math.max(0, Math.min(rows - 1.0, (y + 0.5) * rows / height - 0.5));
            for (int x = 0; x < width; x++) {
                double fromX = Math.max(0, Math.min(columns - 1.0, (x + 0.5) * columns / width - 0.5));
                scaled[y * width + x] = between(fromX, fromY);
            }
        }
        return new Frame(width, height, scaled);
    }

    private int between(double x, double y) {
        int left = (int) x;
        int top = (int) y;
        int right = Math.min(columns - 1, left + 1);
        int bottom = Math.min(rows - 1, top + 1);
        int colour = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            double above = (rgb[top * columns + left] >> shift & 255) * (1 - (x - left))
                    + (rgb[top * columns + right] >> shift & 255) * (x - left);
            double below = (rgb[bottom * columns + left] >> shift & 255) * (1 - (x - left))
                    + (rgb[bottom * columns + right] >> shift & 255) * (x - left);
            colour |= (int) Math.rint(above * (1 - (y - top)) + below * (y - top)) << shift;
        }
        return colour;
    }

    /** Draws the lines that an image's attributes hold: the points are in pixels of the image before it was scaled. */
    void drawLines(MetaAttributes attributes, double factor) {
        for (String name : attributes.names()) {
            if (name.startsWith(LINE_PREFIX)) {
                numbers(attributes.all(name)).ifPresent(line -> draw(line, factor));
            }
        }
    }

    private static Optional<List<Double>> numbers(List<String> texts) {
        List<Double> numbers = new ArrayList<>();
        for (String text : texts) {
            try {
                numbers.add(Double.parseDouble(text.strip()));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }
        boolean isLine = numbers.size() >= LINE_HEAD + 2 && numbers.stream().allMatch(Double::isFinite);
        return isLine && numbers.get(LINE_HEAD - 1) != 0 ? Optional.of(numbers) : Optional.empty();
    }

    private void draw(List<Double> line, double factor) {
        int colour = level(line.get(0)) << 16 | level(line.get(1)) << 8 | level(line.get(2));
        int thickness = (int) Math.max(1, Math.min(MAX_THICKNESS, Math.rint(line.get(3) * factor)));
        for (int i = LINE_HEAD; i + 3 < line.size(); i += 2) {
            double x0 = inside(line.get(i) * factor, columns);
            double y0 = inside(line.get(i + 1) * factor, rows);
            double x1 = inside(line.get(i + 2) * factor, columns);
            double y1 = inside(line.get(i + 3) * factor, rows);
            int steps = (int) Math.ceil(Math.max(1, Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))));
            for (int step = 0; step <= steps; step++) {
                dot(x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps, thickness, colour);
            }
        }
    }

    private static int level(double share) {
        return (int) Math.rint(255 * Math.max(0, Math.min(1, share)));
    }

    private static double inside(double at, int side) {
        return Math.max(-MAX_THICKNESS, Math.min(side + MAX_THICKNESS, at));
    }

    private void dot(double x, double y, int thickness, int colour) {
        int left = (int) Math.rint(x) - thickness / 2;
        int top = (int) Math.rint(y) - thickness / 2;
        for (int row = Math.max(0, top); row < Math.min(rows, top + thickness); row++) {
            for (int column = Math.max(0, left); column < Math.min(columns, left + thickness); column++) {
                rgb[row * columns + column] = colour;
            }
        }
    }

    /** Puts another frame into this one. */
    void put(Frame other, int left) {
        for (int row = 0; row < Math.min(rows, other.rows); row++) {
            System.arraycopy(other.rgb, row * other.columns, rgb, row * columns + left, other.columns);
        }
    }

    /** As an image, grey with all its 256 levels if nothing in it has a colour. */
    BufferedImage image() {
        boolean grey = true;
        for (int pixel : rgb) {
            grey &= (pixel & 255) == (pixel >> 8 & 255) && (pixel & 255) == (pixel >> 16 & 255);
        }
        BufferedImage image =
                new BufferedImage(columns, rows, grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int pixel = rgb[row * columns + column];
                if (grey) {
                    image.getRaster().setSample(column, row, 0, pixel & 255);
                } else {
                    image.setRGB(column, row, pixel);
                }
            }
        }
        return image;
    }
}
