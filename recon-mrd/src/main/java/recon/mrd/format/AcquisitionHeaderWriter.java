package recon.mrd.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes acquisition headers as {@link AcquisitionHeaderFormat} lays them out. */
public final class AcquisitionHeaderWriter {
    private final ByteBuffer out;

    private AcquisitionHeaderWriter(ByteBuffer out) {
        this.out = out;
    }

    /**
     * Puts {@link AcquisitionHeaderFormat#BYTES} bytes; the buffer's byte order is little-endian afterwards.
     *
     * @throws java.nio.BufferOverflowException if there is less room
     */
    public static void write(AcquisitionHeader head, ByteBuffer out) {
        new AcquisitionHeaderWriter(out.order(ByteOrder.LITTLE_ENDIAN)).header(head);
    }

    private void header(AcquisitionHeader head) {
        u16(head.version());
        out.putLong(head.flags());
        u32(head.measurementUid());
        u32(head.scanCounter());
        u32(head.acquisitionTimeStamp());
        head.physiologyTimeStamp().forEach(this::u32);
        u16(head.numberOfSamples());
        u16(head.availableChannels());
        u16(head.activeChannels());
        head.channelMask().forEach(out::putLong);
        u16(head.discardPre());
        u16(head.discardPost());
        u16(head.centerSample());
        u16(head.encodingSpaceRef());
        u16(head.trajectoryDimensions());
        out.putFloat(head.sampleTimeUs());
        vector(head.positionMm());
        vector(head.readDirection());
        vector(head.phaseDirection());
        vector(head.sliceDirection());
        vector(head.patientTablePositionMm());
        counters(head.idx());
        head.userInt().forEach(out::putInt);
        head.userFloat().forEach(out::putFloat);
    }

    private void counters(EncodingCounters idx) {
        u16(idx.kspaceEncodeStep1());
        u16(idx.kspaceEncodeStep2());
        u16(idx.average());
        u16(idx.slice());
        u16(idx.contrast());
        u16(idx.phase());
        u16(idx.repetition());
        u16(idx.set());
        u16(idx.segment());
        idx.user().forEach(this::u16);
    }

    private void u16(int value) {
        out.putShort((short) value);
    }

    private void u32(long value) {
        out.putInt((int) value);
    }

    private void vector(Vector3 value) {
        out.putFloat(value.x()).putFloat(value.y()).putFloat(value.z());
    }
}
