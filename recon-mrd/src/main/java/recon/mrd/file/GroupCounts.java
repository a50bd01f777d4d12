package recon.mrd.file;

import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** How many items a group of an ISMRMRD file says it holds; finding out takes no more memory the more it holds of one series. */
public record GroupCounts(long readouts, long waveforms, long images) {
    /**
     * Looks at the sizes of the datasets only.
     *
     * @throws recon.mrd.format.MrdException if it is no HDF5 file, is damaged, or has no such group
     */
    public static GroupCounts of(Path file, String group) throws IOException {
        try (Hdf5Input in = Hdf5Input.open(file)) {
            return in.guarded(() -> {
                Group parent = in.group(group);
                long images = 0;
                for (Node child : parent.getChildren().values()) {
                    if (!child.isLink() && child instanceof Group series && ImageGroup.isOne(series)) {
                        images += count(series, ImageGroup.HEADER);
                    }
                }
                return new GroupCounts(count(parent, MrdReader.DATA), count(parent, MrdReader.WAVEFORMS), images);
            });
        }
    }

    private static long count(Group group, String name) {
        Optional<Dataset> dataset = Hdf5Input.dataset(group, name);
        return dataset.isEmpty() ? 0 : dataset.get().getDimensionsAsLong()[0];
    }

    @Override
    public String toString() {
        return readouts + " readouts, " + waveforms + " waveforms, " + images + " images";
    }
}
