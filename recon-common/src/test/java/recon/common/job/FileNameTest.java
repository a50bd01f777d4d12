package recon.common.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", "..", "../x", "/etc/x", "a/b", "a\\b", "a\0b", "a\nb", "\uD800"})
    void refusesWhatIsNotOnePathElement(String name) {
        assertThatThrownBy(() -> new FileName(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesMoreBytesThanAFileSystemTakes() {
        assertThat(new FileName("\u00e9".repeat(127) + "a").value()).hasSize(128);
        assertThatThrownBy(() -> new FileName("\u00e9".repeat(128)))
                .hasMessage("file name of 256 bytes is longer than 255");
    }

    @Test
    void lastElementOfAPathOfAnySystem() {
        assertThat(FileName.lastOf("/usr/g/mrraw/P00000.7")).isEqualTo(new FileName("P00000.7"));
        assertThat(FileName.lastOf("C:\\MedCom\\meas.dat")).isEqualTo(new FileName("meas.dat"));
        assertThat(FileName.lastOf("a.h5")).isEqualTo(new FileName("a.h5"));
        assertThatThrownBy(() -> FileName.lastOf("/scans/")).isInstanceOf(IllegalArgumentException.class);
    }
}
