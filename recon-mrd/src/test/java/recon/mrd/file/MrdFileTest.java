package recon.mrd.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.TestImages;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.MrdException;
import recon.mrd.format.Vector3;

class MrdFileTest {
    private static final String XML = "<ismrmrdHeader xmlns=\"http://www.ismrm.org/ISMRMRD\"/>";

    @TempDir
    Path directory;

    @Property(tries = 25)
    void acquisitionsComeBackAsTheyWereWritten(
            @ForAll long seed, @ForAll @IntRange(max = 300) int count, @ForAll @IntRange(max = 200) int maxSamples)
            throws IOException {
        Random random = new Random(seed);
        List<Acquisition> acquisitions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            acquisitions.add(RandomItems.acquisition(random, maxSamples));
        }
        Path folder = Files.createTempDirectory("mrd");
        Path file = folder.resolve("a.h5");
        try {
            write(file, "dataset", XML, acquisitions);
            try (MrdReader in = MrdReader.open(file)) {
                assertThat(in.xml()).isEqualTo(XML);
                assertThat(in.count()).isEqualTo(count);
                for (int i = 0; i < count; i++) {
                    assertThat(in.acquisition(i)).isEqualTo(acquisitions.get(i));
                    assertThat(in.acquisitionHeader(i))
                            .isEqualTo(acquisitions.get(i).head());
                }
            }
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    @Test
    void indexOfThreeLevelsFindsEveryAcquisitionInAnyOrder() throws Exception {
        int count = 64 * 64 + 70;
        Path file = directory.resolve("many.h5");
        List<Acquisition> acquisitions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            acquisitions.add(new Acquisition(
                    AcquisitionHeader.builder()
                            .scanCounter(i)
                            .numberOfSamples(1)
                            .channels(1)
                            .build(),
                    new float[0],
                    new float[] {i, -i}));
        }
        write(file, "dataset", XML, acquisitions);
        try (MrdReader in = MrdReader.open(file)) {
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                order.add(i);
            }
            Collections.shuffle(order, new Random(1));
            for (int i : order) {
                assertThat(in.acquisition(i)).isEqualTo(acquisitions.get(i));
            }
        }
    }

    @Test
    void readoutsOfSomeMegabytesComeBackBetweenShortOnes() throws Exception {
        Path file = directory.resolve("long.h5");
        List<Acquisition> acquisitions = new ArrayList<>();
        for (int samples : new int[] {10, 65_535, 20, 40_000, 30}) {
            int channels = samples / 10_000 + 1;
            float[] data = new float[2 * samples * channels];
            for (int i = 0; i < data.length; i++) {
                data[i] = i;
            }
            AcquisitionHeader head = AcquisitionHeader.builder()
                    .numberOfSamples(samples)
                    .channels(channels)
                    .build();
            acquisitions.add(new Acquisition(head, new float[0], data));
        }
        write(file, "dataset", XML, acquisitions);
        assertThat(Files.size(file)).isGreaterThan(5 << 20);
        try (MrdReader in = MrdReader.open(file)) {
            for (int i : new int[] {3, 0, 1, 4, 2, 3}) {
                assertThat(in.acquisition(i)).isEqualTo(acquisitions.get(i));
            }
        }
    }

    @Test
    void fileThatIsCutWhileItIsReadIsSaidToBe() throws Exception {
        Path file = directory.resolve("cut.h5");
        write(file, "dataset", XML, List.of(RandomItems.acquisition(new Random(1), 100)));
        try (MrdReader in = MrdReader.open(file)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(100);
            }
            assertThatThrownBy(() -> in.acquisition(0))
                    .isInstanceOf(MrdException.class)
                    .hasMessageStartingWith(file + ": ");
        }
    }

    @Test
    void typeOfAnAcquisitionIsByteForByteThatOfTheCppLibrary() {
        CRC32 crc = new CRC32();
        crc.update(MrdRecords.acquisition());
        assertThat(MrdRecords.acquisition()).hasSize(1448);
        assertThat(crc.getValue()).isEqualTo(0x7e31fda7L);
    }

    @Test
    void fileOfThePythonLibraryIsReadThoughItPacksItsMembers() throws Exception {
        Path file = Path.of(TestImages.class.getResource("shepp64_py_clean.h5").toURI());
        try (MrdReader in = MrdReader.open(file)) {
            assertThat(in.count()).isEqualTo(96);
            assertThat(in.group()).isEqualTo("dataset");
            assertThat(in.header().encodings().get(0).encodedSpace().x()).isEqualTo(128);
            assertThat(in.header().user().longs()).containsEntry("TestLong", 42L);
            AcquisitionHeader head = in.acquisition(33).head();
            assertThat(head.idx().kspaceEncodeStep1()).isEqualTo(1);
            assertThat(head.readDirection()).isEqualTo(new Vector3(1, 0, 0));
            assertThat(in.acquisitionHeader(0).has(AcquisitionFlag.NOISE_MEASUREMENT))
                    .isTrue();
        }
    }

    @Test
    void uncommittedFileVanishesAndTheOldOneStays() throws Exception {
        Path file = Files.writeString(directory.resolve("a.h5"), "old");
        try (MrdWriter writer = MrdWriter.create(file, "dataset", XML)) {
            writer.write(RandomItems.acquisition(new Random(1), 100));
        }
        assertThat(file).hasContent("old");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void onlyGroupIsTakenWhateverItsName() throws Exception {
        Path file = directory.resolve("a.h5");
        write(file, "2026-01-01 Ünïcode", XML, List.of());
        try (MrdReader in = MrdReader.open(file)) {
            assertThat(in.group()).isEqualTo("2026-01-01 Ünïcode");
            assertThat(in.count()).isZero();
        }
        assertThatThrownBy(() -> MrdReader.open(file, "dataset"))
                .isInstanceOf(MrdException.class)
                .hasMessageContaining("no group dataset among [2026-01-01 Ünïcode]");
    }

    @Test
    void hdf5FileWithoutRawDataIsRefusedInOneLine() throws Exception {
        Path file = directory.resolve("images.h5");
        try (io.jhdf.WritableHdfFile hdf = io.jhdf.HdfFile.write(file)) {
            hdf.putGroup("dataset").putDataset("image", new int[] {1, 2});
        }
        assertThatThrownBy(() -> MrdReader.open(file))
                .isInstanceOf(MrdException.class)
                .hasMessage(
                        file + ": not an ISMRMRD file: there is neither xml, data, waveforms nor images in /dataset/");
    }

    @Test
    void dataOfAnotherTypeIsRefusedInOneLine() throws Exception {
        Path file = directory.resolve("numbers.h5");
        try (io.jhdf.WritableHdfFile hdf = io.jhdf.HdfFile.write(file)) {
            io.jhdf.api.WritableGroup group = hdf.putGroup("raw");
            group.putDataset("xml", new String[] {XML});
            group.putDataset("data", new int[] {1, 2});
        }
        assertThatThrownBy(() -> MrdReader.open(file))
                .isInstanceOf(MrdException.class)
                .hasMessage(file + ": /raw/data is not of ISMRMRD: its elements are not compounds");
    }

    @Test
    void groupNameThatCannotBeIsRefused() {
        for (String name : List.of("", "a/b", "x".repeat(256))) {
            assertThatThrownBy(() -> MrdWriter.create(directory.resolve("a.h5"), name, XML))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void folderThatDoesNotExistIsNamed() {
        Path file = directory.resolve("none").resolve("a.h5");
        assertThatThrownBy(() -> MrdWriter.create(file, "dataset", XML))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(file + ": its folder does not exist");
    }

    @Test
    void nothingIsCommittedTwice() throws Exception {
        try (MrdWriter writer = MrdWriter.create(directory.resolve("a.h5"), "dataset", XML)) {
            writer.commit();
            assertThatThrownBy(writer::commit).isInstanceOf(IllegalStateException.class);
        }
    }

    private static void write(Path file, String group, String xml, List<Acquisition> acquisitions) throws IOException {
        try (MrdWriter writer = MrdWriter.create(file, group, xml)) {
            for (Acquisition acquisition : acquisitions) {
                writer.write(acquisition);
            }
            writer.commit();
        }
    }
}
