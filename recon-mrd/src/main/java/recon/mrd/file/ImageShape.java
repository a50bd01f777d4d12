package recon.mrd.file;

import recon.mrd.format.ImageHeader;
import recon.mrd.format.PixelType;

/** What all images of a series have in common. */
record ImageShape(PixelType type, int channels, int slices, int rows, int columns) {
    static ImageShape of(ImageHeader head) {
        return new ImageShape(head.pixelType(), head.channels(), head.slices(), head.rows(), head.columns());
    }

    /** Sizes of one image as they stand in a file: channel, z, y, x. */
    int[] sizes() {
        return new int[] {channels, slices, rows, columns};
    }

    @Override
    public String toString() {
        return columns + " x " + rows + " x " + slices + " of " + channels + " channels of " + type;
    }
}
