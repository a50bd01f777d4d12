package recon.mrd.recon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CenteredFftTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 8, 15, 16, 31, 65, 97, 128})
    void isTheSumOfTheDefinitionAndItsInverseUndoesIt(int n) {
        Random random = new Random(n);
        int start = 3;
        int stride = 2;
        double[] data = random.doubles(2L * (start + n * stride)).toArray();
        double[] before = data.clone();
        CenteredFft fft = new CenteredFft(n);
        fft.forward(data, start, stride);
        for (int k = 0; k < n; k++) {
            double re = 0;
            double im = 0;
            for (int x = 0; x < n; x++) {
                double angle = -2 * Math.PI * (k - n / 2) * (x - n / 2) / n;
                int at = 2 * (start + x * stride);
                re += before[at] * Math.cos(angle) - before[at + 1] * Math.sin(angle);
                im += before[at] * Math.sin(angle) + before[at + 1] * Math.cos(angle);
            }
            assertThat(data[2 * (start + k * stride)]).isEqualTo(re / Math.sqrt(n), within(1e-11));
            assertThat(data[2 * (start + k * stride) + 1]).isEqualTo(im / Math.sqrt(n), within(1e-11));
        }
        fft.inverse(data, start, stride);
        assertThat(data).usingComparatorWithPrecision(1e-12).containsExactly(before);
    }
}
