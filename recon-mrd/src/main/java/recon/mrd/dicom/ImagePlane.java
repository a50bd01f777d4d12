package recon.mrd.dicom;

import recon.mrd.format.Vector3;
import recon.mrd.recon.ReconImage;

/**
 * Where the pixels of an image lie in the patient (PS3.3 C.7.6.2), in mm along the axes left, posterior, head.
 *
 * <p>The columns of an image follow the readout: the direction of a row (in which the column index grows) is the read
 * direction, that of a column the phase direction.
 *
 * @param row unit vector, three values
 * @param column unit vector perpendicular to it
 * @param normal row x column
 * @param first centre of the first (upper left) pixel
 * @param trusted false if the image's directions were no orthonormal pair and the axial plane stands in for them
 */
@SuppressWarnings("ArrayRecordComponent") // made here, read in this package, never handed out
record ImagePlane(double[] row, double[] column, double[] normal, double[] first, boolean trusted) {
    private static final double TOLERANCE = 1e-3;
    private static final double[] AXIAL_ROW = {1, 0, 0};
    private static final double[] AXIAL_COLUMN = {0, 1, 0};

    /**
     * The plane of an image whose position is the middle between its first and last pixel, along rows and columns:
     * {@code first = position - row * dx * (columns - 1) / 2 - column * dy * (rows - 1) / 2}.
     */
    static ImagePlane of(ReconImage image, double columnSpacingMm, double rowSpacingMm) {
        double[] row = array(image.readDirection());
        double[] column = array(image.phaseDirection());
        boolean trusted = isUnit(row) && isUnit(column) && Math.abs(dot(row, column)) < TOLERANCE;
        if (trusted) {
            row = normalised(row);
            column = normalised(combine(column, row, -dot(row, column)));
        } else {
            row = AXIAL_ROW;
            column = AXIAL_COLUMN;
        }
        double[] centre = array(image.positionMm());
        double[] first = combine(
                combine(centre, row, -columnSpacingMm * (image.columns() - 1) / 2.0),
                column,
                -rowSpacingMm * (image.rows() - 1) / 2.0);
        return new ImagePlane(row, column, cross(row, column), first, trusted);
    }

    /** Position of the plane along its normal. */
    double location() {
        return dot(first, normal);
    }

    boolean isParallelTo(ImagePlane other) {
        return dot(row, other.row) > 1 - 1e-6 && dot(column, other.column) > 1 - 1e-6;
    }

    private static double[] array(Vector3 v) {
        double[] values = {v.x(), v.y(), v.z()};
        for (int i = 0; i < values.length; i++) {
            values[i] = Double.isFinite(values[i]) ? values[i] : 0;
        }
        return values;
    }

    private static boolean isUnit(double[] v) {
        return Math.abs(Math.sqrt(dot(v, v)) - 1) < TOLERANCE;
    }

    private static double[] normalised(double[] v) {
        double length = Math.sqrt(dot(v, v));
        return new double[] {v[0] / length, v[1] / length, v[2] / length};
    }

    private static double[] combine(double[] a, double[] b, double factor) {
        return new double[] {a[0] + factor * b[0], a[1] + factor * b[1], a[2] + factor * b[2]};
    }

    private static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }

    private static double[] cross(double[] a, double[] b) {
        return new double[] {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
    }
}
