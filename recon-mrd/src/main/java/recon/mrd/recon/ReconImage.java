package recon.mrd.recon;

import java.util.List;
import recon.mrd.format.EncodingCounters;
import recon.mrd.format.Vector3;

/**
 * One magnitude image and where it lies in the patient. The array is handed over, not copied; nobody writes to it
 * afterwards.
 *
 * @param columns pixels along the readout
 * @param rows pixels along the phase encoding
 * @param magnitude row-major, {@code magnitude[row * columns + column]}; never negative
 * @param positionMm centre of the image plane in the patient's coordinates (LPS); in a volume, of this partition
 * @param readDirection unit vector in which the column index grows
 * @param phaseDirection unit vector in which the row index grows
 * @param sliceDirection unit vector
 * @param columnSpacingMm distance between the centres of neighbouring columns
 * @param rowSpacingMm distance between the centres of neighbouring rows
 * @param sliceThicknessMm of the slice, in a volume of one partition
 * @param counters of the image's first readout; {@code slice}, {@code contrast}, {@code phase}, {@code repetition} and
 *     {@code set} hold for the whole image
 * @param partition 0 in 2D, else the index along the slice direction
 * @param partitions number of partitions of the volume; 1 in 2D
 * @param acquisitionTimeStamp of the image's first readout, in ticks of 2.5 ms since midnight
 * @param physiologyTimeStamp three of them, in ticks of 2.5 ms since a trigger
 */
@SuppressWarnings("ArrayRecordComponent")
public record ReconImage(
        int columns,
        int rows,
        float[] magnitude,
        Vector3 positionMm,
        Vector3 readDirection,
        Vector3 phaseDirection,
        Vector3 sliceDirection,
        double columnSpacingMm,
        double rowSpacingMm,
        double sliceThicknessMm,
        EncodingCounters counters,
        int partition,
        int partitions,
        long acquisitionTimeStamp,
        List<Long> physiologyTimeStamp) {

    public ReconImage {
        if (columns < 1 || rows < 1 || magnitude.length != (long) rows * columns) {
            throw new IllegalArgumentException(
                    magnitude.length + " pixels where " + rows + " rows of " + columns + " columns belong");
        }
        if (partition < 0 || partition >= partitions) {
            throw new IllegalArgumentException("partition " + partition + " is outside 0.." + (partitions - 1));
        }
        physiologyTimeStamp = List.copyOf(physiologyTimeStamp);
    }

    /** The largest pixel. */
    public float maximum() {
        float maximum = 0;
        for (float value : magnitude) {
            maximum = Math.max(maximum, value);
        }
        return maximum;
    }
}
