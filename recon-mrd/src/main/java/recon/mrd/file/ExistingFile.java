package recon.mrd.file;

import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ChunkedDataset;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import recon.mrd.format.ImageHeaderFormat;
import recon.mrd.format.MrdException;

/**
 * What a file holds that is to be added to, and where: objects stay where they are, and new groups link to them. Datasets
 * that grow keep their elements if these lie as this package writes them, one chunk each.
 */
final class ExistingFile implements Closeable {
    private final Hdf5Input in;
    private final Map<String, Long> rootLinks;
    private final Map<String, Long> groupLinks;
    private final String group;
    private MrdReader reader;

    /** @param group that is added to; it need not exist */
    ExistingFile(Path file, String group) throws IOException {
        this.in = Hdf5Input.open(file);
        this.group = group;
        try {
            this.rootLinks = in.guarded(() -> links(in.root()));
            boolean exists = rootLinks.containsKey(group);
            this.groupLinks = exists ? in.guarded(() -> links(in.group(group))) : Map.of();
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static Map<String, Long> links(Group group) throws MrdException {
        if (!group.getAttributes().isEmpty()) {
            throw new MrdException("nothing can be appended: group " + group.getPath()
                    + " has HDF5 attributes, which would be lost: "
                    + group.getAttributes().keySet());
        }
        Map<String, Long> links = new LinkedHashMap<>();
        for (Node child : group.getChildren().values()) {
            if (child.isLink()) {
                throw new MrdException("nothing can be appended: " + child.getPath()
                        + " is a soft or external link, which would be lost");
            }
            links.put(child.getName(), child.getAddress());
        }
        return links;
    }

    /** The objects of the root by name: the addresses of their headers. */
    Map<String, Long> rootLinks() {
        return rootLinks;
    }

    /** The objects of the group. */
    Map<String, Long> groupLinks() {
        return groupLinks;
    }

    /** Reads the group, which must be there. Open until this is closed. */
    MrdReader reader() throws IOException {
        if (reader == null) {
            reader = MrdReader.of(in, group);
        }
        return reader;
    }

    /** A series of images of the group. */
    ImageGroup images(String name) throws IOException {
        return reader().images().stream()
                .filter(images -> images.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new MrdException(
                        "no image can be added to " + name + " of group " + group + ", which is there but holds none"));
    }

    /** Begins a table with the images as they lie. False if they cannot be kept as they are. */
    boolean keep(ImageGroup images, ImageTable table) throws IOException {
        String name = images.name();
        if (!images.isLikeOurs()) {
            return false;
        }
        Optional<long[]> headers = elements(ImageHeaderFormat.BYTES, name, ImageGroup.HEADER);
        Optional<long[]> attributes = elements(Datatypes.REFERENCE_BYTES, name, ImageGroup.ATTRIBUTES);
        Optional<long[]> pixels = elements(images.imageBytes(), name, ImageGroup.DATA);
        if (headers.isEmpty() || attributes.isEmpty() || pixels.isEmpty()) {
            return false;
        }
        table.adopt(headers.get(), attributes.get(), pixels.get());
        return true;
    }

    /**
     * Where the elements of a dataset lie along its first dimension.
     *
     * @param path of the dataset from the group on
     * @return empty if they cannot be kept as they are
     */
    Optional<long[]> elements(int elementBytes, String... path) throws IOException {
        return in.guarded(() -> {
            Group parent = in.group(group);
            for (int i = 0; i < path.length - 1; i++) {
                parent = (Group) parent.getChild(path[i]);
            }
            Dataset dataset = Hdf5Input.dataset(parent, path[path.length - 1]).orElseThrow();
            boolean alone = dataset instanceof ChunkedDataset chunked && chunked.getChunkDimensions()[0] == 1;
            return alone
                    ? ChunkIndex.of(dataset, in.storage(), elementBytes).flatMap(ChunkIndex::addresses)
                    : Optional.empty();
        });
    }

    @Override
    public void close() {
        in.close();
    }
}
