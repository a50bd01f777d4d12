package recon.mrd.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.AcquisitionHeaderFormat;
import recon.mrd.format.AcquisitionHeaderReader;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageHeaderFormat;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdItem;
import recon.mrd.format.Waveform;
import recon.mrd.format.WaveformHeader;
import recon.mrd.format.WaveformHeaderFormat;

/**
 * Reads messages from a stream. Holds one message at a time, nothing of one that is longer than the limit, and of another
 * at most twice of what has come. Not for use by several threads.
 */
public final class MrdInput {
    private static final int BUFFER_BYTES = 1 << 18;

    /** Values for which there is room before they have come. A length alone costs a sender nothing. */
    private static final int FIRST_ROOM = 1 << 20;

    private final InputStream in;
    private final long maxBytes;
    private final ByteBuffer buffer =
            ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    private long position;
    private String part = "";
    private long partStart;

    /** @param maxBytes that one message may have; at most {@link Integer#MAX_VALUE} of them in one piece */
    public MrdInput(InputStream in, long maxBytes) {
        this.in = in;
        this.maxBytes = Math.min(maxBytes, Integer.MAX_VALUE - 8);
    }

    /** Bytes read so far. */
    public long position() {
        return position;
    }

    /**
     * Whether the next message is a {@link MrdMessage.Text}. Waits for it.
     *
     * @throws MrdException if the stream ends within its first bytes
     */
    public boolean textIsNext() throws IOException {
        return fill(MessageId.BYTES) && nextCode() == MessageId.TEXT.code();
    }

    private int nextCode() {
        return Short.toUnsignedInt(buffer.getShort(buffer.position()));
    }

    /**
     * Waits for the next message.
     *
     * @return empty if the stream has ended
     * @throws MrdException if the stream ends within a message, or a message is of an unknown kind, too long, or
     *     contradicts itself
     */
    public Optional<MrdMessage> read() throws IOException {
        begin("the id of a message");
        if (!fill(MessageId.BYTES)) {
            return Optional.empty();
        }
        int code = nextCode();
        MessageId id = MessageId.of(code)
                .orElseThrow(() -> new MrdException("message id " + code + " at byte " + position
                        + " is not known; 1 to 5, 1008, 1022 and 1026 are"));
        begin("a message " + id);
        take(MessageId.BYTES);
        return Optional.of(
                switch (id) {
                    case CONFIG_FILE -> new MrdMessage.ConfigFile(text(MrdMessage.ConfigFile.BYTES));
                    case CONFIG_TEXT -> new MrdMessage.ConfigText(text());
                    case HEADER -> new MrdMessage.Header(text());
                    case TEXT -> new MrdMessage.Text(text());
                    case CLOSE -> new MrdMessage.Close();
                    case ACQUISITION -> new MrdMessage.Data(acquisition());
                    case IMAGE -> new MrdMessage.Data(image());
                    case WAVEFORM -> new MrdMessage.Data(waveform());
                });
    }

    private MrdItem acquisition() throws IOException {
        AcquisitionHeader head = AcquisitionHeaderReader.read(header(AcquisitionHeaderFormat.BYTES));
        long trajectory = (long) head.numberOfSamples() * head.trajectoryDimensions();
        checkLength(Float.BYTES * (trajectory + head.dataLength()));
        return new Acquisition(head, floats((int) trajectory), floats((int) head.dataLength()));
    }

    private MrdItem image() throws IOException {
        ImageHeader head = ImageHeaderFormat.read(header(ImageHeaderFormat.BYTES));
        long attributeBytes = header(Long.BYTES).getLong();
        double pixelBytes = head.pixels() * head.pixelType().bytes();
        if (attributeBytes < 0 || pixelBytes + attributeBytes > maxBytes) {
            throw tooLong(Long.toUnsignedString(attributeBytes) + " bytes of attributes and " + (long) pixelBytes
                    + " of pixels");
        }
        String attributes = text((int) attributeBytes);
        return new Image(head, attributes, bytes((int) pixelBytes));
    }

