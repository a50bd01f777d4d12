package recon.mrd.format;

import java.io.IOException;
import java.util.List;

/** Images that belong together, wherever they are kept: read one by one, in any order, and more than once. */
public interface ImageSeries {
    /** What it is called where it is kept. */
    String name();

    /** Number of images. */
    int count();

    /**
     * The header of one image, without its attributes and pixels.
     *
     * @param index 0 to {@link #count()} - 1
     */
    ImageHeader header(int index) throws IOException;

    /**
     * One image.
     *
     * @param index 0 to {@link #count()} - 1
     */
    Image image(int index) throws IOException;

    /** A series of images that are in memory. */
    static ImageSeries of(String name, List<Image> images) {
        record InMemory(String name, List<Image> images) implements ImageSeries {
            @Override
            public int count() {
                return images.size();
            }

            @Override
            public ImageHeader header(int index) {
                return images.get(index).head();
            }

            @Override
            public Image image(int index) {
                return images.get(index);
            }
        }
        return new InMemory(name, List.copyOf(images));
    }
}
