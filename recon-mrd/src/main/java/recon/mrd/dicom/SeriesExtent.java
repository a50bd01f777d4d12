package recon.mrd.dicom;

import java.util.List;
import java.util.OptionalDouble;
import recon.mrd.recon.ReconImage;

/**
 * What must be known about all images of a series before the first can be written.
 *
 * @param maximum the brightest finite pixel; 0 if all are dark
 * @param repetitions one more than the highest repetition
 * @param phases one more than the highest phase
 * @param sliceSpacingMm smallest distance of parallel planes; empty for a single plane or planes that cross
 */
record SeriesExtent(double maximum, int repetitions, int phases, OptionalDouble sliceSpacingMm) {
    private static final double SAME_PLANE_MM = 1e-3;

    static SeriesExtent of(List<ReconImage> images) {
        double maximum = 0;
        int repetitions = 1;
        int phases = 1;
        for (ReconImage image : images) {
            for (float value : image.magnitude()) {
                if (value > maximum && value < Float.POSITIVE_INFINITY) {
                    maximum = value;
                }
            }
            repetitions = Math.max(repetitions, image.counters().repetition() + 1);
            phases = Math.max(phases, image.counters().phase() + 1);
        }
        return new SeriesExtent(maximum, repetitions, phases, spacing(images));
    }

    private static OptionalDouble spacing(List<ReconImage> images) {
        List<ImagePlane> planes = images.stream()
                .map(image -> ImagePlane.of(image, image.columnSpacingMm(), image.rowSpacingMm()))
                .toList();
        if (planes.stream().anyMatch(plane -> !plane.isParallelTo(planes.get(0)))) {
            return OptionalDouble.empty();
        }
        double[] locations =
                planes.stream().mapToDouble(ImagePlane::location).sorted().toArray();
        double smallest = Double.POSITIVE_INFINITY;
        for (int i = 1; i < locations.length; i++) {
            double distance = locations[i] - locations[i - 1];
            if (distance > SAME_PLANE_MM) {
                smallest = Math.min(smallest, distance);
            }
        }
        return smallest < Double.POSITIVE_INFINITY ? OptionalDouble.of(smallest) : OptionalDouble.empty();
    }
}
