package recon.mrd.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads Part-10 files in Explicit or Implicit VR Little Endian. Nothing is left out: unknown elements are kept as bytes. */
public final class DicomReader {
    private DicomReader() {}

    /** Whether the file has the preamble of a Part-10 file; says nothing about the rest. */
    public static boolean looksLikeDicom(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return hasMagic(in.readNBytes(DicomFormat.PREAMBLE_BYTES + DicomFormat.MAGIC.length));
        }
    }

    /**
     * Reads a whole file.
     *
     * @throws DicomFormatException if it is no DICOM file in one of the two transfer syntaxes, or a damaged one
     */
    public static DicomFile read(Path path) throws IOException {
        long size = Files.size(path);
        if (size > DicomFormat.MAX_FILE_BYTES) {
            throw new DicomFormatException(path + ": " + size + " bytes are more than the " + DicomFormat.MAX_FILE_BYTES
                    + " this reader takes");
        }
        try {
            return parse(Files.readAllBytes(path));
        } catch (DicomFormatException e) {
            throw new DicomFormatException(path + ": " + e.getMessage());
        }
    }

    /** As {@link #read}, from memory. */
    public static DicomFile parse(byte[] bytes) throws DicomFormatException {
        if (!hasMagic(bytes)) {
            throw new DicomFormatException("no DICOM file: no \"DICM\" at byte " + DicomFormat.PREAMBLE_BYTES);
        }
        DicomParser parser = new DicomParser(bytes, DicomFormat.PREAMBLE_BYTES + DicomFormat.MAGIC.length);
        DataSet meta = parser.meta();
        String syntax = meta.text(Attribute.TransferSyntaxUID)
                .orElseThrow(() -> new DicomFormatException("the file meta group names no transfer syntax"));
        boolean explicit = switch (syntax) {
            case Uid.EXPLICIT_VR_LITTLE_ENDIAN -> true;
            case Uid.IMPLICIT_VR_LITTLE_ENDIAN -> false;
            default ->
                throw new DicomFormatException("transfer syntax " + named(syntax)
                        + " is not supported; convert the file to Explicit VR Little Endian");
        };
        return new DicomFile(meta, parser.content(explicit));
    }

    /** The UIDs of PS3.6 annex A in words, so that people know what they have. */
    private static String named(String syntax) {
        String name = switch (syntax) {
            case "1.2.840.10008.1.2.1.99" -> "Deflated";
            case "1.2.840.10008.1.2.2" -> "Explicit VR Big Endian";
            case "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51" -> "JPEG";
            case "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70" -> "JPEG lossless";
            case "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81" -> "JPEG-LS";
            case "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91" -> "JPEG 2000";
            case "1.2.840.10008.1.2.5" -> "RLE";
            default -> "";
        };
        String plain = syntax.replaceAll("\\p{Cntrl}", "?");
        return name.isEmpty() ? plain : name + " " + plain;
    }

    private static boolean hasMagic(byte[] bytes) {
        int end = DicomFormat.PREAMBLE_BYTES + DicomFormat.MAGIC.length;
        return bytes.length >= end
                && Arrays.equals(
                        bytes, DicomFormat.PREAMBLE_BYTES, end, DicomFormat.MAGIC, 0, DicomFormat.MAGIC.length);
    }
}
