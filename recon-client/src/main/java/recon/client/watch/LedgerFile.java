package recon.client.watch;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Records in a file that is only ever appended to, each of them on the disk before {@link #append} returns. A record is a
 * line: its checksum, and its fields, with tabs before each. Whatever a crash leaves of the last ones is cut off.
 *
 * <p>Not thread-safe.
 */
final class LedgerFile implements Closeable {
    private static final String SEPARATOR = "\t";

    private final Path file;
    private FileChannel channel;
    private long end;

    private LedgerFile(Path file, FileChannel channel, long end) {
        this.file = file;
        this.channel = channel;
        this.end = end;
    }

    /**
     * Opens a file, and makes it if it is missing.
     *
     * @param records gets those that are there
     * @throws IOException also if one is damaged that others follow
     */
    static LedgerFile open(Path file, List<List<String>> records) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            long end = read(file, records);
            channel.truncate(end);
            channel.force(true);
            syncDirectory(file);
            return new LedgerFile(file, channel, end);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Returns where the last good record ends. */
    private static long read(Path file, List<List<String>> records) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        long end = 0;
        int damaged = 0;
        int line = 0;
        for (int from = 0; from < bytes.length; ) {
            int to = from;
            while (to < bytes.length && bytes[to] != '\n') {
                to++;
            }
            line++;
            Optional<List<String>> record =
                    to < bytes.length ? parse(Arrays.copyOfRange(bytes, from, to)) : Optional.empty();
            if (record.isEmpty()) {
                damaged = damaged == 0 ? line : damaged;
            } else if (damaged > 0) {
                throw new IOException(file + " is damaged in line " + damaged
                        + ", and tells no more what was sent; put back a copy of it, or move it away: then all files that"
                        + " are in the watched directory are sent again");
            } else {
                records.add(record.get());
                end = to + 1L;
            }
            from = to + 1;
        }
        return end;
    }

    private static Optional<List<String>> parse(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8);
        int first = text.indexOf(SEPARATOR);
        if (first < 0 || !text.substring(0, first).equals(checksum(text.substring(first)))) {
            return Optional.empty();
        }
        List<String> fields = new ArrayList<>();
        for (String field : text.substring(first + 1).split(SEPARATOR, -1)) {
            fields.add(unescape(field));
        }
        return Optional.of(fields);
    }

    private static String line(List<String> fields) {
        StringBuilder text = new StringBuilder();
        for (String field : fields) {
            text.append(SEPARATOR).append(escape(field));
        }
        return checksum(text.toString()) + text + "\n";
    }

    private static String checksum(String text) {
        CRC32 sum = new CRC32();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "%08x", sum.getValue());
    }

    /** A name may hold anything, half a surrogate too. */
    private static String escape(String field) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c < ' ' || c == '%' || Character.isSurrogate(c)) {
                text.append(String.format(Locale.ROOT, "%%%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static String unescape(String field) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            if (field.charAt(i) == '%') {
                text.append((char) Integer.parseInt(field, i + 1, i + 5, 16));
                i += 4;
            } else {
                text.append(field.charAt(i));
            }
        }
        return text.toString();
    }

    /**
     * Adds records. They are on the disk when this returns; if it fails, none of them is there.
     *
     * @throws IOException if the disk does not take them
     */
    void append(List<List<String>> records) throws IOException {
        StringBuilder text = new StringBuilder();
        records.forEach(record -> text.append(line(record)));
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        try {
            channel.truncate(end); // what a write that failed has left
            write(channel, bytes, end);
            channel.force(false);
        } catch (IOException e) {
            throw new IOException("what is sent cannot be noted in " + file + ": " + e.getMessage(), e);
        }
        end += bytes.length;
    }

    private static void write(FileChannel to, byte[] bytes, long at) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        for (long position = at; buffer.hasRemaining(); ) {
            position += to.write(buffer, position);
        }
    }

    /** Puts these records in the place of all. A crash leaves either. */
    void replace(List<List<String>> records) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        FileChannel fresh = FileChannel.open(
                temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        long length = 0;
        try {
            for (List<String> record : records) {
                byte[] bytes = line(record).getBytes(StandardCharsets.UTF_8);
                write(fresh, bytes, length);
                length += bytes.length;
            }
            fresh.force(true);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            fresh.close();
            throw e;
        }
        syncDirectory(file);
        channel.close();
        channel = fresh;
        end = length;
    }

    /** Where the system has that: else it sees to it by itself. */
    private static void syncDirectory(Path file) {
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        } catch (IOException notHere) {
            // Windows does not open directories.
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
