package recon.mrd.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.EncodingCounters;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.PixelType;
import recon.mrd.format.WaveformHeader;

/**
 * What a group of a file holds, found out from headers alone.
 *
 * @param header empty if there is no XML header, or it cannot be read
 * @param headerProblem why it cannot be read
 * @param readouts empty if there are no acquisitions
 * @param waveforms by id: pieces and their channels
 * @param texts characters of each text
 */
public record GroupSummary(
        String group,
        Optional<MrdHeader> header,
        Optional<String> headerProblem,
        Optional<Readouts> readouts,
        List<Waveforms> waveforms,
        List<Series> series,
        Map<MrdText, Integer> texts) {
    private static final long NO_IMAGE = AcquisitionFlag.maskOf(
            AcquisitionFlag.NOISE_MEASUREMENT,
            AcquisitionFlag.PARALLEL_CALIBRATION,
            AcquisitionFlag.NAVIGATION_DATA,
            AcquisitionFlag.PHASE_CORRECTION_DATA,
            AcquisitionFlag.HP_FEEDBACK_DATA,
            AcquisitionFlag.DUMMY_SCAN_DATA,
            AcquisitionFlag.RT_FEEDBACK_DATA,
            AcquisitionFlag.SURFACE_COIL_CORRECTION_SCAN_DATA,
            AcquisitionFlag.PHASE_STABILIZATION_REFERENCE,
            AcquisitionFlag.PHASE_STABILIZATION);

    /**
     * The acquisitions. Noise scans and others that make no image count for {@code count} only.
     *
     * @param coils most active channels
     * @param samples most samples of a channel
     * @param noiseScans readouts of noise alone
     * @param otherScans calibration, navigation, phase correction, ...
     * @param fewestLines lines of the slice that has fewest (different values of kspace_encode_step_1)
     * @param mostLines lines of the slice that has most
     * @param counters how many different values each counter has, by its name; those with one are left out
     */
    public record Readouts(
            int count,
            int noiseScans,
            int otherScans,
            int coils,
            int samples,
            int trajectoryDimensions,
            int slices,
            int fewestLines,
            int mostLines,
            Map<String, Integer> counters) {}

    /** Pieces of a waveform. */
    public record Waveforms(int id, int count, int channels) {}

    /**
     * A series of images.
     *
     * @param slices of each image, a volume if more than 1
     * @param imageTypes of the headers, see {@link recon.mrd.format.ImageType}
     */
    public record Series(
            String name,
            int count,
            int columns,
            int rows,
            int slices,
            int channels,
            PixelType pixelType,
            List<Integer> imageTypes) {}

    public GroupSummary {
        waveforms = List.copyOf(waveforms);
        series = List.copyOf(series);
    }

    /** Looks through the headers of what the reader reads. */
    public static GroupSummary of(MrdReader in) throws IOException {
        Optional<MrdHeader> header = Optional.empty();
        Optional<String> problem = Optional.empty();
        if (in.text(MrdText.XML).isPresent()) {
            try {
                header = Optional.of(in.header());
            } catch (MrdException e) {
                problem = Optional.of(e.getMessage());
            }
        }
        Map<MrdText, Integer> texts = new TreeMap<>();
        for (MrdText kind : MrdText.values()) {
            in.text(kind).ifPresent(text -> texts.put(kind, text.length()));
        }
        return new GroupSummary(
                in.group(),
                header,
                problem,
                in.count() == 0 ? Optional.empty() : Optional.of(readouts(in)),
                waveforms(in),
                series(in),
                texts);
    }

    private static Readouts readouts(MrdReader in) throws IOException {
        int noise = 0;
        int other = 0;
        int coils = 0;
        int samples = 0;
        int dimensions = 0;
        Map<String, BitSet> values = new TreeMap<>();
        Map<Integer, BitSet> lines = new HashMap<>();
        for (int i = 0; i < in.count(); i++) {
            AcquisitionHeader head = in.acquisitionHeader(i);
            coils = Math.max(coils, head.activeChannels());
            if (head.has(AcquisitionFlag.NOISE_MEASUREMENT)) {
                noise++;
            } else if ((head.flags() & NO_IMAGE) != 0) {
                other++;
            } else {
                samples = Math.max(samples, head.numberOfSamples());
                dimensions = Math.max(dimensions, head.trajectoryDimensions());
                EncodingCounters idx = head.idx();
                count(values, idx);
                lines.computeIfAbsent(idx.slice(), none -> new BitSet()).set(idx.kspaceEncodeStep1());
            }
        }
        Map<String, Integer> counters = new TreeMap<>();
        values.forEach((name, set) -> {
            if (set.cardinality() > 1) {
                counters.put(name, set.cardinality());
            }
        });
        return new Readouts(
                in.count(),
                noise,
                other,
                coils,
                samples,
                dimensions,
                lines.size(),
                lines.values().stream().mapToInt(BitSet::cardinality).min().orElse(0),
                lines.values().stream().mapToInt(BitSet::cardinality).max().orElse(0),
                counters);
    }

    private static void count(Map<String, BitSet> values, EncodingCounters idx) {
        count(values, "partitions", idx.kspaceEncodeStep2());
        count(values, "averages", idx.average());
        count(values, "contrasts", idx.contrast());
        count(values, "phases", idx.phase());
        count(values, "repetitions", idx.repetition());
        count(values, "sets", idx.set());
        count(values, "segments", idx.segment());
    }

    private static void count(Map<String, BitSet> values, String name, int value) {
        values.computeIfAbsent(name, none -> new BitSet()).set(value);
    }

    private static List<Waveforms> waveforms(MrdReader in) throws IOException {
        Map<Integer, Waveforms> byId = new TreeMap<>();
        for (int i = 0; i < in.waveformCount(); i++) {
            WaveformHeader head = in.waveformHeader(i);
            Waveforms before = byId.getOrDefault(head.waveformId(), new Waveforms(head.waveformId(), 0, 0));
            byId.put(
                    head.waveformId(),
                    new Waveforms(head.waveformId(), before.count() + 1, Math.max(before.channels(), head.channels())));
        }
        return List.copyOf(byId.values());
    }

    private static List<Series> series(MrdReader in) throws IOException {
        List<Series> all = new ArrayList<>();
        for (ImageGroup images : in.images()) {
            TreeSet<Integer> types = new TreeSet<>();
            for (int i = 0; i < images.count(); i++) {
                ImageHeader head = images.header(i);
                types.add(head.imageType());
            }
            ImageShape shape = images.shape();
            all.add(new Series(
                    images.name(),
                    images.count(),
                    shape.columns(),
                    shape.rows(),
                    shape.slices(),
                    shape.channels(),
                    shape.type(),
                    List.copyOf(types)));
        }
        return all;
    }
}
