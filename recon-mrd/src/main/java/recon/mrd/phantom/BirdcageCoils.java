package recon.mrd.phantom;

/**
 * Sensitivities of coils that stand around the object on a circle of 1.5 times half the field of view: they fall off with
 * the distance and turn in phase with the angle. The root of the sum of their squares is 1 everywhere.
 */
final class BirdcageCoils {
    private static final double RADIUS = 1.5;

    private BirdcageCoils() {}

    /** Per coil {@code n} x {@code n} complex values, re/im interleaved, x fastest. */
    static double[][] sensitivities(int n, int coils) {
        double[][] maps = new double[coils][2 * n * n];
        for (int coil = 0; coil < coils; coil++) {
            double angle = 2 * Math.PI * coil / coils;
            for (int row = 0; row < n; row++) {
                double y = (row - n / 2.0) / (n / 2.0) - RADIUS * Math.sin(angle);
                for (int column = 0; column < n; column++) {
                    double x = (column - n / 2.0) / (n / 2.0) - RADIUS * Math.cos(angle);
                    double strength = 1 / Math.hypot(x, y);
                    double phase = Math.atan2(x, -y) - angle;
                    int at = 2 * (row * n + column);
                    maps[coil][at] = strength * Math.cos(phase);
                    maps[coil][at + 1] = strength * Math.sin(phase);
                }
            }
        }
        normalize(maps);
        return maps;
    }

    private static void normalize(double[][] maps) {
        for (int at = 0; at < maps[0].length; at += 2) {
            double power = 0;
            for (double[] map : maps) {
                power += map[at] * map[at] + map[at + 1] * map[at + 1];
            }
            double scale = 1 / Math.sqrt(power);
            for (double[] map : maps) {
                map[at] *= scale;
                map[at + 1] *= scale;
            }
        }
    }
}
