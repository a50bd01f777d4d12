package recon.mrd.file;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.EncodingCounters;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.PixelType;
import recon.mrd.format.Vector3;
import recon.mrd.format.Waveform;
import recon.mrd.format.WaveformHeader;

/** Items of which every field has a value of its own. */
final class RandomItems {
    private RandomItems() {}

    /** An image with attributes or without. */
    static Image image(Random random, int series, ImageShape shape) {
        MetaAttributes attributes = new MetaAttributes();
        if (random.nextBoolean()) {
            attributes.set("Größe <1>", List.of("a & b", Integer.toString(random.nextInt())));
        }
        byte[] pixels =
                new byte[shape.type().bytes() * shape.channels() * shape.slices() * shape.rows() * shape.columns()];
        random.nextBytes(pixels);
        return Image.of(
                ImageHeader.from(acquisition(random, 0).head())
                        .pixelType(shape.type())
                        .channels(shape.channels())
                        .matrix(shape.columns(), shape.rows(), shape.slices())
                        .fieldOfViewMm(vector(random))
                        .flags(random.nextLong())
                        .imageType(random.nextInt(65536))
                        .imageIndex(random.nextInt(65536))
                        .imageSeriesIndex(series),
                attributes,
                pixels);
    }

    static ImageShape shape(Random random) {
        return new ImageShape(
                PixelType.of(1 + random.nextInt(8)).orElseThrow(),
                1 + random.nextInt(3),
                1 + random.nextInt(3),
                1 + random.nextInt(20),
                1 + random.nextInt(20));
    }

    static Waveform waveform(Random random) {
        WaveformHeader head = new WaveformHeader(
                random.nextInt(65536),
                random.nextLong(),
                Integer.toUnsignedLong(random.nextInt()),
                Integer.toUnsignedLong(random.nextInt()),
                Integer.toUnsignedLong(random.nextInt()),
                random.nextInt(50),
                random.nextInt(4),
                random.nextFloat(),
                random.nextInt(65536));
        return new Waveform(head, random.ints(head.dataLength()).toArray());
    }

    static Acquisition acquisition(Random random, int maxSamples) {
        int samples = random.nextInt(maxSamples + 1);
        AcquisitionHeader head = AcquisitionHeader.builder()
                .version(random.nextInt(65536))
                .flags(random.nextLong())
                .measurementUid(Integer.toUnsignedLong(random.nextInt()))
                .scanCounter(Integer.toUnsignedLong(random.nextInt()))
                .acquisitionTimeStamp(Integer.toUnsignedLong(random.nextInt()))
                .physiologyTimeStamp(List.of(1L, 0xFFFFFFFFL, 3L))
                .numberOfSamples(samples)
                .availableChannels(random.nextInt(65536))
                .activeChannels(random.nextInt(5))
                .channelMask(Collections.nCopies(AcquisitionHeader.CHANNEL_MASK_WORDS, random.nextLong()))
                .discardPre(random.nextInt(65536))
                .discardPost(random.nextInt(65536))
                .centerSample(random.nextInt(65536))
                .encodingSpaceRef(random.nextInt(65536))
                .trajectoryDimensions(random.nextInt(4))
                .sampleTimeUs(random.nextFloat())
                .positionMm(vector(random))
                .readDirection(vector(random))
                .phaseDirection(vector(random))
                .sliceDirection(vector(random))
                .patientTablePositionMm(vector(random))
                .idx(new EncodingCounters(1, 2, 3, 4, 5, 6, 7, 8, 65535, List.of(9, 8, 7, 6, 5, 4, 3, 65535)))
                .userInt(List.of(-1, 2, Integer.MIN_VALUE, 4, 5, 6, 7, 8))
                .userFloat(List.of(1f, 2f, 3f, 4f, -5f, 6f, 7f, 8f))
                .build();
        return new Acquisition(head, floats(random, head.trajectoryLength()), floats(random, (int) head.dataLength()));
    }

    private static Vector3 vector(Random random) {
        return new Vector3(random.nextFloat(), random.nextFloat(), random.nextFloat());
    }

    private static float[] floats(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }
}
