package recon.mrd.dicom;

import java.io.IOException;

/** Bytes that are no DICOM file this package reads; the message says what was found, where, and what is allowed. */
public final class DicomFormatException extends IOException {
    public DicomFormatException(String message) {
        super(message);
    }
}
