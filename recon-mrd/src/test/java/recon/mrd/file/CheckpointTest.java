package recon.mrd.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdItem;

/** What can be had back of a file that was not completed. */
class CheckpointTest {
    @TempDir
    Path directory;

    private final Random random = new Random(5);

    private Path temporary() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> MrdWriter.targetOf(file).isPresent())
                    .findFirst()
                    .orElseThrow();
        }
    }

    private List<MrdItem> items(int count) {
        List<MrdItem> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(RandomItems.acquisition(random, 20));
        }
        return items;
    }

    private static void requireAcquisitions(Path file, List<MrdItem> expected) throws IOException {
        try (MrdReader in = MrdReader.open(file)) {
            assertThat(in.count()).isEqualTo(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                assertThat(in.acquisition(i)).isEqualTo(expected.get(i));
            }
        }
    }

    @Test
    void readersFindWhatWasPublishedWhileTheWriterGoesOn() throws Exception {
        List<MrdItem> written = new ArrayList<>();
        Path file = directory.resolve("a.h5");
        try (MrdWriter writer = MrdWriter.create(file, "dataset", "no header")) {
            for (int count : List.of(1, 62, 1, 1, 300, 0, 3740, 1)) { // nodes have 64 entries, levels 4096
                for (MrdItem item : items(count)) {
                    writer.write(item);
                    written.add(item);
                }
                MrdWriter.Checkpoint checkpoint = writer.checkpoint();
                List<MrdItem> inIt = List.copyOf(written);
                MrdItem later = items(1).get(0);
                writer.write(later);
                written.add(later);
                checkpoint.sync();
                checkpoint.publish();
                requireAcquisitions(temporary(), inIt);
                assertThat(GroupCounts.of(temporary(), "dataset").readouts()).isEqualTo(inIt.size());
            }
            writer.commit();
        }
        requireAcquisitions(file, written);
    }

    @Test
    void allKindsOfItemsAndTextsAreInIt() throws Exception {
        Image image = Image.of(ImageHeader.builder(), new MetaAttributes(), new short[] {9});
        try (MrdWriter writer = MrdWriter.create(directory.resolve("a.h5"), "dataset")) {
            writer.checkpoint().publish();
            assertThatThrownBy(() -> MrdReader.open(temporary()))
                    .isInstanceOf(MrdException.class)
                    .hasMessageContaining("there is neither xml");
            writer.write(MrdText.XML, "first");
            writer.write(image);
            writer.checkpoint().publish();
            writer.write(MrdText.XML, "second");
            Path left = writer.leave();
            try (MrdReader in = MrdReader.open(left)) {
                assertThat(in.xml()).isEqualTo("first");
                assertThat(in.images().get(0).image(0)).isEqualTo(image);
            }
            assertThat(GroupCounts.of(left, "dataset")).hasToString("0 readouts, 0 waveforms, 1 images");
        }
        assertThat(temporary()).exists();
        assertThat(MrdWriter.targetOf(temporary())).contains("a.h5");
    }

    @Test
    void aFileThatWasCompletedButNotNamedIsWhole() throws Exception {
        List<MrdItem> items = items(3);
        try (MrdWriter writer = MrdWriter.create(directory.resolve("a.h5"), "dataset", "no header")) {
            for (MrdItem item : items) {
                writer.write(item);
            }
            assertThat(writer.complete()).isEqualTo(temporary());
        }
        requireAcquisitions(temporary(), items);
        assertThat(directory.resolve("a.h5")).doesNotExist();
    }

    @Test
    void itIsKnownWhetherAFileIsBeingWritten() throws Exception {
        Path left;
        try (MrdWriter writer = MrdWriter.create(directory.resolve("a.h5"), "dataset")) {
            assertThat(MrdWriter.isBeingWritten(temporary())).isTrue();
            left = writer.leave();
        }
        assertThat(MrdWriter.isBeingWritten(left)).isFalse();
    }

    @Test
    void otherFilesHaveNoTemporaryName() {
        for (String name : List.of("a.h5", ".a.h5.part", ".a.h5.1234.part", ".incoming-1.part")) {
            assertThat(MrdWriter.targetOf(Path.of("there", name))).isEmpty();
        }
    }

    @Test
    void otherProgramsSeeThatAFileIsBeingWrittenAlsoOneThatIsAddedTo() throws Exception {
        Path locks = Path.of("/proc/locks");
        assumeTrue(Files.isReadable(locks), "skipped: needs " + locks);
        Path file = directory.resolve("a.h5");
        try (MrdWriter writer = MrdWriter.create(file, "dataset", "no header")) {
            assertThat(ownLocks(locks)).isEqualTo(1);
            writer.write(items(1).get(0));
            writer.commit();
        }
        try (MrdWriter writer = MrdWriter.append(file, "dataset")) {
            writer.write(items(1).get(0));
            assertThat(ownLocks(locks)).isEqualTo(1);
        }
        assertThat(ownLocks(locks)).isZero();
    }

    private static long ownLocks(Path locks) throws IOException {
        String pid = " " + ProcessHandle.current().pid() + " ";
        return Files.readAllLines(locks).stream()
                .filter(line -> line.contains(pid) && line.contains(Long.toString(1L << 62)))
                .count();
    }

    @Test
    void aCheckpointTakesNoSpaceForWhatHasNotChanged() throws Exception {
        int series = 50;
        try (MrdWriter writer = MrdWriter.create(directory.resolve("a.h5"), "dataset", "no header")) {
            for (int i = 0; i < series; i++) {
                writer.write(
                        Image.of(ImageHeader.builder().imageSeriesIndex(i), new MetaAttributes(), new short[] {9}));
            }
            writer.write(items(1).get(0));
            writer.checkpoint().publish();
            long before = Files.size(temporary());
            writer.write(MrdText.CONFIG, "changed");
            writer.checkpoint().publish();
            assertThat(Files.size(temporary()) - before).isLessThan(10_000);
            assertThat(GroupCounts.of(temporary(), "dataset").images()).isEqualTo(series);
            writer.commit();
        }
        try (MrdReader in = MrdReader.open(directory.resolve("a.h5"))) {
            assertThat(in.images()).hasSize(series);
            assertThat(in.count()).isEqualTo(1);
        }
    }

    @Test
    void aSeriesMoreThanAGroupHoldsIsRefusedAndTheRestIsKept() throws Exception {
        Path file = directory.resolve("a.h5");
        try (MrdWriter writer = MrdWriter.create(file, "dataset", "no header")) {
            for (int i = 0; i < GroupWriter.MAX_SERIES; i++) {
                writer.write(
                        Image.of(ImageHeader.builder().imageSeriesIndex(i), new MetaAttributes(), new short[] {9}));
            }
            Image more = Image.of(
                    ImageHeader.builder().imageSeriesIndex(GroupWriter.MAX_SERIES), new MetaAttributes(), new short[] {9
                    });
            assertThatThrownBy(() -> writer.write(more))
                    .isInstanceOf(MrdException.class)
                    .hasMessageContaining("image_series_index");
            writer.commit();
        }
        assertThat(GroupCounts.of(file, "dataset").images()).isEqualTo(GroupWriter.MAX_SERIES);
    }
}
