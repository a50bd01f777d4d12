package recon.mrd.preview;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.UUID;
import javax.imageio.ImageIO;
import javax.imageio.stream.FileImageOutputStream;
import javax.imageio.stream.ImageOutputStream;
import recon.mrd.draw.TinyFont;

/**
 * The picture of a near-square grid of tiles, each with a label below, and a caption under all. Draws into the raster
 * itself: that needs neither a display nor fonts.
 */
final class SheetCanvas {
    private static final int BACKGROUND = 32;
    private static final int INK = 224;
    private static final int GAP = 6;
    private static final int LINE = TinyFont.LINE_PIXELS + 2 * 3;
    private static final int SHEET_PIXELS = 1024;
    private static final int MIN_TILE = 128;
    private static final int MAX_TILE = 384;

    private final int columns;
    private final int tilePixels;
    private final BufferedImage image;

    SheetCanvas(int tiles) {
        columns = (int) Math.ceil(Math.sqrt(tiles));
        int rows = (tiles + columns - 1) / columns;
        tilePixels = Math.max(MIN_TILE, Math.min(MAX_TILE, SHEET_PIXELS / columns));
        image = new BufferedImage(
                GAP + columns * (tilePixels + GAP),
                GAP + rows * (tilePixels + LINE + GAP) + LINE,
                BufferedImage.TYPE_BYTE_GRAY);
        int[] line = new int[image.getWidth()];
        Arrays.fill(line, BACKGROUND);
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRaster().setPixels(0, y, line.length, 1, line);
        }
    }

    /** Draws an image as large as it fits, in the middle of its tile. */
    void tile(int index, GreyImage grey, String label) {
        double height = grey.rows() * grey.pixelAspect();
        double scale = tilePixels / Math.max(grey.columns(), height);
        GreyImage scaled = grey.scaledTo(side(grey.columns() * scale), side(height * scale));
        int left = GAP + index % columns * (tilePixels + GAP);
        int top = GAP + index / columns * (tilePixels + LINE + GAP);
        int[] pixels = new int[scaled.pixels().length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = scaled.pixels()[i] & 0xff;
        }
        image.getRaster()
                .setPixels(
                        left + (tilePixels - scaled.columns()) / 2,
                        top + (tilePixels - scaled.rows()) / 2,
                        scaled.columns(),
                        scaled.rows(),
                        pixels);
        text(label, left, top + tilePixels + 3);
    }

    private int side(double pixels) {
        return Math.max(1, Math.min(tilePixels, (int) Math.rint(pixels)));
    }

    void caption(String text) {
        text(text, GAP, image.getHeight() - LINE);
    }

    private void text(String text, int left, int top) {
        WritableRaster raster = image.getRaster();
        TinyFont.draw(text, left, top, (x, y) -> {
            if (x < image.getWidth() && y < image.getHeight()) {
                raster.setSample(x, y, 0, INK);
            }
        });
    }

    /** Writes the whole picture or none. */
    void writePng(Path png) throws IOException {
        Path temporary = png.resolveSibling("." + UUID.randomUUID() + ".part");
        try {
            Files.createFile(temporary); // ImageIO would not say why it cannot; the umask holds
            try (ImageOutputStream out = new FileImageOutputStream(temporary.toFile())) {
                if (!ImageIO.write(image, "png", out)) {
                    throw new IOException("this Java runtime cannot write PNG files");
                }
            }
            Files.move(temporary, png, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
