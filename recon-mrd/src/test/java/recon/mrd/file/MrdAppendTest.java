package recon.mrd.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jhdf.checksum.JenkinsLookup3HashLittle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.TestImages;
import recon.mrd.format.Acquisition;
import recon.mrd.format.Image;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdItem;
import recon.mrd.format.PixelType;

class MrdAppendTest {
    private static final ImageShape SMALL = new ImageShape(PixelType.COMPLEX_F32, 2, 1, 3, 4);

    @TempDir
    Path directory;

    @Property(tries = 15)
    void whatIsWrittenInPiecesIsWhatIsWrittenAtOnce(
            @ForAll long seed, @ForAll @IntRange(max = 400) int count, @ForAll @IntRange(min = 1, max = 5) int pieces)
            throws IOException {
        Random random = new Random(seed);
        List<MrdItem> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(
                    switch (random.nextInt(3)) {
                        case 0 -> RandomItems.acquisition(random, 30);
                        case 1 -> RandomItems.waveform(random);
                        default -> RandomItems.image(random, random.nextInt(3), SMALL);
                    });
        }
        MrdItemsFileTest.inTemporaryFile(whole -> {
            MrdItemsFileTest.write(whole, items, Map.of(MrdText.XML, "<x/>"));
            MrdItemsFileTest.inTemporaryFile(file -> {
                MrdItemsFileTest.write(file, List.of(), Map.of(MrdText.XML, "<x/>"));
                int from = 0;
                for (int piece = 1; piece <= pieces; piece++) {
                    int to = piece == pieces ? count : from + random.nextInt(count - from + 1);
                    append(file, "dataset", items.subList(from, to));
                    from = to;
                }
                assertThat(Content.of(file, "dataset")).isEqualTo(Content.of(whole, "dataset"));
            });
        });
    }

    @Test
    void newGroupLeavesTheOthersAsTheyWere() throws Exception {
        for (String name : List.of("shepp64_py_clean.h5", "shepp64_cpp_clean.h5", "img_multiseries.h5")) {
            Path file = copy(name);
            Content before = Content.of(file, "dataset");
            Random random = new Random(2);
            List<MrdItem> items = List.of(RandomItems.image(random, 1, SMALL), RandomItems.image(random, 1, SMALL));
            append(file, "2026-01-01 12:00:00", items);
            assertThat(MrdReader.groups(file)).containsExactly("2026-01-01 12:00:00", "dataset");
            assertThat(Content.of(file, "dataset")).isEqualTo(before);
            assertThat(Content.of(file, "2026-01-01 12:00:00").images()).isEqualTo(Map.of("image_1", items));
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(files)
                        .contains(file)
                        .noneMatch(path -> path.toString().endsWith(".part"));
            }
        }
    }

    @Test
    void seriesOfThePythonLibraryGrowsInPlace() throws Exception {
        Path file = copy("img_multiseries.h5");
        Content before = Content.of(file, "dataset");
        Image first = before.images().get("image_1").get(0);
        int length = first.attributes().getBytes(StandardCharsets.UTF_8).length;
        Image third =
                new Image(first.head().toBuilder().attributeBytes(length).build(), first.attributes(), first.pixels());
        append(file, "dataset", List.of(third));
        Content after = Content.of(file, "dataset");
        assertThat(after.images().get("image_1")).hasSize(3).endsWith(third);
        assertThat(after.images().get("image_1").subList(0, 2))
                .isEqualTo(before.images().get("image_1"));
        assertThat(after.images().get("image_0")).isEqualTo(before.images().get("image_0"));
        Image other = RandomItems.image(new Random(1), 1, SMALL);
        try (MrdWriter out = MrdWriter.append(file, "dataset")) {
            assertThatThrownBy(() -> out.write(other))
                    .isInstanceOf(MrdException.class)
                    .hasMessageContaining("cannot be added to image_1, whose images are 16 x 12 x 1");
        }
        assertThat(Content.of(file, "dataset")).isEqualTo(after);
    }

    @Test
    void acquisitionsOfEitherLibraryGrowAndTheTextIsKeptOrReplaced() throws Exception {
        for (String name : List.of("shepp64_py_clean.h5", "shepp64_cpp_clean.h5")) {
            Path file = copy(name);
            Content before = Content.of(file, "dataset");
            Acquisition more = RandomItems.acquisition(new Random(3), 30);
            append(file, "dataset", List.of(more));
            Content after = Content.of(file, "dataset");
            assertThat(after.acquisitions())
                    .endsWith(more)
                    .startsWith(before.acquisitions().toArray(Acquisition[]::new));
            assertThat(after.xml()).isEqualTo(before.xml());
            try (MrdWriter out = MrdWriter.append(file, "dataset")) {
                out.write(MrdText.XML, "<other/>");
                out.commit();
            }
            assertThat(Content.of(file, "dataset"))
                    .isEqualTo(new Content("<other/>", after.acquisitions(), after.waveforms(), after.images()));
        }
    }

    @Test
    void fileThatIsNotThereIsCreated() throws Exception {
        Path file = directory.resolve("new.h5");
        append(file, "a", List.of(RandomItems.waveform(new Random(1))));
        assertThat(MrdReader.groups(file)).containsExactly("a");
        assertThatThrownBy(() -> MrdWriter.append(directory.resolve("none").resolve("a.h5"), "a"))
                .hasMessageEndingWith("its folder does not exist");
        assertThatThrownBy(() -> MrdWriter.append(file, "a/b")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ofTwoWritersAtOnceNeitherLosesWhatItWrote() throws Exception {
        Path there = directory.resolve("there.h5");
        MrdItemsFileTest.write(there, List.of(), Map.of(MrdText.XML, "<x/>"));
        for (Path file : List.of(there, directory.resolve("new.h5"))) {
            Path folder = file.getParent();
            try (MrdWriter first = MrdWriter.append(file, "first");
                    MrdWriter second = MrdWriter.append(file, "second")) {
                first.write(MrdText.XML, "<first/>");
                second.write(MrdText.XML, "<second/>");
                first.commit();
                assertThatThrownBy(second::commit)
                        .isInstanceOf(MrdException.class)
                        .hasMessageStartingWith(file + " was changed by another program meanwhile")
                        .hasMessageContaining("is in " + file + ".");
            }
            assertThat(MrdReader.groups(file)).contains("first").doesNotContain("second");
            try (Stream<Path> files = Files.list(folder)) {
                Path other = files.filter(some -> some.toString().startsWith(file + "."))
                        .findFirst()
                        .orElseThrow();
                assertThat(MrdReader.groups(other)).contains("second").doesNotContain("first");
            }
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".part"));
        }
    }

    @Test
    void fileThatCannotBeAddedToIsRefusedAndStays() throws Exception {
        Path file = copy("shepp64_cpp_clean.h5");
        byte[] whole = Files.readAllBytes(file);
        refuses(file, whole, 8, (byte) 1, "superblock of version 1");
        refuses(file, whole, 13, (byte) 4, "addresses of 4");
        refuses(file, whole, 25, (byte) 1, "base address 256");
        refuses(file, whole, 48, (byte) 0, "driver");
        refuses(file, whole, 43, (byte) 1, "bytes where it says");
        refuses(file, whole, 0, (byte) 0, "not an HDF5 file");
        byte[] behindUserBlock = new byte[512 + whole.length];
        System.arraycopy(whole, 0, behindUserBlock, 512, whole.length);
        refuses(file, behindUserBlock, 0, (byte) 0, "user block");
        refuses(file, new byte[0], -1, (byte) 0, "not an HDF5 file");
    }

    @Test
    void directoryIsNoFile() {
        assertThatThrownBy(() -> MrdReader.groups(directory))
                .isInstanceOf(MrdException.class)
                .hasMessage(directory + " is a directory, not an HDF5 file");
    }

    @Test
    void superblocksOfLaterVersionsAreChecked() throws Exception {
        Path file = directory.resolve("later.h5");
        try (io.jhdf.WritableHdfFile hdf = io.jhdf.HdfFile.write(file)) {
            hdf.putGroup("dataset").putDataset("note", new int[] {1, 2});
        }
        byte[] whole = Files.readAllBytes(file);
        assertThat(ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).get(8)).isBetween((byte) 2, (byte) 3);
        refuses(file, whole, 44, (byte) ~whole[44], "hecksum");
        refuses(file, checked(whole, 11, (byte) 1), -1, (byte) 0, "its writer did not close it");
        refuses(file, checked(whole, 20, (byte) 0), -1, (byte) 0, "superblock extension");
        refuses(file, whole, -1, (byte) 0, "has HDF5 attributes, which would be lost");
    }

    /** A file whose superblock has another byte and the checksum that belongs to it. */
    private static byte[] checked(byte[] whole, int at, byte value) {
        byte[] changed = whole.clone();
        changed[at] = value;
        int checksum = JenkinsLookup3HashLittle.hash(Arrays.copyOf(changed, 44));
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(44, checksum);
        return changed;
    }

    private void refuses(Path file, byte[] content, int at, byte value, String why) throws IOException {
        byte[] damaged = content.clone();
        if (at >= 0) {
            damaged[at] = value;
        }
        Files.write(file, damaged);
        assertThatThrownBy(() -> MrdWriter.append(file, "dataset"))
                .isInstanceOf(MrdException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(why)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(".part"));
        assertThat(file).hasBinaryContent(damaged);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).noneMatch(path -> path.toString().endsWith(".part"));
        }
    }

    private Path copy(String name) throws Exception {
        Path file = directory.resolve(name);
        Files.write(
                file,
                Files.readAllBytes(Path.of(TestImages.class.getResource(name).toURI())));
        return file;
    }

    static void append(Path file, String group, List<? extends MrdItem> items) throws IOException {
        try (MrdWriter out = MrdWriter.append(file, group)) {
            for (MrdItem item : items) {
                out.write(item);
            }
            out.commit();
        }
    }
}
