package recon.mrd.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.MrdItem;

/**
 * Writes a group of an ISMRMRD file: acquisitions, waveforms and images go to the disk as they come, and the memory in use
 * does not grow with them. Images of one {@code image_series_index} make a group
 * {@code image_<index>} within the group, and have one size and one type. The file has a temporary name until
 * {@link #commit()}; closed without it, it vanishes. Not for use by several threads.
 */
public final class MrdWriter implements Closeable {
    /** The group that other programs look for. */
    public static final String DEFAULT_GROUP = "dataset";

    private static final Pattern TEMPORARY =
            Pattern.compile("\\.(.+)\\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.part");

    private final Path target;
    private final Path temporary;
    private final String group;
    private final Hdf5Space space;
    private final GroupWriter content;
    private final Optional<ExistingFile> existing;
    /** What is to be there still at the commit; empty if that replaces whatever there is. */
    private Optional<FileState> before = Optional.empty();

    private boolean finished;
    private boolean temporaryStays;

    private MrdWriter(Path target, Path temporary, String group, Hdf5Space space, Optional<ExistingFile> existing) {
        this.target = target;
        this.temporary = temporary;
        this.group = group;
        this.space = space;
        this.content = new GroupWriter(space, existing);
        this.existing = existing;
    }

    /** Begins a file with the group {@value #DEFAULT_GROUP}. An existing file stays as it is until the commit. */
    public static MrdWriter create(Path target, MrdHeader header) throws IOException {
        return create(target, DEFAULT_GROUP, header.toXml());
    }

