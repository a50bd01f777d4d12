package recon.mrd.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import recon.mrd.file.MrdReader;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdItem;
import recon.mrd.format.Waveform;
import recon.mrd.format.WaveformHeader;
import recon.mrd.recon.ReconModules;
import recon.mrd.wire.MrdInput;
import recon.mrd.wire.MrdMessage;
import recon.mrd.wire.MrdOutput;

class SaveDataModuleTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-02T17:06:01Z"), ZoneOffset.UTC);
    private static final Acquisition READOUT = new Acquisition(
            AcquisitionHeader.builder()
                    .numberOfSamples(2)
                    .channels(1)
                    .scanCounter(7)
                    .build(),
            new float[0],
            new float[] {1, 2, 3, 4});
    private static final Waveform WAVEFORM =
            new Waveform(new WaveformHeader(1, 0, 0, 0, 0, 3, 1, 2500, 0), new int[] {5, 6, 7});
    private static final Image IMAGE = Image.of(ImageHeader.builder(), new MetaAttributes(), new short[] {9});

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "45387_4823_99_62, gre, meas_MID00062_gre_170601.h5",
        "62, gre, meas_MID00062_gre_170601.h5",
        "a_123456, gre, meas_MID123456_gre_170601.h5",
        "none, gre, meas_MID00000_gre_170601.h5",
        "a_99999999999999999999, gre, meas_MID00000_gre_170601.h5",
        "1_2, ../../x y/\u00e4, UnknownProtocol_2026-03-02-170601.h5",
        "1_2, a/../x y/\u00e4, meas_MID00002_a_.._x_y___170601.h5",
        "1_2, '', UnknownProtocol_2026-03-02-170601.h5",
    })
    void theFileIsNamedAfterTheMeasurement(String measurement, String protocol, String file) throws Exception {
        assertThat(serve(sent(header(measurement, protocol)), false)).containsExactly(new MrdMessage.Close());
        assertThat(files()).containsExactly(file);
    }

    @Test
    void headerReadoutsAndWaveformsAreInIt() throws Exception {
        String xml = header("1_2", "gre");
        serve(sent(xml, IMAGE, READOUT, WAVEFORM, READOUT), false);
        try (MrdReader in = MrdReader.open(directory.resolve("saved/meas_MID00002_gre_170601.h5"))) {
            assertThat(in.xml()).isEqualTo(xml);
            assertThat(in.count()).isEqualTo(2);
            assertThat(in.acquisition(1)).isEqualTo(READOUT);
            assertThat(in.waveform(0)).isEqualTo(WAVEFORM);
            assertThat(in.images()).isEmpty();
        }
    }

    @Test
    void noFileTakesThePlaceOfAnother() throws Exception {
        Path saved = Files.createDirectory(directory.resolve("saved"));
        Files.writeString(saved.resolve("UnknownProtocol_2026-03-02-170601.h5"), "mine");
        serve(sent("no header", READOUT), false);
        serve(sent("no header", READOUT), false);
        assertThat(files())
                .containsExactly(
                        "UnknownProtocol_2026-03-02-170601.h5",
                        "UnknownProtocol_2026-03-02-170601_2.h5",
                        "UnknownProtocol_2026-03-02-170601_3.h5");
        assertThat(saved.resolve("UnknownProtocol_2026-03-02-170601.h5")).hasContent("mine");
    }

    @Test
    void whatCameBeforeTheConnectionBrokeIsKept() throws Exception {
        byte[] whole = sent(header("1_2", "gre"), READOUT, READOUT);
        List<MrdMessage> answer = serve(Arrays.copyOf(whole, whole.length - 5), false);
        assertThat(answer).hasSize(2);
        assertThat(((MrdMessage.Text) answer.get(0)).text()).startsWith("ERROR   the stream ends at byte ");
        try (MrdReader in = MrdReader.open(directory.resolve("saved/meas_MID00002_gre_170601.h5"))) {
            assertThat(in.count()).isEqualTo(1);
        }
    }

    @Test
    void theServerMayKeepAllOfItBesides() throws Exception {
        serve(sent(header("1_2", "gre"), READOUT), true);
        assertThat(files()).hasSize(2).contains("meas_MID00002_gre_170601.h5");
        assertThat(files().get(0)).startsWith("gre_2026-03-02-170601_");
    }

    private static String header(String measurement, String protocol) {
        return "<ismrmrdHeader xmlns=\"http://www.ismrm.org/ISMRMRD\"><measurementInformation><measurementID>"
                + measurement + "</measurementID><protocolName>" + protocol
                + "</protocolName></measurementInformation></ismrmrdHeader>";
    }

    private static byte[] sent(String xml, MrdItem... items) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        MrdOutput out = new MrdOutput(bytes);
        out.write(new MrdMessage.ConfigFile("savedata"));
        out.write(new MrdMessage.Header(xml));
        for (MrdItem item : items) {
            out.write(new MrdMessage.Data(item));
        }
        out.write(new MrdMessage.Close());
        out.flush();
        return bytes.toByteArray();
    }

    private List<MrdMessage> serve(byte[] sent, boolean saveAll) throws Exception {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        MrdSession.Saving saving = new MrdSession.Saving(directory.resolve("saved"), saveAll, CLOCK, 0);
        MrdSession.Limits limits = new MrdSession.Limits(1 << 20, Duration.ofSeconds(60), Duration.ofSeconds(1));
        new MrdSession(new ByteArrayInputStream(sent), answer, limits, saving)
                .serve(SessionModules.of(new ReconModules()), "null");
        MrdInput in = new MrdInput(new ByteArrayInputStream(answer.toByteArray()), 1 << 20);
        List<MrdMessage> messages = new ArrayList<>();
        in.read().ifPresent(messages::add);
        while (!(messages.get(messages.size() - 1) instanceof MrdMessage.Close)) {
            messages.add(in.read().orElseThrow());
        }
        return messages;
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("saved"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
