package recon.mrd.recon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageType;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdItem;

class CollectedTest {
    private static final int PIXELS = 1 << 19;

    /** The same readout over and over takes no memory here, but would if it came from a client. */
    private static final Acquisition READOUT = new Acquisition(
            AcquisitionHeader.builder().numberOfSamples(32768).channels(4).build(),
            new float[0],
            new float[2 * 32768 * 4]);

    @ParameterizedTest
    @ValueSource(strings = {"simplefft", "invertcontrast"})
    void readoutsWithoutEndAreRefused(String module) {
        assertRefused(module, READOUT);
    }

    @Test
    void imagesWithoutEndAreRefused() {
        assertRefused("analyzeflow", image(ImageType.PHASE));
        assertRefused("invertcontrast", image(ImageType.MAGNITUDE));
    }

    private static Image image(int type) {
        return Image.of(
                ImageHeader.builder().matrix(1024, 512, 1).imageType(type), new MetaAttributes(), new short[PIXELS]);
    }

    private static void assertRefused(String module, MrdItem item) {
        FakeSession endless = new FakeSession(
                Optional.empty(),
                ReconParameters.NONE,
                Stream.generate(() -> item).iterator());
        long most = (Runtime.getRuntime().maxMemory() / 4) >> 20;
        assertThatThrownBy(() -> new ReconModules().named(module).orElseThrow().run(endless))
                .isInstanceOf(MrdException.class)
                .hasMessageContaining("take more than " + most + " MB")
                .hasMessageContaining("-Xmx");
        assertThat(endless.images).isEmpty();
    }

    @Test
    void whatOneSessionGivesBackAnotherMayKeep() throws MrdException {
        long room = 3L << 20;
        try (Collected one = new Collected(new MemoryShare(room, room / 8));
                Collected other = new Collected(new MemoryShare(room, room / 8))) {
            one.add(READOUT);
            other.add(READOUT);
            assertThatThrownBy(() -> other.add(READOUT)).hasMessageContaining("(2 MB in this one)");
        }
        try (Collected third = new Collected(new MemoryShare(room, room / 8))) {
            for (int i = 0; i < 10; i++) {
                third.add(READOUT);
                third.add(image(ImageType.PHASE));
                third.clear();
            }
        }
    }

    @Test
    void oneThatKeepsMuchDoesNotTakeTheShareOfOneThatKeepsLittle() throws MrdException {
        long room = 16L << 20;
        try (Collected much = new Collected(new MemoryShare(room, room / 8));
                Collected little = new Collected(new MemoryShare(room, room / 8))) {
            for (int i = 0; i < 15; i++) {
                much.add(READOUT);
            }
            little.add(READOUT);
            little.clear();
            little.add(READOUT);
            assertThatThrownBy(() -> much.add(READOUT)).hasMessageContaining("(16 MB in this one)");
            little.clear();
            little.add(READOUT);
            assertThatThrownBy(() -> little.add(READOUT)).hasMessageContaining("(2 MB in this one)");
        }
    }
}
