package recon.mrd.format;

import java.nio.ByteBuffer;

/** Writes acquisition headers as {@link AcquisitionHeaderFormat} lays them out. */
public final class AcquisitionHeaderWriter {
    private AcquisitionHeaderWriter() {}

    /**
     * Puts {@link AcquisitionHeaderFormat#BYTES} bytes; the buffer's byte order is little-endian afterwards.
     *
     * @throws java.nio.BufferOverflowException if there is less room
     */
    public static void write(AcquisitionHeader head, ByteBuffer bytes) {
        HeaderOutput out = new HeaderOutput(bytes);
        out.u16(head.version());
        out.u64(head.flags());
        out.u32(head.measurementUid());
        out.u32(head.scanCounter());
        out.u32(head.acquisitionTimeStamp());
        head.physiologyTimeStamp().forEach(out::u32);
        out.u16(head.numberOfSamples());
        out.u16(head.availableChannels());
        out.u16(head.activeChannels());
        head.channelMask().forEach(out::u64);
        out.u16(head.discardPre());
        out.u16(head.discardPost());
        out.u16(head.centerSample());
        out.u16(head.encodingSpaceRef());
        out.u16(head.trajectoryDimensions());
        out.f32(head.sampleTimeUs());
        out.vector(head.positionMm());
        out.vector(head.readDirection());
        out.vector(head.phaseDirection());
        out.vector(head.sliceDirection());
        out.vector(head.patientTablePositionMm());
        counters(head.idx(), out);
        head.userInt().forEach(out::i32);
        head.userFloat().forEach(out::f32);
    }

    private static void counters(EncodingCounters idx, HeaderOutput out) {
        out.u16(idx.kspaceEncodeStep1());
        out.u16(idx.kspaceEncodeStep2());
        out.u16(idx.average());
        out.u16(idx.slice());
        out.u16(idx.contrast());
        out.u16(idx.phase());
        out.u16(idx.repetition());
        out.u16(idx.set());
        out.u16(idx.segment());
        idx.user().forEach(out::u16);
    }
}