    /** Begins a file with this XML header, which is written as it is. */
    public static MrdWriter create(Path target, String group, String xmlHeader) throws IOException {
        MrdWriter writer = create(target, group);
        try {
            writer.write(MrdText.XML, xmlHeader);
            return writer;
        } catch (IOException | RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    /**
     * Begins a file that holds nothing yet. An existing file stays as it is until the commit, which replaces it.
     *
     * @param group 1 to 255 bytes without {@code /}
     * @param attributes that the file is made with, such as its mode
     * @throws IOException if the folder does not exist or cannot be written to
     */
    public static MrdWriter create(Path target, String group, FileAttribute<?>... attributes) throws IOException {
        checkName(group);
        Path file = target.toAbsolutePath();
        checkFolder(file, target);
        Path temporary = temporary(file);
        return new MrdWriter(file, temporary, group, Hdf5Space.create(temporary, attributes), Optional.empty());
    }

    /**
     * Begins to add to a file: a group, or more to a group that is there. What was in the file stays in it; acquisitions,
     * waveforms and images go behind those of their kind and series; a text takes the place of the old one. The file is
     * created if there is none, and stays as it is until the commit. Takes as much space as the file in its folder. If somebody
     * else changes the file meanwhile, the commit leaves it alone and gives what it has made another name.
     *
     * @param group 1 to 255 bytes without {@code /}
     * @throws MrdException if the file is damaged, or of a kind that cannot be added to
     */
    public static MrdWriter append(Path target, String group) throws IOException {
        checkName(group);
        FileState before = FileState.of(target);
        if (!Files.exists(target)) {
            MrdWriter writer = create(target, group);
            writer.before = Optional.of(before);
            return writer;
        }
        Hdf5Input.checkSignature(target);
        Path file = target.toRealPath();
        checkFolder(file, target);
        Path temporary = temporary(file);
        try {
            Files.copy(file, temporary, StandardCopyOption.COPY_ATTRIBUTES);
            MrdWriter writer = append(file, temporary, group);
            writer.before = Optional.of(before);
            return writer;
        } catch (MrdException e) {
            Files.deleteIfExists(temporary);
            // A message about the copy names the file itself.
            throw new MrdException(target + ": " + e.getMessage().replace(temporary + ": ", ""), e);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    private static MrdWriter append(Path file, Path temporary, String group) throws IOException {
        Hdf5Space.requireWhole(temporary);
        ExistingFile existing = new ExistingFile(temporary, group);
        try {
            // Last: whatever else opens and closes the file takes its lock away.
            return new MrdWriter(file, temporary, group, Hdf5Space.append(temporary), Optional.of(existing));
        } catch (IOException | RuntimeException e) {
            existing.close();
            throw e;
        }
    }

    private static void checkFolder(Path file, Path target) throws IOException {
        if (!Files.isDirectory(file.getParent())) {
            throw new NoSuchFileException(target.toString(), null, "its folder does not exist");
        }
        if (!Files.isWritable(file.getParent())) {
            throw new AccessDeniedException(target.toString(), null, "no permission to write in its folder");
        }
    }

    private static void checkName(String group) {
        if (group.isEmpty() || group.indexOf('/') >= 0 || group.getBytes(StandardCharsets.UTF_8).length > 255) {
            throw new IllegalArgumentException("not a group name: \"" + group + "\"");
        }
    }

    private static Path temporary(Path target) {
        return target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
    }

    /** The name that a file was to get, by its temporary name; empty if that is none. */
    public static Optional<String> targetOf(Path temporary) {
        Matcher matcher = TEMPORARY.matcher(temporary.getFileName().toString());
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /**
     * Whether some writer of another program that runs still has the file of this temporary name open. Not to be asked
     * for this program's own files, which other programs would then take for left.
     *
     * @throws IOException if that cannot be found out, as on a file system without locks
     */
    public static boolean isBeingWritten(Path temporary) throws IOException {
        return Hdf5Space.isBeingWritten(temporary);
    }

    /** Sets a text; the last one counts. */
    public void write(MrdText kind, String text) throws IOException {
        content.write(kind, text);
    }

    /**
     * Writes an item behind those of its kind.
     *
     * @throws MrdException if it is an image of another size or type than those of its series, or of one series too many
     */
    public void write(MrdItem item) throws IOException {
        content.write(item);
    }

    /**
     * What was written up to some moment, so that it can be had back of a file that its program could not complete. Until
     * {@link #publish()} readers see what was published before it, or nothing.
     */
    public final class Checkpoint {
        private final long rootHeaderAddress;
        private final long endOfFile;

        private Checkpoint(long rootHeaderAddress, long endOfFile) {
            this.rootHeaderAddress = rootHeaderAddress;
            this.endOfFile = endOfFile;
        }

        /** Brings it to the disk, which may take long. May run beside a thread that writes on. */
        public void sync() throws IOException {
            space.sync();
        }

        /** From now on readers find it in the file with the temporary name. */
        public void publish() throws IOException {
            space.publish(rootHeaderAddress, endOfFile);
        }
    }

    /** Writes what has not left the memory yet, and how to find it all: some kilobytes. */
    public Checkpoint checkpoint() throws IOException {
        Map<String, Long> root =
                new LinkedHashMap<>(existing.map(ExistingFile::rootLinks).orElse(Map.of()));
        root.put(group, content.write());
        long rootHeaderAddress = space.append(ObjectHeader.group(root));
        return new Checkpoint(rootHeaderAddress, space.fill());
    }

    /**
     * Completes the file, brings it to the disk and gives it its name. Nothing can be written afterwards.
     *
     * @throws MrdException if the file that was added to is not what it was: tells the name of the file with what was added
     */
    public void commit() throws IOException {
        finish();
        if (before.isPresent() && !before.get().equals(FileState.of(target))) {
            Path other = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".h5");
            Files.move(temporary, other);
            throw new MrdException(
                    target + " was changed by another program meanwhile and stays as that left it; what it"
                            + " held before, and what was to be added, is in " + other);
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Completes the file and brings it to the disk, and leaves its name to the caller. Nothing can be written afterwards.
     *
     * @return the file with the temporary name, which is the caller's from now on
     */
    public Path complete() throws IOException {
        finish();
        temporaryStays = true;
        return temporary;
    }

    /**
     * Ends here, without completing the file: it holds what was published last.
     *
     * @return the file with the temporary name, which is the caller's from now on
     */
    public Path leave() throws IOException {
        temporaryStays = true;
        closeFiles();
        return temporary;
    }

    private void finish() throws IOException {
        if (finished) {
            throw new IllegalStateException("already committed: " + target);
        }
        Checkpoint last = checkpoint();
        last.sync();
        last.publish();
        last.sync();
        closeFiles();
        finished = true;
    }

    private void closeFiles() throws IOException {
        existing.ifPresent(ExistingFile::close);
        space.close();
    }

    @Override
    public void close() throws IOException {
        closeFiles();
        if (!temporaryStays) {
            Files.deleteIfExists(temporary);
        }
    }
}
