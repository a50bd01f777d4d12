package recon.common.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import recon.common.crypto.KeyOwner;
import recon.common.crypto.SharedKey;
import recon.common.options.OptionsException;

/**
 * Changes the file of client keys. It is replaced as a whole, so that nobody ever reads half of it, also after a crash; one
 * editor at a time does so, the others wait. Comments stay.
 */
public final class ClientKeysEditor {
    private final ClientKeysFile file;
    private final SecureRandom random;

    public ClientKeysEditor(ClientKeysFile file, SecureRandom random) {
        this.file = file;
        this.random = random;
    }

    /** What is to become of a text; null leaves the file as it is. */
    private interface Change {
        String apply(ClientKeysText text);
    }

    /**
     * Makes a key for a client, and the file if there is none.
     *
     * @param owner whose name is valid
     * @return empty if there is a client of that name
     */
    public Optional<ClientKey> add(KeyOwner owner) throws OptionsException, IOException {
        ClientKey key = new ClientKey(owner, SharedKey.generate(random));
        boolean added = edit(text -> text.find(owner.name()).isPresent() ? null : text.with(key));
        return added ? Optional.of(key) : Optional.empty();
    }

    /** Returns false if there is no client of that name. */
    public boolean remove(String name) throws OptionsException, IOException {
        return edit(text -> text.find(name).isPresent() ? text.without(name) : null);
    }

    private boolean edit(Change change) throws OptionsException, IOException {
        Path directory = file.path().toAbsolutePath().getParent();
        Files.createDirectories(directory, mode("rwx------"));
        synchronized (ClientKeysEditor.class) { // the lock of a file is between processes only
            try (FileChannel locked = FileChannel.open(
                    directory.resolve("." + file.path().getFileName() + ".lock"),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    mode("rw-------"))) {
                locked.lock(); // until it is closed
                String text = change.apply(file.readText());
                if (text == null) {
                    return false;
                }
                replace(text);
                return true;
            }
        }
    }

    private void replace(String text) throws IOException {
        Path target = Files.exists(file.path())
                ? file.path().toRealPath()
                : file.path().toAbsolutePath();
        Path directory = target.getParent();
        Path temporary = Files.createTempFile(directory, ".client-keys-", ".tmp", mode("rw-------"));
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
        if (ClientKeysFile.hasModes(directory)) { // elsewhere directories cannot be synced
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private FileAttribute<?>[] mode(String permissions) {
        return ClientKeysFile.hasModes(file.path())
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
