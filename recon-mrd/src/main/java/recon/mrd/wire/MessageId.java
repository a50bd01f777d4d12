package recon.mrd.wire;

import java.util.Optional;

/** The first two bytes of a message. */
enum MessageId {
    CONFIG_FILE(1),
    CONFIG_TEXT(2),
    HEADER(3),
    CLOSE(4),
    TEXT(5),
    ACQUISITION(1008),
    IMAGE(1022),
    WAVEFORM(1026);

    /** Bytes of an id. */
    static final int BYTES = 2;

    private final int code;

    MessageId(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static Optional<MessageId> of(int code) {
        for (MessageId id : values()) {
            if (id.code == code) {
                return Optional.of(id);
            }
        }
        return Optional.empty();
    }
}
