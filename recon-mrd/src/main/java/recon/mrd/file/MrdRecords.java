package recon.mrd.file;

import java.util.List;
import recon.mrd.format.AcquisitionHeaderFormat;
import recon.mrd.format.ImageHeaderFormat;
import recon.mrd.format.PixelType;
import recon.mrd.format.WaveformHeaderFormat;

/** The elements of the datasets that are written, as the C++ library lays them out: the members at multiples of 8. */
final class MrdRecords {
    static final int TRAJECTORY_OFFSET = (int) Hdf5Space.padded(AcquisitionHeaderFormat.BYTES);
    static final int ACQUISITION_DATA_OFFSET = TRAJECTORY_OFFSET + Datatypes.REFERENCE_BYTES;
    static final int ACQUISITION_BYTES = ACQUISITION_DATA_OFFSET + Datatypes.REFERENCE_BYTES;
    static final int WAVEFORM_DATA_OFFSET = WaveformHeaderFormat.BYTES;
    static final int WAVEFORM_BYTES = WAVEFORM_DATA_OFFSET + Datatypes.REFERENCE_BYTES;

    private MrdRecords() {}

    static byte[] acquisition() {
        return Datatypes.compound(
                ACQUISITION_BYTES,
                List.of(
                        new Datatypes.Member(
                                "head",
                                0,
                                Datatypes.header(AcquisitionHeaderFormat.FIELDS, AcquisitionHeaderFormat.BYTES)),
                        new Datatypes.Member("traj", TRAJECTORY_OFFSET, Datatypes.sequence(Datatypes.float32())),
                        new Datatypes.Member(
                                "data", ACQUISITION_DATA_OFFSET, Datatypes.sequence(Datatypes.float32()))));
    }

    static byte[] waveform() {
        return Datatypes.compound(
                WAVEFORM_BYTES,
                List.of(
                        new Datatypes.Member(
                                "head", 0, Datatypes.header(WaveformHeaderFormat.FIELDS, WaveformHeaderFormat.BYTES)),
                        new Datatypes.Member("data", WAVEFORM_DATA_OFFSET, Datatypes.sequence(Datatypes.unsigned(4)))));
    }

    static byte[] imageHeader() {
        return Datatypes.header(ImageHeaderFormat.FIELDS, ImageHeaderFormat.BYTES);
    }

    static byte[] pixel(PixelType type) {
        return switch (type) {
            case U16, U32 -> Datatypes.unsigned(type.bytes());
            case I16, I32 -> Datatypes.signed(type.bytes());
            case F32 -> Datatypes.float32();
            case F64 -> Datatypes.float64();
            case COMPLEX_F32 -> complex(type.bytes(), Datatypes.float32());
            case COMPLEX_F64 -> complex(type.bytes(), Datatypes.float64());
        };
    }

    private static byte[] complex(int bytes, byte[] part) {
        return Datatypes.compound(
                bytes, List.of(new Datatypes.Member("real", 0, part), new Datatypes.Member("imag", bytes / 2, part)));
    }
}
