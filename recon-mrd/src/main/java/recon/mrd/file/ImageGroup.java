package recon.mrd.file;

import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import java.io.IOException;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageHeaderFormat;
import recon.mrd.format.ImageSeries;
import recon.mrd.format.MrdException;

/** A series of images in a file, read one by one and in any order. Valid until its {@link MrdReader} is closed. */
public final class ImageGroup implements ImageSeries {
    static final String HEADER = "header";
    static final String ATTRIBUTES = "attributes";
    static final String DATA = "data";
    private static final long MAX_ATTRIBUTE_BYTES = 1L << 26;

    private final Hdf5Input in;
    private final String name;
    private final RecordSource headers;
    private final RecordLayout layout;
    private final TextSource attributes;
    private final PixelSource pixels;

    /** @param group that {@link #isOne} */
    ImageGroup(Hdf5Input in, Group group) throws MrdException {
        this.in = in;
        this.name = group.getName();
        Dataset header = Hdf5Input.dataset(group, HEADER).orElseThrow();
        this.layout = RecordLayout.ofHeaders(header, ImageHeaderFormat.FIELDS, ImageHeaderFormat.BYTES);
        this.headers = new RecordSource(header, in.storage());
        this.attributes = new TextSource(Hdf5Input.dataset(group, ATTRIBUTES).orElseThrow(), in, MAX_ATTRIBUTE_BYTES);
        this.pixels = new PixelSource(Hdf5Input.dataset(group, DATA).orElseThrow(), in);
        if (headers.count() != pixels.count() || headers.count() != attributes.count()) {
            throw new MrdException(group.getPath() + " has " + headers.count() + " headers, " + attributes.count()
                    + " attributes and " + pixels.count() + " images, not as many of each");
        }
    }

    /** Whether a group is one of images: it holds header, attributes and data. */
    static boolean isOne(Group group) {
        return Hdf5Input.dataset(group, HEADER).isPresent()
                && Hdf5Input.dataset(group, ATTRIBUTES).isPresent()
                && Hdf5Input.dataset(group, DATA).isPresent();
    }

    /** Its name within the group that holds it. */
    @Override
    public String name() {
        return name;
    }

    @Override
    public int count() {
        return headers.count();
    }

    @Override
    public ImageHeader header(int index) throws IOException {
        return in.guarded(() -> readHeader(index));
    }

    @Override
    public Image image(int index) throws IOException {
        return in.guarded(() -> {
            ImageHeader head = readHeader(index);
            return new Image(head, attributes.text(index), pixels.pixels(index));
        });
    }

    private ImageHeader readHeader(int index) throws MrdException {
        ImageHeader head = ImageHeaderFormat.read(layout.header(headers.record(index)));
        ImageShape shape = ImageShape.of(head);
        if (!shape.equals(pixels.shape())) {
            throw new MrdException(
                    "header " + index + " of " + name + " says " + shape + " where the pixels are " + pixels.shape());
        }
        return head;
    }

    ImageShape shape() {
        return pixels.shape();
    }

    /** Bytes of the pixels of one image. */
    int imageBytes() {
        return pixels.imageBytes();
    }

    /** Whether headers, texts and pixels are of the types that this package writes. */
    boolean isLikeOurs() {
        return layout.isLikeOurs(ImageHeaderFormat.BYTES) && attributes.isVariable();
    }
}
