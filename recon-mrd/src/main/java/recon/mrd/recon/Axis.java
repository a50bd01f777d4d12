package recon.mrd.recon;

import java.util.Optional;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader.Limit;

/**
 * One direction of an image: from what was encoded to what is put out. k-space is padded with zeros or cut to {@code
 * grid} elements, which after the transform have the pixel size that the header asks for, and the middle {@code output}
 * of them are the image.
 *
 * @param encoded size of the encoded matrix
 * @param center counter or sample at the centre of k-space
 * @param grid size of the transform
 * @param output size of the image
 * @param spacingMm distance between neighbouring pixels; 1 where the header gives no field of view
 */
record Axis(int encoded, int center, int grid, int output, double spacingMm) {
    /** A header that asks for pixels this much finer or coarser than the encoding is taken for wrong. */
    private static final int MAX_SCALE = 8;

    /**
     * Plans one direction.
     *
     * @param reconstructed size of the image; 0 means as encoded
     * @param limit of the counter, if known; centre 0 means not known
     */
    static Axis of(
            String name,
            int encoded,
            double encodedMm,
            int reconstructed,
            double reconstructedMm,
            Optional<Limit> limit)
            throws MrdException {
        if (encoded < 1) {
            throw new MrdException("the encoded matrix has size " + encoded + " in " + name + "; at least 1 belongs");
        }
        int output = reconstructed > 0 ? reconstructed : encoded;
        boolean known = encodedMm > 0 && reconstructedMm > 0;
        double exact = known ? encodedMm / reconstructedMm * output : Math.max(encoded, output);
        if (!(exact * MAX_SCALE >= encoded && exact <= (double) MAX_SCALE * encoded)) {
            throw new MrdException("in " + name + " the header encodes " + encoded + " elements over " + encodedMm
                    + " mm but asks for " + output + " pixels over " + reconstructedMm + " mm");
        }
        int grid = (int) Math.max(1, Math.rint(exact));
        if (Math.abs(grid - encoded) <= 1) {
            grid = encoded; // sizes in mm are rounded; no line is to be lost for that
        }
        int center = limit.map(Limit::center).filter(c -> c > 0).orElse(encoded / 2);
        double spacing = known ? encodedMm / grid : 1;
        return new Axis(encoded, center, grid, Math.min(output, grid), spacing);
    }

    /** A direction that is not encoded. */
    static Axis single(double thicknessMm) {
        return new Axis(1, 0, 1, 1, thicknessMm > 0 ? thicknessMm : 1);
    }

    /** Index within the encoded matrix that puts the centre at {@code encoded / 2}; outside 0..encoded-1 if it does not fit. */
    int encodedIndex(int counter) {
        return counter - center + encoded / 2;
    }

    /** Index within the grid of an element of the encoded matrix; outside 0..grid-1 if it is cut. */
    int gridIndex(int encodedIndex) {
        return encodedIndex - encoded / 2 + grid / 2;
    }

    /** How many elements of the grid the lines within these limits of the counter fill. */
    int lines(Limit limit) {
        int first = gridIndex(Math.max(0, encodedIndex(limit.minimum())));
        int last = gridIndex(Math.min(encoded - 1, encodedIndex(limit.maximum())));
        return Math.max(0, Math.min(grid - 1, last) - Math.max(0, first) + 1);
    }

    /** First element of the grid that belongs to the image. */
    int outputStart() {
        return (grid - output) / 2;
    }
}
