package recon.mrd.preview;

import java.awt.image.BufferedImage;
import java.io.Closeable;
import java.io.IOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;

/** Writes frames of 40 ms as GIF89a that begins again when it has ended. */
final class GifWriter implements Closeable {
    private static final String FORMAT = "javax_imageio_gif_image_1.0";
    private static final String HUNDREDTHS_OF_A_SECOND = "4";
    /** Sub-block 1 and how often to begin again, 0 for ever, of the application extension NETSCAPE2.0. */
    private static final byte[] FOR_EVER = {1, 0, 0};

    private final ImageWriter writer;
    private boolean begun;

    GifWriter(ImageOutputStream out) throws IOException {
        writer = ImageIO.getImageWritersByFormatName("gif").next();
        writer.setOutput(out);
        writer.prepareWriteSequence(null);
    }

    void add(BufferedImage frame) throws IOException {
        IIOMetadata metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(frame), null);
        IIOMetadataNode root = new IIOMetadataNode(FORMAT);
        IIOMetadataNode control = new IIOMetadataNode("GraphicControlExtension");
        control.setAttribute("disposalMethod", "none");
        control.setAttribute("userInputFlag", "FALSE");
        control.setAttribute("transparentColorFlag", "FALSE");
        control.setAttribute("delayTime", HUNDREDTHS_OF_A_SECOND);
        control.setAttribute("transparentColorIndex", "0");
        root.appendChild(control);
        if (!begun) {
            IIOMetadataNode extensions = new IIOMetadataNode("ApplicationExtensions");
            IIOMetadataNode extension = new IIOMetadataNode("ApplicationExtension");
            extension.setAttribute("applicationID", "NETSCAPE");
            extension.setAttribute("authenticationCode", "2.0");
            extension.setUserObject(FOR_EVER.clone());
            extensions.appendChild(extension);
            root.appendChild(extensions);
            begun = true;
        }
        metadata.mergeTree(FORMAT, root);
        writer.writeToSequence(new IIOImage(frame, null, metadata), null);
    }

    @Override
    public void close() throws IOException {
        try {
            if (begun) {
                writer.endWriteSequence();
            }
        } finally {
            writer.dispose();
        }
    }
}
