package recon.common.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import recon.common.options.Items;
import recon.common.options.Options;
import recon.common.options.OptionsException;
import recon.common.options.OptionsFile;
import recon.common.options.Problems;
import recon.common.wire.AdminReport;

class LiveOptionsTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private final List<String> done = new ArrayList<>();
    private String file = "MAX_CONCURRENT_JOBS = 1\n";

    private Options options() {
        Problems problems = new Problems();
        return Options.resolve(Map.of(), Map.of(), OptionsFile.parse("x", file, problems), problems);
    }

    /** Settings are the options here; what is live are two items. */
    private LiveOptions<Options> live(List<String> keys) {
        return new LiveOptions<>(
                List.of(Items.SHARED_KEY, Items.MAX_CONCURRENT_JOBS, Items.SERVER_PORT),
                options(),
                this::options,
                options -> {
                    options.problems().throwIfAny();
                    return options;
                },
                now -> new LiveOptions.Prepared(keys, () -> done.add("keys")),
                Map.of(
                        Items.SHARED_KEY,
                        now -> done.add("key"),
                        Items.MAX_CONCURRENT_JOBS,
                        now -> done.add("jobs " + now.integer(Items.MAX_CONCURRENT_JOBS))));
    }

    @Test
    void whatHasChangedIsTakenOverOnceItIsOnRecord() throws Exception {
        LiveOptions<Options> live = live(List.of("added scanner1"));
        file = "MAX_CONCURRENT_JOBS = 2\nSHARED_KEY = " + KEY + "\nSERVER_PORT = 1\nMAX_QUEUED_JOBS = 3\n";
        AdminReport.Reloaded reloaded = live.reload(action -> done.add("record"));
        assertThat(reloaded.changed())
                .containsExactly("added scanner1", "SHARED_KEY", "MAX_CONCURRENT_JOBS = 2 (was 1)");
        assertThat(reloaded.needsRestart()).containsExactly("SERVER_PORT = 1 (was 60000)");
        assertThat(done).containsExactly("record", "keys", "key", "jobs 2");

        AdminReport.Reloaded again = live(List.of()).reload(action -> {});
        assertThat(again.changed()).isEmpty();
        assertThat(live.reload(action -> done.add(action)).needsRestart()).hasSize(1); // since the start
        assertThat(done).doesNotContain(KEY);
    }

    @Test
    void nothingChangesWhereSomethingIsWrongOrCannotBeRecorded() {
        LiveOptions<Options> live = live(List.of());
        file = "MAX_CONCURRENT_JOBS = many\n";
        assertThatThrownBy(() -> live.reload(action -> done.add(action))).isInstanceOf(OptionsException.class);
        file = "MAX_CONCURRENT_JOBS = 2\n";
        assertThatThrownBy(() -> live.reload(action -> {
                    throw new IllegalStateException("the disk is full");
                }))
                .hasMessage("the disk is full");
        assertThat(done).isEmpty();
    }
}
