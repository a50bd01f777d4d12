package recon.mrd.wire;

import recon.mrd.format.MrdItem;

/** One message of the MRD streaming protocol. */
public sealed interface MrdMessage {
    /** Names the reconstruction that is wanted. */
    record ConfigFile(String name) implements MrdMessage {
        /** What a name must fit into, its closing NUL included. */
        public static final int BYTES = 1024;
    }

    /** The configuration itself, as text. */
    record ConfigText(String text) implements MrdMessage {}

    /** The XML header, or a word in its place from clients that have none. */
    record Header(String xml) implements MrdMessage {}

    /** More configuration (JSON) towards the server; what happened towards the client. */
    record Text(String text) implements MrdMessage {}

    /** Raw data, an image or a waveform. */
    record Data(MrdItem item) implements MrdMessage {}

    /** Nothing comes after this. */
    record Close() implements MrdMessage {}
}
