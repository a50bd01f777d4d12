package recon.mrd.recon;

import java.io.IOException;
import java.util.Optional;
import recon.mrd.format.Image;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.MrdHeader.Encoding;
import recon.mrd.format.MrdItem;

/** What a {@link ReconModule} sees of a client: what was asked for, the data as they come, and the way back. */
public interface ReconSession {
    /** The name by which the module was asked for. */
    String config();

    /** The XML header as it was sent. */
    String xml();

    /** The header; empty if the client has none and sent other words in its place. */
    Optional<MrdHeader> header();

    /**
     * How the data are encoded: the first encoding of the header.
     *
     * @throws MrdException if there is no header, or it has none
     */
    default Encoding encoding() throws MrdException {
        return header().flatMap(some -> some.encodings().stream().findFirst())
                .orElseThrow(() -> new MrdException("raw data without an XML header that says how they are encoded"));
    }

    ReconParameters parameters();

    /**
     * Waits for the next of the data.
     *
     * @return empty when the client has sent all
     */
    Optional<MrdItem> next() throws IOException;

    /** Sends an image to the client at once. */
    void send(Image image) throws IOException;

    /** Sends a text to the client at once. */
    void send(String text) throws IOException;
}
