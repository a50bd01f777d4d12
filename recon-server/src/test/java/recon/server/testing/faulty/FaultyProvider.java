package recon.server.testing.faulty;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/** Asks the {@link Faults} before whatever opens, changes or lists files; looking at attributes always works. */
final class FaultyProvider extends FileSystemProvider {
    private final FileSystemProvider real;
    private final Faults faults;

    FaultyProvider(FileSystemProvider real, Faults faults) {
        this.real = real;
        this.faults = faults;
    }

    @Override
    public String getScheme() {
        return "faulty";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
        throw new IllegalArgumentException("made by FaultyFileSystem.over only");
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        throw new IllegalArgumentException("made by FaultyFileSystem.over only");
    }

    @Override
    public Path getPath(URI uri) {
        throw new IllegalArgumentException("made by FaultyFileSystem.over only");
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        faults.check("open", path);
        return new FaultyChannel(FileChannel.open(FaultyPath.real(path), options, attributes), path, faults);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        faults.check("list", directory);
        FaultyPath base = (FaultyPath) directory;
        DirectoryStream<Path> entries =
                real.newDirectoryStream(base.path(), entry -> filter.accept(new FaultyPath(entry, base.system())));
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                Iterator<Path> all = entries.iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return all.hasNext();
                    }

                    @Override
                    public Path next() {
                        return new FaultyPath(all.next(), base.system());
                    }
                };
            }

            @Override
            public void close() throws IOException {
                entries.close();
            }
        };
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
        faults.check("create", directory);
        real.createDirectory(FaultyPath.real(directory), attributes);
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
        faults.check("link", link);
        real.createLink(FaultyPath.real(link), FaultyPath.real(existing));
    }

    @Override
    public void delete(Path path) throws IOException {
        faults.check("delete", path);
        real.delete(FaultyPath.real(path));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
        faults.check("copy", target);
        real.copy(FaultyPath.real(source), FaultyPath.real(target), options);
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        faults.check("rename", target);
        real.move(FaultyPath.real(source), FaultyPath.real(target), options);
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        return real.isSameFile(FaultyPath.real(path), FaultyPath.real(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
        return real.isHidden(FaultyPath.real(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        return real.getFileStore(FaultyPath.real(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        real.checkAccess(FaultyPath.real(path), modes);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        return real.getFileAttributeView(FaultyPath.real(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return real.readAttributes(FaultyPath.real(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        return real.readAttributes(FaultyPath.real(path), attributes, options);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        faults.check("change", path);
        real.setAttribute(FaultyPath.real(path), attribute, value, options);
    }
}
