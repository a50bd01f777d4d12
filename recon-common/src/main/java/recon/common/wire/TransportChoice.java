package recon.common.wire;

/** Which transports a side uses: {@code TRANSPORT} of a client, {@code TRANSPORTS} of a server. */
public enum TransportChoice {
    /** TLS where the other side knows it and it is worth it, else Fernet. */
    AUTO,
    /** Version 2 only. */
    TLS,
    /** Version 1 only. */
    FERNET
}
