package recon.mrd.phantom;

/**
 * The Shepp-Logan head phantom with the higher contrast of Toft (The Radon Transform: Theory and Implementation, 1996).
 */
public final class SheppLogan {
    /** Added intensity, half axes, centre, rotation; lengths in units of half the field of view. */
    private record Ellipse(double intensity, double a, double b, double x0, double y0, double degrees) {
        boolean contains(double x, double y) {
            double phi = Math.toRadians(degrees);
            double dx = x - x0;
            double dy = y - y0;
            double along = (dx * Math.cos(phi) + dy * Math.sin(phi)) / a;
            double across = (dy * Math.cos(phi) - dx * Math.sin(phi)) / b;
            return along * along + across * across <= 1;
        }
    }

    private static final Ellipse[] ELLIPSES = {
        new Ellipse(1, .69, .92, 0, 0, 0),
        new Ellipse(-.8, .6624, .874, 0, -.0184, 0),
        new Ellipse(-.2, .11, .31, .22, 0, -18),
        new Ellipse(-.2, .16, .41, -.22, 0, 18),
        new Ellipse(.1, .21, .25, 0, .35, 0),
        new Ellipse(.1, .046, .046, 0, .1, 0),
        new Ellipse(.1, .046, .046, 0, -.1, 0),
        new Ellipse(.1, .046, .023, -.08, -.605, 0),
        new Ellipse(.1, .023, .023, 0, -.606, 0),
        new Ellipse(.1, .023, .046, .06, -.605, 0),
    };

    private SheppLogan() {}

    /**
     * Samples the phantom at {@code n} x {@code n} points from -1 to 1, both included.
     *
     * @param n at least 2
     * @param size 1 for the whole phantom, less for a smaller one around the same centre
     * @return intensities 0 to 1, x fastest, y growing with the row
     */
    public static double[] image(int n, double size) {
        if (n < 2 || !(size > 0)) {
            throw new IllegalArgumentException("no phantom of " + n + " points and size " + size);
        }
        double[] image = new double[n * n];
        for (int row = 0; row < n; row++) {
            double y = (2.0 * row / (n - 1) - 1) / size;
            for (int column = 0; column < n; column++) {
                double x = (2.0 * column / (n - 1) - 1) / size;
                double intensity = 0;
                for (Ellipse ellipse : ELLIPSES) {
                    intensity += ellipse.contains(x, y) ? ellipse.intensity() : 0;
                }
                image[row * n + column] = intensity;
            }
        }
        return image;
    }
}
