package recon.common.keys;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import recon.common.crypto.SharedKey;
import recon.common.job.Failures;
import recon.common.options.OptionsException;
import recon.common.options.Problems;

/**
 * Reads the file of client keys. A file that is not there has none.
 *
 * @param shared keys that no client may have for itself
 * @param administrators another one; empty if there is no administration
 */
public record ClientKeysFile(Path path, List<SharedKey> shared, Optional<SharedKey> administrators) {
    private static final int MAX_BYTES = 1 << 20;
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");

    public ClientKeysFile {
        shared = List.copyOf(shared);
    }

    /**
     * The keys, in the order of the file.
     *
     * @throws OptionsException with every problem: others can read or write the file, or lines are wrong; never shows a key
     */
    public List<ClientKey> read() throws OptionsException {
        return readText().keys();
    }

    ClientKeysText readText() throws OptionsException {
        Problems problems = new Problems();
        String source = path.toString();
        String text = "";
        try {
            if (Files.exists(path)) {
                exposure().ifPresent(problem -> problems.at(source, problem));
                text = problems.isEmpty() ? content(problems) : "";
            } else if (Files.isSymbolicLink(path)) {
                problems.at(source, "is a link to a file that does not exist");
            }
        } catch (NoSuchFileException removedMeanwhile) {
            text = "";
        } catch (CharacterCodingException e) {
            problems.at(source, "is not valid UTF-8; save it as UTF-8");
        } catch (IOException e) {
            problems.at(source, "cannot be read: " + Failures.words(e));
        }
        ClientKeysText keys = ClientKeysText.parse(source, text, shared, administrators, problems);
        problems.throwIfAny();
        return keys;
    }

    private String content(Problems problems) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                problems.at(path.toString(), "is larger than " + MAX_BYTES + " bytes; this is no file of client keys");
                return "";
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        }
    }

    /** Who else could get at the keys, in words that say what to do. */
    private Optional<String> exposure() throws IOException {
        if (!hasModes(path)) {
            return Optional.empty();
        }
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
        if (!OWNER.containsAll(mode)) {
            return Optional.of("holds keys and must be its owner's alone, but has mode "
                    + PosixFilePermissions.toString(mode) + "; run: chmod 600 " + path);
        }
        // By number: the user may have no name here.
        if ((int) Files.getAttribute(path, "unix:uid") != (int) new UnixSystem().getUid()) {
            String owner = Files.getOwner(path).getName();
            return Optional.of("belongs to " + owner + ", and this program runs as " + System.getProperty("user.name")
                    + "; both must be the user that the server runs as");
        }
        return Optional.empty();
    }

    static boolean hasModes(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix");
    }
}
