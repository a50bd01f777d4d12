package recon.mrd.recon;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.EncodingCounters;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageHeaderBuilder;
import recon.mrd.format.ImageType;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.MrdHeader.Encoding;
import recon.mrd.format.MrdHeader.Space;
import recon.mrd.format.PixelType;

/**
 * The images of one slice, one per phase: each readout at the line that its counter says, to the right of the encoded
 * matrix; of two readouts of one line the later; turned around in both directions, as scanners show them. Not for use by
 * several threads.
 */
final class LineSorting {
    /** The counter of the sequence's own that says which line is the centre of k-space. */
    private static final int CENTER_LINE_COUNTER = 5;

    private final Optional<MrdHeader> header;
    private CoilMagnitude transform = new CoilMagnitude(1, 1);

    LineSorting(Optional<MrdHeader> header) {
        this.header = header;
    }

    /** @throws MrdException if there is no header, or a readout does not fit into what it says */
    List<Image> images(List<Acquisition> slice) throws MrdException, InterruptedException {
        Encoding encoding = header.flatMap(some -> some.encodings().stream().findFirst())
                .orElseThrow(() -> new MrdException("raw data without an XML header that says how they are encoded"));
        Space encoded = encoding.encodedSpace();
        int coils = slice.get(0).head().activeChannels();
        if (encoded.x() < 1 || encoded.y() < 1 || coils < 1 || (long) encoded.x() * encoded.y() > 1 << 29) {
            throw new MrdException("a slice of " + encoded.x() + " x " + encoded.y() + " samples of " + coils
                    + " channels cannot be reconstructed");
        }
        int phases = 1
                + slice.stream()
                        .mapToInt(line -> line.head().idx().phase())
                        .max()
                        .orElse(0);
        List<Image> images = new ArrayList<>();
        for (int phase = 0; phase < phases; phase++) {
            Acquisition[] lines = new Acquisition[encoded.y()];
            AcquisitionHeader center = sort(slice, phase, coils, encoded, lines);
            if (center != null) {
                images.add(
                        image(encoding, coils, lines, ImageHeader.from(center).imageIndex(phase)));
            }
        }
        return images;
    }

    /** Puts the readouts of a phase where they belong; returns the head of the one nearest to the centre of k-space. */
    private static AcquisitionHeader sort(
            List<Acquisition> slice, int phase, int coils, Space encoded, Acquisition[] lines) throws MrdException {
        AcquisitionHeader nearest = null;
        for (Acquisition line : slice) {
            AcquisitionHeader head = line.head();
            int step = head.idx().kspaceEncodeStep1();
            if (head.idx().phase() != phase || step >= lines.length) {
                continue;
            }
            if (head.activeChannels() != coils || head.numberOfSamples() > encoded.x()) {
                throw new MrdException("acquisition " + head.scanCounter() + " has " + head.numberOfSamples()
                        + " samples of " + head.activeChannels() + " channels where at most " + encoded.x() + " of "
                        + coils + " belong");
            }
            lines[step] = line;
            if (nearest == null || fromCenter(head.idx()) < fromCenter(nearest.idx())) {
                nearest = head;
            }
        }
        return nearest;
    }

    private static int fromCenter(EncodingCounters idx) {
        return Math.abs(idx.kspaceEncodeStep1() - idx.user().get(CENTER_LINE_COUNTER));
    }

    private Image image(Encoding encoding, int coils, Acquisition[] lines, ImageHeaderBuilder head)
            throws InterruptedException {
        int samples = encoding.encodedSpace().x();
        if (transform.samples() != samples || transform.lines() != lines.length) {
            transform = new CoilMagnitude(samples, lines.length);
        }
        double[] magnitude =
                transform.of(coils, (coil, line, into) -> load(lines[lines.length - 1 - line], coil, into));
        Space space = encoding.reconSpace();
        CenteredCrop x = CenteredCrop.of(samples, space.x());
        CenteredCrop y = CenteredCrop.of(lines.length, space.y());
        ByteBuffer pixels =
                ByteBuffer.allocate(Float.BYTES * x.size() * y.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < y.size(); row++) {
            for (int column = 0; column < x.size(); column++) {
                pixels.putFloat((float) magnitude[x.index(column) * lines.length + y.index(row)]);
            }
        }
        head.pixelType(PixelType.F32)
                .imageType(ImageType.MAGNITUDE)
                .matrix(x.size(), y.size(), 1)
                .channels(1)
                .fieldOfViewMm(ModuleImages.fieldOfView(space));
        MetaAttributes attributes = new MetaAttributes()
                .set("DataRole", "Image")
                .set("ImageProcessingHistory", "FIRE", "PYTHON")
                .set("Keep_image_geometry", "1");
        return Image.of(head, attributes, pixels.array());
    }

    /** A line from its end to its start, at the left of the matrix; 0 where nothing was measured. */
    private static void load(Acquisition line, int coil, double[] into) {
        int samples = line == null ? 0 : line.head().numberOfSamples();
        for (int i = 0; i < samples; i++) {
            int from = 2 * (coil * samples + samples - 1 - i);
            into[2 * i] = line.data()[from];
            into[2 * i + 1] = line.data()[from + 1];
        }
        Arrays.fill(into, 2 * samples, into.length, 0);
    }
}
