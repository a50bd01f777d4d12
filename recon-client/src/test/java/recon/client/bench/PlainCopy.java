package recon.client.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Copies files over plain TCP on loopback, neither encrypted nor checked, each synced to disk before the copy is
 * acknowledged: as little work as there can be. One connection is served at a time.
 *
 * <pre>
 *   PlainCopy serve                       prints its port, and serves until it is killed
 *   PlainCopy send PORT SOURCE TARGET     a file, or the files of a directory, to the server
 *   PlainCopy fetch PORT SOURCE TARGET    from the server
 * </pre>
 *
 * A connection: the path to fetch, or an empty one; then from the side that has the files their number, and path, length
 * and bytes of each; then one byte back.
 */
final class PlainCopy {
    private static final int SLICE_BYTES = 64 * 1024;

    private final SocketChannel socket;
    private final ByteBuffer out = ByteBuffer.allocateDirect(SLICE_BYTES);
    private final ByteBuffer in = ByteBuffer.allocateDirect(SLICE_BYTES).flip();

    private PlainCopy(SocketChannel socket) {
        this.socket = socket;
    }

    public static void main(String[] args) throws IOException {
        if (args[0].equals("serve")) {
            serve();
            return;
        }
        InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]));
        try (SocketChannel socket = SocketChannel.open(server)) {
            PlainCopy copy = new PlainCopy(socket);
            if (args[0].equals("send")) {
                copy.putText("");
                copy.send(Path.of(args[2]), Path.of(args[3]));
            } else {
                copy.putText(args[2] + "\n" + args[3]);
                copy.flush();
                copy.receive();
            }
        }
    }

    private static void serve() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            System.out.println("port " + listener.socket().getLocalPort());
            while (true) {
                try (SocketChannel socket = listener.accept()) {
                    PlainCopy copy = new PlainCopy(socket);
                    List<String> paths = copy.text().lines().toList();
                    if (paths.isEmpty()) {
                        copy.receive();
                    } else {
                        copy.send(Path.of(paths.get(0)), Path.of(paths.get(1)));
                    }
                } catch (IOException clientHasGone) {
                    System.err.println(clientHasGone);
                }
            }
        }
    }

    private void send(Path source, Path target) throws IOException {
        boolean directory = Files.isDirectory(source);
        List<Path> files = List.of(source);
        if (directory) {
            try (Stream<Path> entries = Files.list(source)) {
                files = entries.sorted().toList();
            }
        }
        room(Integer.BYTES).putInt(files.size());
        for (Path file : files) {
            putText((directory ? target.resolve(file.getFileName()) : target).toString());
            try (FileChannel bytes = FileChannel.open(file)) {
                room(Long.BYTES).putLong(bytes.size());
                while (bytes.read(out) >= 0) {
                    room(1);
                }
            }
        }
        flush();
        need(1).get();
    }

    private void receive() throws IOException {
        int files = need(Integer.BYTES).getInt();
        for (int i = 0; i < files; i++) {
            Path target = Path.of(text());
            Files.createDirectories(target.getParent());
            long left = need(Long.BYTES).getLong();
            try (FileChannel file = FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                while (left > 0) {
                    need(1);
                    int limit = in.limit();
                    in.limit((int) Math.min(limit, in.position() + left));
                    left -= file.write(in);
                    in.limit(limit);
                }
                file.force(true);
            }
        }
        room(1).put((byte) 1);
        flush();
    }

    private void putText(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        room(Integer.BYTES + bytes.length).putInt(bytes.length).put(bytes);
    }

    private String text() throws IOException {
        byte[] bytes = new byte[need(Integer.BYTES).getInt()];
        need(bytes.length).get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The buffer to write to, with so much room. */
    private ByteBuffer room(int bytes) throws IOException {
        if (out.remaining() < bytes) {
            flush();
        }
        return out;
    }

    private void flush() throws IOException {
        out.flip();
        while (out.hasRemaining()) {
            socket.write(out);
        }
        out.clear();
    }

    /** The buffer to read from, with so many bytes in it. */
    private ByteBuffer need(int bytes) throws IOException {
        if (in.remaining() < bytes) {
            in.compact();
            while (in.position() < bytes) {
                if (socket.read(in) < 0) {
                    throw new EOFException("the other side has gone");
                }
            }
            in.flip();
        }
        return in;
    }
}
