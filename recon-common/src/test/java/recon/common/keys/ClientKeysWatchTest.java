package recon.common.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.crypto.KeyOwner;
import recon.common.crypto.OwnedKey;
import recon.common.crypto.SharedKey;
import recon.common.options.OptionsException;
import recon.common.testing.RecordedLog;

@Timeout(30)
class ClientKeysWatchTest {
    @TempDir
    Path directory;

    private final SharedKey shared = SharedKey.generate(new SecureRandom());
    private final SharedKey administrators = SharedKey.generate(new SecureRandom());
    private final RecordedLog log = new RecordedLog();
    private ClientKeysFile file;
    private ClientKeysEditor editor;
    private ClientKeysWatch watch;

    @BeforeEach
    void open() {
        file = new ClientKeysFile(directory.resolve("client_keys"), List.of(shared), Optional.of(administrators));
        editor = new ClientKeysEditor(file, new SecureRandom());
    }

    @AfterEach
    void stop() {
        if (watch != null) {
            watch.stop();
        }
        log.close();
    }

    private void start(boolean clientKeysOnly) throws Exception {
        watch = new ClientKeysWatch(file, clientKeysOnly, Duration.ofMillis(5));
        watch.start();
    }

    private List<KeyOwner> owners() {
        return watch.ring().keys().stream().map(OwnedKey::owner).toList();
    }

    @Test
    void takesWhatIsAddedChangedAndRemoved() throws Exception {
        KeyOwner scanner = new KeyOwner("scanner1", false);
        KeyOwner console = new KeyOwner("console", true);
        editor.add(scanner);
        start(false);
        assertThat(owners()).containsExactly(KeyOwner.SHARED, scanner);
        editor.add(console);
        log.await("client keys: added console (operator)");
        assertThat(owners()).containsExactlyInAnyOrder(KeyOwner.SHARED, scanner, console);
        String key = editor.add(new KeyOwner("old", false)).orElseThrow().key().text();
        log.await("client keys: added old");
        replace("old = " + key + " operator\n");
        log.await("client keys: changed old (operator), removed console, removed scanner1");
        assertThat(owners()).containsExactly(KeyOwner.SHARED, new KeyOwner("old", true));
        Files.delete(file.path());
        log.await("client keys: removed old");
        assertThat(owners()).containsExactly(KeyOwner.SHARED);
        assertThat(log.text()).doesNotContain(key);
    }

    @Test
    void aFileThatIsWrongChangesNothingAndIsSaidToBeOnce() throws Exception {
        editor.add(new KeyOwner("scanner1", false));
        String good = Files.readString(file.path());
        start(false);
        List<OwnedKey> before = watch.ring().keys();
        replace(good + "scanner2 = short\n");
        assertThat(log.await("the client keys stay as they were: " + file.path() + ":2: ")
                        .getLevel())
                .isEqualTo(Level.ERROR);
        Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-r--r--"));
        log.await("chmod 600");
        assertThat(watch.ring().keys()).isSameAs(before);
        replace(good);
        log.await("chmod 600", 2);
        Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-------"));
        log.await("client keys: nothing has changed");
        assertThat(log.events())
                .filteredOn(event -> event.getLevel() == Level.ERROR)
                .hasSize(3);
    }

    @Test
    void theAdministratorsKeyIsNoClients() throws Exception {
        String own =
                editor.add(new KeyOwner("scanner1", false)).orElseThrow().key().text();
        start(false);
        replace("console = " + administrators.text() + " operator\n");
        log.await("the client keys stay as they were: " + file.path()
                + ":1: the key is used twice: it is the administrator's");
        replace("scanner1 = " + own + "\n");
        log.await("client keys: nothing has changed");
        assertThatThrownBy(() -> watch.prepare(List.of(shared), Optional.of(SharedKey.parse(own))))
                .isInstanceOf(OptionsException.class)
                .hasMessageContaining(":1: the key is used twice: it is the administrator's");
        SharedKey next = SharedKey.generate(new SecureRandom());
        watch.prepare(List.of(shared), Optional.of(next)).takeOver();
        replace("console = " + next.text() + "\n");
        log.await("the client keys stay as they were: ", 2);
        assertThat(owners()).containsExactly(KeyOwner.SHARED, new KeyOwner("scanner1", false));
        assertThat(log.text()).doesNotContain(own, next.text(), administrators.text());
    }

    @Test
    void withClientKeysOnlyNobodyElseIsAcceptedAndInTheEndNobody() throws Exception {
        assertThatThrownBy(() -> start(true))
                .isInstanceOf(OptionsException.class)
                .hasMessageContainingAll(file.path().toString(), "java -jar recon-server.jar client-key add NAME");
        editor.add(new KeyOwner("scanner1", false));
        start(true);
        assertThat(owners()).containsExactly(new KeyOwner("scanner1", false));
        editor.remove("scanner1");
        log.await("no client is accepted: ");
        assertThat(watch.ring().keys()).isEmpty();
        assertThat(watch.ring().named(new byte[16])).isEmpty();
        editor.add(new KeyOwner("scanner1", false));
        log.await("client keys: added scanner1");
        assertThat(owners()).hasSize(1);
    }

    /** In one step: the watch may look at any time, and would find half of a file. Keeps the permissions. */
    private void replace(String text) throws IOException {
        Path next = file.path().resolveSibling("next");
        Files.writeString(next, text);
        Files.setPosixFilePermissions(next, Files.getPosixFilePermissions(file.path()));
        Files.move(next, file.path(), StandardCopyOption.ATOMIC_MOVE);
    }
}
