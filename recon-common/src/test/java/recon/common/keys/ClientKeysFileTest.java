package recon.common.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import recon.common.crypto.KeyOwner;
import recon.common.crypto.SharedKey;
import recon.common.options.OptionsException;

@Timeout(30)
class ClientKeysFileTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    @TempDir
    Path directory;

    private ClientKeysFile file() {
        return new ClientKeysFile(directory.resolve("client_keys"), List.of(), Optional.empty());
    }

    private void write(String text, String mode) throws Exception {
        Files.writeString(file().path(), text);
        Files.setPosixFilePermissions(file().path(), PosixFilePermissions.fromString(mode));
    }

    private ClientKeysEditor editor() {
        return new ClientKeysEditor(file(), new SecureRandom());
    }

    @Test
    void aFileThatIsNotThereHasNoKeys() throws Exception {
        assertThat(file().read()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "r--------"})
    void aFileOfItsOwnerAloneIsRead(String mode) throws Exception {
        write("a = " + KEY, mode);
        assertThat(file().read()).extracting(ClientKey::name).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rwx------", "rw---x---"})
    void aFileOfOthersIsRefused(String mode) throws Exception {
        write("a = " + KEY, mode);
        assertThatThrownBy(() -> file().read())
                .isInstanceOf(OptionsException.class)
                .hasMessage(file().path() + ": holds keys and must be its owner's alone, but has mode " + mode
                        + "; run: chmod 600 " + file().path());
    }

    @Test
    void aFileThatIsNoTextIsRefused() throws Exception {
        write("", "rw-------");
        Files.write(file().path(), new byte[] {'a', '=', (byte) 0xff});
        assertThatThrownBy(() -> file().read()).hasMessageContaining("is not valid UTF-8");
        Files.write(file().path(), new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> file().read()).hasMessageContaining("is larger than 1048576 bytes");
        Files.delete(file().path());
        Files.createDirectory(file().path());
        Files.setPosixFilePermissions(file().path(), PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> file().read()).isInstanceOf(OptionsException.class);
    }

    @Test
    void anEditorMakesTheFileForItsOwnerAndKeepsComments() throws Exception {
        ClientKeysFile deep = new ClientKeysFile(directory.resolve("state/client_keys"), List.of(), Optional.empty());
        ClientKeysEditor editor = new ClientKeysEditor(deep, new SecureRandom());
        ClientKey added = editor.add(new KeyOwner("scanner1", false)).orElseThrow();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(deep.path())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("state"))))
                .isEqualTo("rwx------");
        Files.writeString(deep.path(), "# mine\n" + Files.readString(deep.path()));
        assertThat(editor.add(new KeyOwner("Scanner1", true))).isEmpty();
        assertThat(editor.add(new KeyOwner("console", true))).isPresent();
        assertThat(deep.read())
                .extracting(ClientKey::owner)
                .containsExactly(new KeyOwner("scanner1", false), new KeyOwner("console", true));
        assertThat(deep.read().get(0).key().text()).isEqualTo(added.key().text());
        assertThat(editor.remove("console")).isTrue();
        assertThat(editor.remove("console")).isFalse();
        assertThat(Files.readString(deep.path()))
                .isEqualTo("# mine\nscanner1 = " + added.key().text() + "\n");
        try (Stream<Path> left = Files.list(directory.resolve("state"))) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("client_keys", ".client_keys.lock");
        }
    }

    @Test
    void aFileThatIsWrongIsNotEdited() throws Exception {
        write("a = short\n", "rw-------");
        assertThatThrownBy(() -> editor().add(new KeyOwner("b", false))).isInstanceOf(OptionsException.class);
        assertThat(file().path()).hasContent("a = short\n");
    }

    @Test
    void aLinkStaysALink() throws Exception {
        Path real = Files.createDirectory(directory.resolve("real")).resolve("keys");
        Files.createSymbolicLink(file().path(), real);
        assertThatThrownBy(() -> file().read()).hasMessageContaining("is a link to a file that does not exist");
        Files.createFile(real, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        assertThat(editor().add(new KeyOwner("a", false))).isPresent();
        assertThat(file().path()).isSymbolicLink();
        assertThat(Files.readString(real)).startsWith("a = ");
    }

    @Test
    void ofEditorsAtTheSameTimeNoneIsLost() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Optional<ClientKey>>> edits = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                KeyOwner owner = new KeyOwner("scanner" + i, false);
                edits.add(() -> editor().add(owner));
            }
            for (Future<Optional<ClientKey>> edit : threads.invokeAll(edits)) {
                assertThat(edit.get()).isPresent();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(file().read()).hasSize(40);
    }

    @Test
    void theSharedKeyIsNoClients() throws Exception {
        write("a = " + KEY, "rw-------");
        ClientKeysFile file = new ClientKeysFile(file().path(), List.of(SharedKey.parse(KEY)), Optional.empty());
        assertThatThrownBy(file::read).hasMessageContaining("client_keys:1: the key is used twice");
    }
}
