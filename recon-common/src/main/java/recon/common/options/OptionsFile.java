package recon.common.options;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import recon.common.crypto.SharedKey;

/**
 * The lines of an options file: {@code ITEM = VALUE}, items in any case, {@code #} lines and blank lines ignored, a pair
 * of quotes around a value removed. A value may hold {@code =} and {@code #}. Which items there are and what their values
 * mean is not known here.
 */
public final class OptionsFile {
    /** The largest file that is read. */
    public static final int MAX_BYTES = 1 << 20;

    private final String source;
    private final Path directory;
    private final boolean known;
    private final Map<String, Entry> entries;

    private OptionsFile(String source, Path directory, boolean known, Map<String, Entry> entries) {
        this.source = source;
        this.directory = directory;
        this.known = known;
        this.entries = Collections.unmodifiableMap(entries);
    }

    /** One item as it is written in the file, quotes included; lines count from 1. */
    record Entry(String written, int line) {
        /** The value without a pair of quotes around the whole of it. */
        String value() {
            int last = written.length() - 1;
            boolean quoted =
                    last > 0 && "\"'".indexOf(written.charAt(0)) >= 0 && written.indexOf(written.charAt(0), 1) == last;
            return quoted ? written.substring(1, last) : written;
        }
    }

    /** A file whose items nobody knows, since it could not be read. */
    static OptionsFile unknown(Path file) {
        return new OptionsFile(file.toString(), directoryOf(file), false, Map.of());
    }

    /** The same, with nothing but what it says of these items. */
    OptionsFile only(List<Item> items) {
        Map<String, Entry> some = new LinkedHashMap<>(entries);
        some.keySet().retainAll(items.stream().map(Item::name).toList());
        return new OptionsFile(source, directory, known, some);
    }

    /** Parses a text whose relative paths are below the working directory; lines that are wrong become problems. */
    public static OptionsFile parse(String source, String text, Problems problems) {
        return parse(source, Path.of("").toAbsolutePath(), text, problems);
    }

    static OptionsFile parse(String source, Path directory, String text, Problems problems) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        int line = 0;
        for (String raw : (Iterable<String>) withoutByteOrderMark(text).lines()::iterator) {
            line++;
            String content = raw.strip();
            if (content.isEmpty() || content.startsWith("#")) {
                continue;
            }
            int equals = content.indexOf('=');
            String item = equals < 0 ? "" : content.substring(0, equals).strip().toUpperCase(Locale.ROOT);
            if (!Item.isName(item)) {
                problems.at(source, line, "expected ITEM = VALUE"); // not repeated here: it may be a stray key
                continue;
            }
            String value = content.substring(equals + 1).strip();
            Entry first = entries.putIfAbsent(item, new Entry(value, line));
            if (first != null) {
                problems.at(source, line, item + " is set again; line " + first.line() + " sets it already");
            }
        }
        return new OptionsFile(source, directory, true, entries);
    }

    /** Reads a file; one that cannot be read, is too large or not UTF-8 becomes a problem and an empty result. */
    public static OptionsFile read(Path file, Problems problems) {
        String source = file.toString();
        Path directory = directoryOf(file);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                problems.at(source, "is larger than " + MAX_BYTES + " bytes; this is no options file");
            } else {
                CharSequence text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
                return parse(source, directory, text.toString(), problems);
            }
        } catch (CharacterCodingException e) {
            problems.at(source, "is not valid UTF-8; save it as UTF-8");
        } catch (IOException e) {
            problems.at(source, "cannot be read: " + reason(e));
        }
        return unknown(file);
    }

    /** The text of a new {@code recon.opts}. */
    public static String defaultText(Optional<SharedKey> key) {
        return Catalogue.RECON.defaultText(key);
    }

    /** Creates a {@code recon.opts}, as {@link #writeDefault(Catalogue, Path, Optional)}. */
    public static void writeDefault(Path file, Optional<SharedKey> key) throws IOException {
        writeDefault(Catalogue.RECON, file, key);
    }

    /**
     * Creates an options file with the defaults, for its owner only (mode 0600 where the file system has modes). The file
     * appears complete or not at all.
     *
     * @throws FileAlreadyExistsException if there is one; it is left as it is
     */
    public static void writeDefault(Catalogue catalogue, Path file, Optional<SharedKey> key) throws IOException {
        Path directory = directoryOf(file);
        if (!Files.isDirectory(directory)) {
            throw new NoSuchFileException(directory.toString(), null, "no such directory");
        }
        Path temporary = Files.createTempFile(directory, ".recon.opts-", ".tmp", ownerOnly(directory));
        try {
            Files.writeString(temporary, catalogue.defaultText(key));
            appearAs(file, temporary);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** A link fails where the name is taken, which a move does not on every system; but not all systems have links. */
    private static void appearAs(Path file, Path temporary) throws IOException {
        try {
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException noLinksHere) {
            Files.move(temporary, file);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path directory) throws IOException {
        boolean hasModes = Files.getFileStore(directory).supportsFileAttributeView("posix");
        return hasModes
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /** What the operator should know about a file that holds a key and that others can read or write. */
    static Optional<String> keyExposure(Path file) {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            boolean owned = PosixFilePermissions.fromString("rwx------").containsAll(mode);
            return owned
                    ? Optional.empty()
                    : Optional.of(file + " holds a key and is open to other users (mode "
                            + PosixFilePermissions.toString(mode) + "); run: chmod 600 " + file);
        } catch (IOException | UnsupportedOperationException noModesHere) {
            return Optional.empty();
        }
    }

    static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileSystemException failure) {
            String reason = failure.getReason();
            return reason == null ? e.getClass().getSimpleName().replace("Exception", "") : reason;
        }
        return String.valueOf(e.getMessage());
    }

    private static Path directoryOf(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        return absolute.getParent() == null ? absolute : absolute.getParent();
    }

    private static String withoutByteOrderMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** How messages name the file. */
    public String source() {
        return source;
    }

    /** What the relative paths in the file are below. */
    public Path directory() {
        return directory;
    }

    /** Whether the file could be read, so that an item that is missing here is missing there. */
    boolean isKnown() {
        return known;
    }

    /** The items in upper case with their values, in the order of the file. */
    Map<String, Entry> entries() {
        return entries;
    }
}
