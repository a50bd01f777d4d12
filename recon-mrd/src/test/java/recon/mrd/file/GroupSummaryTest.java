package recon.mrd.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.EncodingCounters;
import recon.mrd.format.MrdItem;
import recon.mrd.format.PixelType;
import recon.mrd.format.Waveform;
import recon.mrd.format.WaveformHeader;

class GroupSummaryTest {
    @TempDir
    Path folder;

    private static Acquisition readout(int samples, int line, int slice, int repetition, AcquisitionFlag... flags) {
        AcquisitionHeader head = AcquisitionHeader.builder()
                .numberOfSamples(samples)
                .activeChannels(2)
                .flags(AcquisitionFlag.maskOf(flags))
                .idx(new EncodingCounters(line, 0, 0, slice, 0, 0, repetition, 0, 0))
                .build();
        return new Acquisition(head, new float[0], new float[4 * samples]);
    }

    private GroupSummary summary(List<MrdItem> items, Map<MrdText, String> texts) throws Exception {
        Path file = folder.resolve("a.h5");
        MrdItemsFileTest.write(file, items, texts);
        try (MrdReader in = MrdReader.open(file)) {
            return GroupSummary.of(in);
        }
    }

    @Test
    void readoutsAreCountedByWhatTheyAreFor() throws Exception {
        GroupSummary summary = summary(
                List.of(
                        readout(9, 7, 3, 0, AcquisitionFlag.NOISE_MEASUREMENT),
                        readout(9, 7, 3, 0, AcquisitionFlag.NAVIGATION_DATA),
                        readout(4, 0, 0, 0),
                        readout(4, 5, 0, 1, AcquisitionFlag.REVERSE),
                        readout(4, 5, 1, 0)),
                Map.of());
        GroupSummary.Readouts readouts = summary.readouts().orElseThrow();
        assertThat(readouts).isEqualTo(new GroupSummary.Readouts(5, 1, 1, 2, 4, 0, 2, 1, 2, Map.of("repetitions", 2)));
        assertThat(summary.header()).isEmpty();
        assertThat(summary.series()).isEmpty();
    }

    @Test
    void imagesAndWaveformsAreCountedBySeriesAndId() throws Exception {
        Random random = new Random(5);
        List<MrdItem> items = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            items.add(RandomItems.image(random, 4, new ImageShape(PixelType.F32, 2, 3, 4, 5)));
            items.add(new Waveform(new WaveformHeader(1, 0, 0, 0, 0, 2, 1 + i, 1f, 7), new int[2 * (1 + i)]));
        }
        GroupSummary summary = summary(items, Map.of(MrdText.XML, "Dummy XML header", MrdText.CONFIG, "abc"));
        assertThat(summary.readouts()).isEmpty();
        assertThat(summary.headerProblem()).isPresent();
        assertThat(summary.texts()).containsExactly(Map.entry(MrdText.XML, 16), Map.entry(MrdText.CONFIG, 3));
        assertThat(summary.waveforms()).containsExactly(new GroupSummary.Waveforms(7, 3, 3));
        GroupSummary.Series series = summary.series().get(0);
        assertThat(series.name() + " " + series.count()).isEqualTo("image_4 3");
        assertThat(List.of(series.columns(), series.rows(), series.slices(), series.channels()))
                .containsExactly(5, 4, 3, 2);
        assertThat(series.imageTypes()).hasSizeBetween(1, 3);
    }
}
