package recon.mrd.recon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import recon.mrd.draw.TinyFont;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageHeaderBuilder;
import recon.mrd.format.ImageType;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.MrdHeader.AcquisitionSystem;
import recon.mrd.format.MrdHeader.Encoding;
import recon.mrd.format.MrdItem;
import recon.mrd.format.PixelType;
import recon.mrd.format.Vector3;

/**
 * A page on what was measured, as an image of white letters on black, for each slice of raw data or series of images; the
 * same in its attributes. Images that are no magnitudes go back as they are. The letters are dots of the module's own,
 * since a Java runtime for servers may have no fonts.
 */
public final class ReportModule implements ReconModule {
    private static final int SIDE_PIXELS = 512;
    private static final int MARGIN_PIXELS = 10;
    private static final int LINE_PIXELS = TinyFont.LINE_PIXELS + 6;
    /** White, as red, green and blue of 255 each make it by the weights of ITU-R BT.601. */
    private static final float WHITE = (float) (0.2989 * 255 + 0.5870 * 255 + 0.1140 * 255);

    private static final String UNKNOWN = "unknown";

    @Override
    public String name() {
        return "report";
    }

    @Override
    public void run(ReconSession session) throws IOException {
        int readouts = 0;
        int images = 0;
        int series = 0;
        for (Optional<MrdItem> next = session.next(); next.isPresent(); next = session.next()) {
            if (next.get() instanceof Acquisition readout) {
                readouts += (readout.head().flags() & InvertContrastModule.NO_LINES) == 0 ? 1 : 0;
                if (readout.head().has(AcquisitionFlag.LAST_IN_SLICE)) {
                    send(session, readouts, "readouts");
                    readouts = 0;
                }
            } else if (next.get() instanceof Image image) {
                if (image.head().imageSeriesIndex() != series) {
                    send(session, images, "images");
                    images = 0;
                    series = image.head().imageSeriesIndex();
                }
                if (ModuleImages.isMagnitude(image)) {
                    images++;
                } else {
                    session.send(ModuleImages.kept(image));
                }
            }
        }
        send(session, readouts, "readouts");
        send(session, images, "images");
    }

    private static void send(ReconSession session, int count, String what) throws IOException {
        if (count > 0) {
            session.send(page(lines(session.header(), count + " " + what)));
        }
    }

    private static Map<String, String> lines(Optional<MrdHeader> header, String input) {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put(
                "protocolName",
                header.flatMap(some -> some.measurement().protocolName()).orElse(UNKNOWN));
        lines.put("scanner", header.map(some -> scanner(some.system())).orElse(UNKNOWN));
        Optional<MrdHeader.Space> encoded =
                header.flatMap(some -> some.encodings().stream().findFirst()).map(Encoding::encodedSpace);
        lines.put(
                "fieldOfView",
                encoded.map(space -> String.format(
                                Locale.ROOT,
                                "%s x %s x %s mm^3",
                                ModuleImages.fixed(space.fieldOfViewXMm(), 1),
                                ModuleImages.fixed(space.fieldOfViewYMm(), 1),
                                ModuleImages.fixed(space.fieldOfViewZMm(), 1)))
                        .orElse(UNKNOWN));
        lines.put(
                "matrixSize",
                encoded.map(space -> space.x() + " x " + space.y() + " x " + space.z())
                        .orElse(UNKNOWN));
        lines.put("inputData", input);
        return lines;
    }

    private static String scanner(AcquisitionSystem system) {
        String field = system.fieldStrengthT().isPresent()
                ? system.fieldStrengthT().getAsDouble() + "T"
                : UNKNOWN + " field strength";
        return system.vendor().orElse(UNKNOWN + " vendor") + " "
                + system.model().orElse(UNKNOWN + " model") + " " + field;
    }

    /** What does not fit is cut off. */
    private static Image page(Map<String, String> lines) {
        ByteBuffer pixels =
                ByteBuffer.allocate(Float.BYTES * SIDE_PIXELS * SIDE_PIXELS).order(ByteOrder.LITTLE_ENDIAN);
        MetaAttributes attributes = new MetaAttributes()
                .set("DataRole", "Image")
                .set("ImageProcessingHistory", "FIRE", "PYTHON")
                .set("Keep_image_geometry", "1");
        ImageHeaderBuilder head = ImageHeader.builder()
                .pixelType(PixelType.F32)
                .matrix(SIDE_PIXELS, SIDE_PIXELS, 1)
                .fieldOfViewMm(new Vector3(SIDE_PIXELS, SIDE_PIXELS, 1))
                .imageType(ImageType.MAGNITUDE);
        ModuleImages.addDirections(attributes, head.build());
        int longest = lines.keySet().stream().mapToInt(String::length).max().orElse(0);
        int top = MARGIN_PIXELS;
        for (Map.Entry<String, String> line : lines.entrySet()) {
            attributes.set(line.getKey(), line.getValue());
            String key = line.getKey() + " ".repeat(longest + 2 - line.getKey().length());
            TinyFont.draw(key + line.getValue(), MARGIN_PIXELS, top, (x, y) -> {
                if (x < SIDE_PIXELS && y < SIDE_PIXELS) {
                    pixels.putFloat(Float.BYTES * (y * SIDE_PIXELS + x), WHITE);
                }
            });
            top += LINE_PIXELS;
        }
        return Image.of(head, attributes, pixels.array());
    }
}
