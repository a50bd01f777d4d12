package recon.mrd.dicom;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes Part-10 files in Explicit VR Little Endian, sequences and items with their lengths. */
public final class DicomWriter {
    private DicomWriter() {}

    /** Writes the whole file or none: under a temporary name in the same directory, then moved to its own. */
    public static void write(DicomFile file, Path path) throws IOException {
        byte[] bytes = toBytes(file);
        Path temporary = path.resolveSibling("." + UUID.randomUUID() + ".part");
        try {
            Files.write(temporary, bytes, StandardOpenOption.CREATE_NEW); // the umask holds
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * The bytes of the file.
     *
     * @throws IllegalArgumentException if it is longer than what the reader takes
     */
    public static byte[] toBytes(DicomFile file) {
        DataSet meta = new DataSet();
        file.meta().elements().forEach(meta::put);
        meta.putText(Attribute.TransferSyntaxUID, Uid.EXPLICIT_VR_LITTLE_ENDIAN);
        meta.putInts(Attribute.FileMetaInformationGroupLength, 0);
        int groupLengthElementBytes = 12;
        int metaBytes = Math.toIntExact(length(meta));
        meta.putInts(Attribute.FileMetaInformationGroupLength, metaBytes - groupLengthElementBytes);

        long total = DicomFormat.PREAMBLE_BYTES + DicomFormat.MAGIC.length + metaBytes + length(file.content());
        if (total > DicomFormat.MAX_FILE_BYTES) {
            throw new IllegalArgumentException(
                    "DICOM file of " + total + " bytes is longer than " + DicomFormat.MAX_FILE_BYTES);
        }
        ByteBuffer out = ByteBuffer.allocate((int) total).order(ByteOrder.LITTLE_ENDIAN);
        out.position(DicomFormat.PREAMBLE_BYTES);
        out.put(DicomFormat.MAGIC);
        write(meta, out);
        write(file.content(), out);
        return out.array();
    }

    private static void write(DataSet dataSet, ByteBuffer out) {
        for (Element element : dataSet.elements()) {
            if (!isRetiredGroupLength(element)) {
                write(element, out);
            }
        }
    }

    private static void write(Element element, ByteBuffer out) {
        putTag(element.tag(), out);
        out.put((byte) element.vr().name().charAt(0));
        out.put((byte) element.vr().name().charAt(1));
        int valueBytes = (int) valueLength(element);
        if (element.vr().hasLongLength()) {
            out.putShort((short) 0).putInt(valueBytes);
        } else {
            out.putShort((short) valueBytes);
        }
        if (element instanceof Element.Value value) {
            out.put(value.sharedBytes());
        } else if (element instanceof Element.Sequence sequence) {
            for (DataSet item : sequence.items()) {
                putTag(DicomFormat.ITEM, out);
                out.putInt((int) length(item));
                write(item, out);
            }
        }
    }

    private static void putTag(int tag, ByteBuffer out) {
        out.putShort((short) (tag >>> 16)).putShort((short) tag);
    }

    private static long length(DataSet dataSet) {
        long sum = 0;
        for (Element element : dataSet.elements()) {
            if (!isRetiredGroupLength(element)) {
                sum += (element.vr().hasLongLength() ? 12 : 8) + valueLength(element);
            }
        }
        return sum;
    }

    private static long valueLength(Element element) {
        if (element instanceof Element.Sequence sequence) {
            return sequence.items().stream()
                    .mapToLong(item -> DicomFormat.ITEM_HEADER_BYTES + length(item))
                    .sum();
        }
        return ((Element.Value) element).length();
    }

    /** A length of a group as another writer encoded it would be wrong here; PS3.5 7.2 allows to leave it out. */
    private static boolean isRetiredGroupLength(Element element) {
        return (element.tag() & 0xffff) == 0 && element.tag() >>> 16 != DicomFormat.META_GROUP;
    }
}
