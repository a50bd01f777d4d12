package recon.mrd.file;

import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.Waveform;
import recon.mrd.format.WaveformHeader;

/**
 * Reads one group of an ISMRMRD file: the texts at once, acquisitions, waveforms and images one by one and in any order, so
 * that the memory in use does not grow with the file but for its index. Each of them may be missing. Not for use by several
 * threads.
 */
public final class MrdReader implements Closeable {
    static final String DATA = "data";
    static final String WAVEFORMS = "waveforms";

    private final Hdf5Input in;
    private final String group;
    private final Map<MrdText, String> texts = new EnumMap<>(MrdText.class);
    private final Optional<AcquisitionSource> acquisitions;
    private final Optional<WaveformSource> waveforms;
    private final List<Group> imageGroups;
    private List<ImageGroup> images;
    private MrdHeader header;

    private MrdReader(Hdf5Input in, Group parent) throws MrdException {
        this.in = in;
        this.group = parent.getName();
        for (MrdText kind : MrdText.values()) {
            Optional<Dataset> text = Hdf5Input.dataset(parent, kind.dataset());
            if (text.isPresent()) {
                texts.put(kind, onlyText(text.get(), in));
            }
        }
        Optional<Dataset> data = Hdf5Input.dataset(parent, DATA);
        this.acquisitions = data.isEmpty() ? Optional.empty() : Optional.of(new AcquisitionSource(data.get(), in));
        Optional<Dataset> recorded = Hdf5Input.dataset(parent, WAVEFORMS);
        this.waveforms = recorded.isEmpty() ? Optional.empty() : Optional.of(new WaveformSource(recorded.get(), in));
        this.imageGroups = imageGroups(parent);
    }

    /**
     * Opens a file and takes its group {@value MrdWriter#DEFAULT_GROUP}, or its only group.
     *
     * @throws MrdException if it is no HDF5 file, is damaged, or the group holds nothing of ISMRMRD
     */
    public static MrdReader open(Path path) throws IOException {
        return open(path, null);
    }

    /** Opens a file and takes the named group. */
    public static MrdReader open(Path path, String group) throws IOException {
        Hdf5Input in = Hdf5Input.open(path);
        try {
            return in.guarded(() -> {
                String name = group == null ? usualGroup(in.groups()) : group;
                Group parent = in.group(name);
                MrdReader reader = new MrdReader(in, parent);
                if (reader.texts.isEmpty()
                        && reader.acquisitions.isEmpty()
                        && reader.waveforms.isEmpty()
                        && reader.imageGroups.isEmpty()) {
                    throw new MrdException("not an ISMRMRD file: there is neither xml, data, waveforms nor images in "
                            + parent.getPath());
                }
                return reader;
            });
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** Reads any group of an open file, which is closed with the reader. */
    static MrdReader of(Hdf5Input in, String group) throws IOException {
        return in.guarded(() -> new MrdReader(in, in.group(group)));
    }

    /** Names of all groups of a file, in alphabetical order. */
    public static List<String> groups(Path path) throws IOException {
        try (Hdf5Input in = Hdf5Input.open(path)) {
            return in.guarded(() -> in.groups().stream().sorted().toList());
        }
    }

    private static String usualGroup(List<String> groups) {
        return groups.size() == 1 ? groups.get(0) : MrdWriter.DEFAULT_GROUP;
    }

    private static String onlyText(Dataset dataset, Hdf5Input in) throws MrdException {
        TextSource texts = new TextSource(dataset, in, MrdHeader.MAX_XML_CHARS);
        if (texts.count() != 1) {
            throw new MrdException(dataset.getPath() + " has " + texts.count() + " elements where 1 belongs");
        }
        return texts.text(0);
    }

    private static List<Group> imageGroups(Group parent) {
        List<Group> groups = new ArrayList<>();
        for (Node child : new TreeMap<>(parent.getChildren()).values()) {
            if (child instanceof Group group && !child.isLink() && ImageGroup.isOne(group)) {
                groups.add(group);
            }
        }
        return groups;
    }

    /** A text as it stands in the file. */
    public Optional<String> text(MrdText kind) {
        return Optional.ofNullable(texts.get(kind));
    }

    /** The XML header as it stands in the file; empty if there is none. */
    public String xml() {
        return texts.getOrDefault(MrdText.XML, "");
    }

    /** @throws MrdException if there is no XML header, or it is none */
    public MrdHeader header() throws MrdException {
        if (header == null) {
            try {
                if (!texts.containsKey(MrdText.XML)) {
                    throw new MrdException("there is no XML header in group " + group);
                }
                header = MrdHeader.parse(xml());
            } catch (MrdException e) {
                throw in.named(e);
            }
        }
        return header;
    }

    /** Name of the group that is being read. */
    public String group() {
        return group;
    }

    public Path path() {
        return in.path();
    }

    /** Number of acquisitions. */
    public int count() {
        return acquisitions.map(AcquisitionSource::count).orElse(0);
    }

    /**
     * The header of one acquisition, without its data.
     *
     * @param index 0 to {@link #count()} - 1
     */
    public AcquisitionHeader acquisitionHeader(int index) throws IOException {
        return in.guarded(
                () -> acquisitions.orElseThrow(() -> none("acquisitions")).header(index));
    }

    /**
     * One acquisition.
     *
     * @param index 0 to {@link #count()} - 1
     */
    public Acquisition acquisition(int index) throws IOException {
        return in.guarded(
                () -> acquisitions.orElseThrow(() -> none("acquisitions")).acquisition(index));
    }

    /** Number of waveforms. */
    public int waveformCount() {
        return waveforms.map(WaveformSource::count).orElse(0);
    }

    /**
     * One waveform.
     *
     * @param index 0 to {@link #waveformCount()} - 1
     */
    public Waveform waveform(int index) throws IOException {
        return in.guarded(() -> waveforms.orElseThrow(() -> none("waveforms")).waveform(index));
    }

    /** The header of one waveform, without its data. */
    public WaveformHeader waveformHeader(int index) throws IOException {
        return in.guarded(() -> waveforms.orElseThrow(() -> none("waveforms")).header(index));
    }

    private MrdException none(String what) {
        return new MrdException("there are no " + what + " in group " + group);
    }

    /**
     * The groups of images, whatever their names, in alphabetical order.
     *
     * @throws MrdException if one of them is damaged; the rest of the file can be read nevertheless
     */
    public List<ImageGroup> images() throws IOException {
        if (images == null) {
            images = in.guarded(() -> {
                List<ImageGroup> found = new ArrayList<>();
                for (Group images : imageGroups) {
                    found.add(new ImageGroup(in, images));
                }
                return List.copyOf(found);
            });
        }
        return images;
    }

    /** Whether the acquisitions are laid out as this package does. */
    boolean hasOurAcquisitions() {
        return acquisitions.isPresent() && acquisitions.get().isLikeOurs();
    }

    boolean hasOurWaveforms() {
        return waveforms.isPresent() && waveforms.get().isLikeOurs();
    }

    @Override
    public void close() {
        in.close();
    }
}
