package recon.mrd.format;

/** A position in mm or a direction (unit length), in the patient's coordinates: x to the left, y to the back, z to the head. */
public record Vector3(float x, float y, float z) {
    public static final Vector3 ZERO = new Vector3(0, 0, 0);

    public boolean isZero() {
        return x == 0 && y == 0 && z == 0;
    }

    public Vector3 plus(Vector3 other) {
        return new Vector3(x + other.x, y + other.y, z + other.z);
    }

    public Vector3 times(double factor) {
        return new Vector3((float) (x * factor), (float) (y * factor), (float) (z * factor));
    }
}
