package recon.common.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import recon.common.options.Item;
import recon.common.options.Items;
import recon.common.options.Options;
import recon.common.options.OptionsException;
import recon.common.options.OptionsFile;
import recon.common.options.Problems;
import recon.common.wire.AdminReport;

/** Options that are read again; of the two limits here one can be taken over. */
class LiveOptionsTest {
    private static final String KEY = "SHARED_KEY = AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";
    private static final String OTHER_KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";

    private final List<String> recorded = new ArrayList<>();
    private final List<Integer> limits = new ArrayList<>();
    private final List<String> keyChanges = new ArrayList<>();
    private String file = KEY + "MAX_QUEUED_JOBS = 10\nSCRIPT_TIMEOUT_SECONDS = 60\n";
    private LiveOptions.Preparation<Options> preparation = settings -> new LiveOptions.Prepared(List.of(), () -> {});
    private final LiveOptions<Options> live = new LiveOptions<>(
            Items.all().stream().filter(item -> item.user() != Item.User.CLIENT).toList(),
            options(),
            this::options,
            LiveOptionsTest::settings,
            settings -> preparation.prepare(settings),
            Map.of(
                    Items.MAX_QUEUED_JOBS, now -> limits.add(now.integer(Items.MAX_QUEUED_JOBS)),
                    Items.SHARED_KEY, now -> {}));

    private static Options settings(Options options) throws OptionsException {
        options.problems().throwIfAny();
        return options;
    }

    private Options options() {
        Problems problems = new Problems();
        return Options.resolve(Map.of(), Map.of(), OptionsFile.parse("recon.opts", file, problems), problems);
    }

    private AdminReport.Reloaded reload() throws OptionsException {
        return live.<RuntimeException>reload(recorded::add);
    }

    @Test
    void aFileThatIsTheSameChangesNothing() throws Exception {
        assertThat(reload()).isEqualTo(new AdminReport.Reloaded(List.of(), List.of()));
        assertThat(recorded).containsExactly("reload: changed nothing; needs a restart: nothing");
        assertThat(limits).isEmpty();
    }

    @Test
    void whatCanBeIsTakenOverOnceAndTheRestIsNamedEachTime() throws Exception {
        file = KEY + "MAX_QUEUED_JOBS = 20\nSCRIPT_TIMEOUT_SECONDS = 90\nSTATE_DIR = elsewhere\n";
        AdminReport.Reloaded first = reload();
        assertThat(first.changed()).containsExactly("MAX_QUEUED_JOBS = 20 (was 10)");
        assertThat(first.needsRestart())
                .containsExactlyInAnyOrder("SCRIPT_TIMEOUT_SECONDS = 90 (was 60)", "STATE_DIR = elsewhere (was blank)");
        AdminReport.Reloaded second = reload();
        assertThat(second.changed()).isEmpty();
        assertThat(second.needsRestart()).isEqualTo(first.needsRestart());
        assertThat(limits).containsExactly(20);
        assertThat(recorded.get(0)).startsWith("reload: changed MAX_QUEUED_JOBS = 20 (was 10); needs a restart: ");
    }

    @Test
    void aBlankItemIsSaidToBeBlank() throws Exception {
        file += "TRUSTED_IPS = 127.0.0.1\n";
        assertThat(reload().needsRestart()).containsExactly("TRUSTED_IPS = 127.0.0.1 (was blank)");
    }

    @Test
    void itemsOfTheClientDoNotMatter() throws Exception {
        file += "CLIENT_DOWNLOAD_DIR = elsewhere\n";
        assertThat(reload().needsRestart()).isEmpty();
    }

    @Test
    void aKeyIsNamedAndNotShown() throws Exception {
        file = file.replaceFirst("SHARED_KEY = .*", "SHARED_KEY = " + OTHER_KEY);
        assertThat(reload().changed()).containsExactly("SHARED_KEY");
        assertThat(recorded.toString()).doesNotContain(OTHER_KEY).doesNotContain("AAECAw");
    }

    @Test
    void whatHasChangedBesideTheFileIsTakenOverAfterItIsOnRecord() throws Exception {
        preparation = settings -> new LiveOptions.Prepared(
                List.of("client scanner1"), () -> keyChanges.add("after " + recorded.size() + " records"));
        assertThat(reload().changed()).containsExactly("client scanner1");
        assertThat(keyChanges).containsExactly("after 1 records");
    }

    @Test
    void nothingOfAWrongFileIsTakenOver() throws Exception {
        file = KEY + "MAX_QUEUED_JOBS = 0\nNONSENSE = 1\n";
        assertThatExceptionOfType(OptionsException.class)
                .isThrownBy(this::reload)
                .satisfies(e -> assertThat(e.problems()).hasSize(2));
        file = KEY + "MAX_QUEUED_JOBS = 30\nSCRIPT_TIMEOUT_SECONDS = 60\n";
        preparation = settings -> {
            throw new OptionsException(List.of("the client keys are wrong"));
        };
        assertThatExceptionOfType(OptionsException.class).isThrownBy(this::reload);
        assertThat(recorded).isEmpty();
        assertThat(limits).isEmpty();
    }

    @Test
    void whatCannotBeRecordedIsDoneNextTime() throws Exception {
        file = KEY + "MAX_QUEUED_JOBS = 20\nSCRIPT_TIMEOUT_SECONDS = 60\n";
        preparation = settings -> new LiveOptions.Prepared(List.of(), () -> keyChanges.add("taken over"));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> live.<IOException>reload(action -> {
                    throw new IOException("the disk is full");
                }));
        assertThat(limits).isEmpty();
        assertThat(keyChanges).isEmpty();
        assertThat(reload().changed()).containsExactly("MAX_QUEUED_JOBS = 20 (was 10)");
        assertThat(limits).containsExactly(20);
        assertThat(keyChanges).hasSize(1);
    }
}
