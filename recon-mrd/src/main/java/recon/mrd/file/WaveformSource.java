package recon.mrd.file;

import io.jhdf.api.Dataset;
import java.nio.ByteBuffer;
import recon.mrd.format.MrdException;
import recon.mrd.format.Waveform;
import recon.mrd.format.WaveformHeader;
import recon.mrd.format.WaveformHeaderFormat;

/** The waveforms of a dataset {@code waveforms}, one by one. */
final class WaveformSource {
    /** A waveform longer than this is taken for damage. */
    private static final long MAX_VALUES = 1L << 26;

    private final RecordSource records;
    private final RecordLayout layout;
    private final GlobalHeapReader heap;
    private final int dataOffset;

    WaveformSource(Dataset waveforms, Hdf5Input in) throws MrdException {
        this.layout = RecordLayout.ofRecords(waveforms, WaveformHeaderFormat.FIELDS, WaveformHeaderFormat.BYTES);
        this.dataOffset = layout.integers("data");
        this.records = new RecordSource(waveforms, in.storage());
        this.heap = in.heap();
    }

    int count() {
        return records.count();
    }

    WaveformHeader header(int index) throws MrdException {
        return WaveformHeaderFormat.read(layout.header(records.record(index)));
    }

    Waveform waveform(int index) throws MrdException {
        ByteBuffer record = records.record(index);
        WaveformHeader head = WaveformHeaderFormat.read(layout.header(record));
        HeapReference data = HeapReference.read(record.position(dataOffset));
        if (data.length() != head.dataLength() || data.length() > MAX_VALUES) {
            throw new MrdException("waveform " + index + ": data of " + data.length()
                    + " values where its header asks for " + head.dataLength() + " (at most " + MAX_VALUES + ")");
        }
        return new Waveform(head, heap.integers(data));
    }

    /** Whether the elements are as this package writes them. */
    boolean isLikeOurs() {
        return layout.isLikeOurs(MrdRecords.WAVEFORM_BYTES) && dataOffset == MrdRecords.WAVEFORM_DATA_OFFSET;
    }
}
