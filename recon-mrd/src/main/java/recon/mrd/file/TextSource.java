package recon.mrd.file;

import io.jhdf.api.Dataset;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.StringData;
import io.jhdf.object.datatype.VariableLength;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import recon.mrd.format.MrdException;

/** The elements of a one-dimensional dataset of texts, of variable or of fixed length. */
final class TextSource {
    private final Dataset dataset;
    private final RecordSource records;
    private final GlobalHeapReader heap;
    private final long maxBytes;
    private final boolean variable;

    /** @param maxBytes that one text may have */
    TextSource(Dataset dataset, Hdf5Input in, long maxBytes) throws MrdException {
        this.dataset = dataset;
        this.records = new RecordSource(dataset, in.storage());
        this.heap = in.heap();
        this.maxBytes = maxBytes;
        DataType type = dataset.getDataType();
        this.variable = type instanceof VariableLength sequence && sequence.isVariableLengthString();
        if (!variable && !(type instanceof StringData)) {
            throw new MrdException(dataset.getPath() + " is no text");
        }
    }

    /** Whether the texts are of variable length. */
    boolean isVariable() {
        return variable;
    }

    int count() {
        return records.count();
    }

    /** One text, up to its first NUL. */
    String text(int index) throws MrdException {
        ByteBuffer text = records.record(index);
        if (variable) {
            HeapReference reference = HeapReference.read(text);
            checkLength(reference.length());
            text = heap.read(reference, 1);
        }
        checkLength(text.remaining());
        String decoded = StandardCharsets.UTF_8.decode(text).toString();
        int end = decoded.indexOf('\0');
        return end < 0 ? decoded : decoded.substring(0, end);
    }

    private void checkLength(long bytes) throws MrdException {
        if (bytes > maxBytes) {
            throw new MrdException(
                    dataset.getPath() + " has " + bytes + " bytes, more than the " + maxBytes + " allowed");
        }
    }
}
