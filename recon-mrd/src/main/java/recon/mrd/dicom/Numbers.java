package recon.mrd.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Binary numbers of the VRs US, SS, UL, SL, UV, SV, FL and FD, little-endian. */
final class Numbers {
    private Numbers() {}

    /** @throws IllegalArgumentException if a value is outside the range of the VR */
    static byte[] encode(Vr vr, int... values) {
        byte[] encoded = new byte[values.length * vr.unitBytes()];
        ByteBuffer bytes = little(encoded);
        for (int value : values) {
            long low = !vr.isSigned() ? 0 : vr.unitBytes() == 2 ? Short.MIN_VALUE : Integer.MIN_VALUE;
            long high = vr.unitBytes() == 2 ? low + 0xffff : Integer.MAX_VALUE;
            if (value < low || value > high) {
                throw new IllegalArgumentException(vr + " value " + value + " is outside " + low + ".." + high);
            }
            switch (vr.unitBytes()) {
                case 2 -> bytes.putShort((short) value);
                case 4 -> bytes.putInt(value);
                default -> bytes.putLong(value);
            }
        }
        return encoded;
    }

    static byte[] encode(Vr vr, double... values) {
        byte[] encoded = new byte[values.length * vr.unitBytes()];
        ByteBuffer bytes = little(encoded);
        for (double value : values) {
            if (vr == Vr.FL) {
                bytes.putFloat((float) value);
            } else {
                bytes.putDouble(value);
            }
        }
        return encoded;
    }

    /** The values that are there in full; an odd rest is left out. */
    static double[] decode(Vr vr, byte[] value) {
        ByteBuffer bytes = little(value);
        double[] values = new double[value.length / vr.unitBytes()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (vr) {
                case FL -> bytes.getFloat();
                case FD -> bytes.getDouble();
                case SS -> bytes.getShort();
                case US -> bytes.getShort() & 0xffff;
                case SL -> bytes.getInt();
                case UL -> bytes.getInt() & 0xffff_ffffL;
                default -> bytes.getLong();
            };
        }
        return values;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
