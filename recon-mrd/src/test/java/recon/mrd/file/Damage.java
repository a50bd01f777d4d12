package recon.mrd.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import recon.mrd.TestImages;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdItem;
import recon.mrd.format.PixelType;
import recon.mrd.phantom.PhantomGenerator;
import recon.mrd.phantom.PhantomOptions;
import recon.mrd.recon.CartesianReconstruction;

/** Damages files and sees what reading makes of them, and adding to them. */
final class Damage {
    private final Path directory;

    Damage(Path directory) {
        this.directory = directory;
    }

    byte[] smallFile() throws IOException {
        Path file = directory.resolve("whole.h5");
        LocalDateTime time = LocalDateTime.of(2026, 1, 1, 12, 0);
        PhantomGenerator.generate(new PhantomOptions(8, 1, 1, 1, 1, 1, 0.01, 2, OptionalLong.of(1), time), file);
        return Files.readAllBytes(file);
    }

    /** Images of two series and waveforms. */
    byte[] smallFileOfImages() throws IOException {
        Random random = new Random(6);
        List<MrdItem> items = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            items.add(RandomItems.waveform(random));
            items.add(RandomItems.image(random, 0, new ImageShape(PixelType.I16, 1, 1, 4, 4)));
            items.add(RandomItems.image(random, 1, new ImageShape(PixelType.COMPLEX_F64, 2, 1, 2, 3)));
        }
        Path file = directory.resolve("images.h5");
        MrdItemsFileTest.write(file, items, Map.of(MrdText.CONFIG, "c"));
        return Files.readAllBytes(file);
    }

    /** A file of the Python library. */
    static byte[] resource(String name) throws Exception {
        return Files.readAllBytes(Path.of(TestImages.class.getResource(name).toURI()));
    }

    /** How many of so many files, each with another bit flipped, are refused. */
    int refusedOfFlipped(byte[] whole, int count, long seed) throws IOException {
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < count; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            refused += refuses(damaged) ? 1 : 0;
        }
        return refused;
    }

    /** How many of so many files, each with three bytes of its first ones random, are refused. */
    int refusedOfRandom(byte[] whole, int structureBytes, int count, long seed) throws IOException {
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < count; i++) {
            byte[] damaged = whole.clone();
            for (int n = 0; n < 3; n++) {
                damaged[random.nextInt(structureBytes)] = (byte) random.nextInt();
            }
            refused += refuses(damaged) ? 1 : 0;
        }
        return refused;
    }

    /** Whether reading the bytes ends with the one exception meant for it; any other makes the test fail. */
    boolean refuses(byte[] bytes) throws IOException {
        Path file = Files.write(directory.resolve("damaged.h5"), bytes);
        try (MrdReader in = MrdReader.open(file)) {
            for (int i = 0; i < in.count(); i++) {
                in.acquisition(i);
            }
            MrdItemsFileTest.waveforms(in);
            MrdItemsFileTest.images(in);
            if (in.count() > 0) {
                CartesianReconstruction.reconstruct(in, true, image -> {});
            }
            return in.count() == 0 && in.images().isEmpty();
        } catch (MrdException e) {
            assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
            return true;
        }
    }

    /** Whether adding to a file with these bytes ends with the one exception meant for it and leaves the file alone. */
    boolean refusesMore(byte[] bytes) throws IOException {
        Path file = Files.write(directory.resolve("damaged.h5"), bytes);
        Random random = new Random(7);
        try (MrdWriter out = MrdWriter.append(file, "dataset")) {
            out.write(RandomItems.waveform(random));
            out.write(RandomItems.acquisition(random, 4));
            out.write(RandomItems.image(random, 0, new ImageShape(PixelType.I16, 1, 1, 4, 4)));
            out.commit();
            return false;
        } catch (MrdException e) {
            assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
            assertThat(file).hasBinaryContent(bytes);
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(files).noneMatch(path -> path.toString().endsWith(".part"));
            }
            return true;
        }
    }
}
