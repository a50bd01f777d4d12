package recon.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import recon.common.job.FileName;
import recon.common.job.ResultPath;

/** What a client gets that takes no subdirectories. */
class BareNamesTest {
    private static List<String> bareNames(String... paths) {
        return assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> ResultSender.bareNames(
                        Arrays.stream(paths).map(ResultPath::parse).toList()));
    }

    @Test
    void theLastElementWhereNoTwoAreAlike() {
        assertThat(bareNames("a.dcm", "s1/b.dcm", "s2/t/c.dcm")).containsExactly("a.dcm", "b.dcm", "c.dcm");
    }

    @Test
    void theWholePathWhereTwoAreAlike() {
        assertThat(bareNames("1.dcm", "s1/1.dcm", "s2/t/1.dcm", "s2/2.dcm"))
                .containsExactly("1.dcm", "s1_1.dcm", "s2_t_1.dcm", "2.dcm");
    }

    @Test
    void aNumberWhereEvenThePathsAreAlike() {
        assertThat(bareNames("a_b/c", "a/b/c", "x/a_b_c")).containsExactly("2_a_b_c", "3_a_b_c", "a_b_c");
    }

    @Test
    void aLongPathLosesItsBeginning() {
        String deep = "d".repeat(200) + "/" + "e".repeat(200);
        List<String> names = bareNames(deep + "/1.dcm", "1.dcm", "f" + deep + "/1.dcm");
        assertThat(names).doesNotHaveDuplicates().allSatisfy(name -> {
            new FileName(name);
            assertThat(name).endsWith("1.dcm");
        });
    }

    @Test
    void namesOfTheGreatestLengthEndToo() {
        for (int length = 236; length <= FileName.MAX_BYTES - 4; length++) {
            String last = "x".repeat(length);
            List<String> names = bareNames("a/b/" + last, "a_b/" + last);
            assertThat(names).as("%d", length).doesNotHaveDuplicates().hasSize(2);
            names.forEach(FileName::new);
        }
    }

    @Test
    void aCharacterOfManyBytesIsNeverCutInHalf() {
        String smiles = "\ud83d\ude00".repeat(60);
        for (String start : new String[] {"", "a", "ab", "abc", "abcd"}) {
            String path = start + smiles + "/" + smiles + "/1";
            for (String name : bareNames(path, "1", "b" + path)) {
                assertThat(new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                        .isEqualTo(name);
                new FileName(name);
            }
        }
    }
}