    private MrdItem waveform() throws IOException {
        WaveformHeader head = WaveformHeaderFormat.read(header(WaveformHeaderFormat.BYTES));
        checkLength(Integer.BYTES * head.dataLength());
        int length = (int) head.dataLength();
        int[] data = new int[Math.min(length, FIRST_ROOM)];
        for (int at = 0; at < length; ) {
            require(Integer.BYTES);
            data = at < data.length ? data : Arrays.copyOf(data, room(at, length));
            IntBuffer ready = buffer.asIntBuffer();
            int count = Math.min(ready.remaining(), data.length - at);
            ready.get(data, at, count);
            take(count * Integer.BYTES);
            at += count;
        }
        return new Waveform(head, data);
    }

    private String text() throws IOException {
        long length = Integer.toUnsignedLong(header(Integer.BYTES).getInt());
        checkLength(length);
        return text((int) length);
    }

    /** Some writers close a text with NUL and count it, some leave anything behind it, some write none. */
    private String text(int length) throws IOException {
        byte[] bytes = bytes(length);
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    private byte[] bytes(int length) throws IOException {
        byte[] bytes = new byte[Math.min(length, FIRST_ROOM)];
        for (int at = 0; at < length; ) {
            require(1);
            bytes = at < bytes.length ? bytes : Arrays.copyOf(bytes, room(at, length));
            int count = Math.min(buffer.remaining(), bytes.length - at);
            buffer.get(buffer.position(), bytes, at, count);
            take(count);
            at += count;
        }
        return bytes;
    }

    private float[] floats(int length) throws IOException {
        float[] values = new float[Math.min(length, FIRST_ROOM)];
        for (int at = 0; at < length; ) {
            require(Float.BYTES);
            values = at < values.length ? values : Arrays.copyOf(values, room(at, length));
            FloatBuffer ready = buffer.asFloatBuffer();
            int count = Math.min(ready.remaining(), values.length - at);
            ready.get(values, at, count);
            take(count * Float.BYTES);
            at += count;
        }
        return values;
    }

    /** Twice of what has come, or all of it. */
    private static int room(int come, int length) {
        return (int) Math.min(length, 2L * come);
    }

    private void checkLength(long bytes) throws MrdException {
        if (bytes < 0 || bytes > maxBytes) {
            throw tooLong(bytes + " bytes");
        }
    }

    private MrdException tooLong(String length) {
        return new MrdException(part + " at byte " + partStart + " has " + length + ", more than the " + maxBytes
                + " allowed (MRD_MAX_MESSAGE_BYTES)");
    }

    // --- the buffer ---

    private void begin(String what) {
        part = what;
        partStart = position;
    }

    /** The next bytes, taken from the stream. */
    private ByteBuffer header(int bytes) throws IOException {
        require(bytes);
        ByteBuffer head = buffer.slice(buffer.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
        take(bytes);
        return head;
    }

    private void require(int bytes) throws IOException {
        if (!fill(bytes)) {
            throw cut();
        }
    }

    private void take(int bytes) {
        buffer.position(buffer.position() + bytes);
        position += bytes;
    }

    /** Reads until so many bytes are in the buffer. False if the stream ends with nothing in it. */
    private boolean fill(int bytes) throws IOException {
        if (buffer.remaining() >= bytes) {
            return true;
        }
        buffer.compact();
        try {
            while (buffer.position() < bytes) {
                int count = in.read(buffer.array(), buffer.position(), buffer.remaining());
                if (count < 0) {
                    if (buffer.position() == 0) {
                        return false;
                    }
                    position += buffer.position();
                    throw cut();
                }
                buffer.position(buffer.position() + count);
            }
        } finally {
            buffer.flip();
        }
        return true;
    }

    private MrdException cut() {
        return new MrdException(
                "the stream ends at byte " + position + ", within " + part + " that began at byte " + partStart);
    }
}
