package recon.mrd.file;

import io.jhdf.api.Dataset;
import java.nio.ByteBuffer;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.AcquisitionHeaderFormat;
import recon.mrd.format.AcquisitionHeaderReader;
import recon.mrd.format.MrdException;

/** The acquisitions of a dataset {@code data}, one by one. */
final class AcquisitionSource {
    /** A readout longer than this is taken for damage. */
    private static final long MAX_FLOATS = 1L << 26;

    private final RecordSource records;
    private final RecordLayout layout;
    private final GlobalHeapReader heap;
    private final int trajectoryOffset;
    private final int dataOffset;

    AcquisitionSource(Dataset data, Hdf5Input in) throws MrdException {
        this.layout = RecordLayout.ofRecords(data, AcquisitionHeaderFormat.FIELDS, AcquisitionHeaderFormat.BYTES);
        this.trajectoryOffset = layout.floats("traj");
        this.dataOffset = layout.floats("data");
        this.records = new RecordSource(data, in.storage());
        this.heap = in.heap();
    }

    int count() {
        return records.count();
    }

    AcquisitionHeader header(int index) throws MrdException {
        return AcquisitionHeaderReader.read(layout.header(records.record(index)));
    }

    Acquisition acquisition(int index) throws MrdException {
        ByteBuffer record = records.record(index);
        AcquisitionHeader head = AcquisitionHeaderReader.read(layout.header(record));
        HeapReference trajectory = HeapReference.read(record.position(trajectoryOffset));
        HeapReference data = HeapReference.read(record.position(dataOffset));
        checkLength(index, "trajectory", trajectory, head.trajectoryLength());
        checkLength(index, "data", data, head.dataLength());
        return new Acquisition(head, heap.floats(trajectory), heap.floats(data));
    }

    private static void checkLength(int index, String what, HeapReference reference, long expected)
            throws MrdException {
        if (reference.length() != expected || expected > MAX_FLOATS) {
            throw new MrdException("acquisition " + index + ": " + what + " of " + reference.length()
                    + " values where its header asks for " + expected + " (at most " + MAX_FLOATS + ")");
        }
    }

    /** Whether the elements are as this package writes them. */
    boolean isLikeOurs() {
        return layout.isLikeOurs(MrdRecords.ACQUISITION_BYTES)
                && trajectoryOffset == MrdRecords.TRAJECTORY_OFFSET
                && dataOffset == MrdRecords.ACQUISITION_DATA_OFFSET;
    }
}
