package recon.mrd.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.EncodingCounters;
import recon.mrd.format.Image;
import recon.mrd.recon.ReconModule;
import recon.mrd.recon.ReconModules;
import recon.mrd.session.MrdSession;
import recon.mrd.session.SessionModules;
import recon.mrd.wire.MrdInput;
import recon.mrd.wire.MrdMessage;
import recon.mrd.wire.MrdOutput;

/** The example of a module in Java, compiled and found as a site does it. */
class FilterKspaceExampleTest {
    private static final Path SOURCE = Path.of("src/examples/filterkspace");
    private static final String SERVICE = "META-INF/services/" + ReconModule.class.getName();
    private static final int SAMPLES = 16;
    private static final int LINES = 10;
    private static final int COLUMNS = 8;
    private static final int COILS = 2;
    private static final String XML = """
            <ismrmrdHeader xmlns="http://www.ismrm.org/ISMRMRD"><encoding>
            <encodedSpace><matrixSize><x>16</x><y>10</y><z>1</z></matrixSize>
            <fieldOfView_mm><x>32</x><y>20</y><z>5</z></fieldOfView_mm></encodedSpace>
            <reconSpace><matrixSize><x>8</x><y>10</y><z>1</z></matrixSize>
            <fieldOfView_mm><x>16</x><y>20</y><z>5</z></fieldOfView_mm></reconSpace>
            <encodingLimits/><trajectory>cartesian</trajectory></encoding></ismrmrdHeader>
            """;

    @TempDir
    private Path directory;

    /** {@code [coil][line][re, im of each sample]}. */
    private final float[][][] kspace = new float[COILS][LINES][2 * SAMPLES];

    @Test
    void theImageIsThatOfTheWeightedSamples() throws Exception {
        Random random = new Random(3);
        for (float[][] coil : kspace) {
            for (float[] line : coil) {
                for (int i = 0; i < line.length; i++) {
                    line[i] = (float) random.nextGaussian();
                }
            }
        }
        Image image = answer();
        assertThat(image.head().columns()).isEqualTo(COLUMNS);
        assertThat(image.head().rows()).isEqualTo(LINES);
        double[] expected = expected();
        double[] values = image.values();
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).isCloseTo(expected[i], within(0.51)); // rounded to whole numbers
        }
    }

    private Image answer() throws Exception {
        compile();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (URLClassLoader site =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, before)) {
            thread.setContextClassLoader(site);
            MrdSession.Saving saving = new MrdSession.Saving(directory, false, Clock.systemUTC(), 0);
            MrdSession.Limits limits = new MrdSession.Limits(1 << 20, Duration.ofSeconds(60), Duration.ofSeconds(1));
            new MrdSession(new ByteArrayInputStream(sent()), answer, limits, saving)
                    .serve(SessionModules.of(new ReconModules()), "null");
        } finally {
            thread.setContextClassLoader(before);
        }
        MrdInput in = new MrdInput(new ByteArrayInputStream(answer.toByteArray()), 1 << 20);
        MrdMessage first = in.read().orElseThrow();
        assertThat(first).isInstanceOf(MrdMessage.Data.class);
        assertThat(in.read()).contains(new MrdMessage.Close());
        return (Image) ((MrdMessage.Data) first).item();
    }

    private void compile() throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Path classes = Path.of(ReconModule.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int status = compiler.run(
                null,
                messages,
                messages,
                "--release",
                "17",
                "-cp",
                classes.toString(),
                "-d",
                directory.toString(),
                SOURCE.resolve("FilterKspace.java").toString());
        assertThat(status).as(messages.toString(StandardCharsets.UTF_8)).isZero();
        Path service = directory.resolve(SERVICE);
        Files.createDirectories(service.getParent());
        Files.copy(SOURCE.resolve(SERVICE), service);
    }

    private byte[] sent() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        MrdOutput out = new MrdOutput(bytes);
        out.write(new MrdMessage.ConfigFile("filterkspace"));
        out.write(new MrdMessage.Header(XML));
        for (int y = 0; y < LINES; y++) {
            AcquisitionHeader head = AcquisitionHeader.builder()
                    .numberOfSamples(SAMPLES)
                    .channels(COILS)
                    .idx(new EncodingCounters(y, 0, 0, 0, 0, 0, 0, 0, 0))
                    .flags(
                            y == LINES - 1
                                    ? new AcquisitionFlag[] {AcquisitionFlag.LAST_IN_SLICE}
                                    : new AcquisitionFlag[0])
                    .build();
            float[] data = new float[2 * SAMPLES * COILS];
            for (int coil = 0; coil < COILS; coil++) {
                System.arraycopy(kspace[coil][y], 0, data, 2 * SAMPLES * coil, 2 * SAMPLES);
            }
            out.write(new MrdMessage.Data(new Acquisition(head, new float[0], data)));
        }
        out.write(new MrdMessage.Close());
        out.flush();
        return bytes.toByteArray();
    }

    /** By the definition of the transform; the window's root is a sine. */
    private double[] expected() {
        double[][] magnitude = new double[LINES][SAMPLES];
        double max = 0;
        for (int row = 0; row < LINES; row++) {
            for (int column = 0; column < SAMPLES; column++) {
                double power = 0;
                for (float[][] coil : kspace) {
                    double re = 0;
                    double im = 0;
                    for (int y = 0; y < LINES; y++) {
                        for (int x = 0; x < SAMPLES; x++) {
                            double weight = Math.sin(Math.PI * x / (SAMPLES - 1)) * Math.sin(Math.PI * y / (LINES - 1));
                            double angle = 2
                                    * Math.PI
                                    * ((x - SAMPLES / 2) * (column - SAMPLES / 2) / (double) SAMPLES
                                            + (y - LINES / 2) * (row - LINES / 2) / (double) LINES);
                            re += weight * (coil[y][2 * x] * Math.cos(angle) - coil[y][2 * x + 1] * Math.sin(angle));
                            im += weight * (coil[y][2 * x] * Math.sin(angle) + coil[y][2 * x + 1] * Math.cos(angle));
                        }
                    }
                    power += re * re + im * im;
                }
                magnitude[row][column] = Math.sqrt(power);
                max = Math.max(max, magnitude[row][column]);
            }
        }
        double[] image = new double[LINES * COLUMNS];
        for (int i = 0; i < image.length; i++) {
            image[i] = magnitude[i / COLUMNS][(SAMPLES - COLUMNS) / 2 + i % COLUMNS] * 4095 / max;
        }
        return image;
    }
}
