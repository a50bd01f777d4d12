package recon.mrd.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionHeaderFormat;
import recon.mrd.format.AcquisitionHeaderWriter;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeaderFormat;
import recon.mrd.format.MrdItem;
import recon.mrd.format.Waveform;
import recon.mrd.format.WaveformHeaderFormat;

/** Writes messages to a stream; {@link #flush()} sends what is still held back. Not for use by several threads. */
public final class MrdOutput {
    private static final int BUFFER_BYTES = 1 << 18;

    private final OutputStream out;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    public MrdOutput(OutputStream out) {
        this.out = out;
    }

    /** @throws IllegalArgumentException if the name of a {@link MrdMessage.ConfigFile} is too long */
    public void write(MrdMessage message) throws IOException {
        if (message instanceof MrdMessage.ConfigFile file) {
            config(file.name());
        } else if (message instanceof MrdMessage.ConfigText config) {
            text(MessageId.CONFIG_TEXT, config.text());
        } else if (message instanceof MrdMessage.Header header) {
            text(MessageId.HEADER, header.xml());
        } else if (message instanceof MrdMessage.Text text) {
            text(MessageId.TEXT, text.text());
        } else if (message instanceof MrdMessage.Data data) {
            item(data.item());
        } else {
            id(MessageId.CLOSE, 0);
        }
    }

    /** Sends what is still held back. */
    public void flush() throws IOException {
        drain();
        out.flush();
    }

    private void config(String name) throws IOException {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= MrdMessage.ConfigFile.BYTES) {
            throw new IllegalArgumentException("a config name of " + bytes.length + " bytes; at most "
                    + (MrdMessage.ConfigFile.BYTES - 1) + " fit");
        }
        id(MessageId.CONFIG_FILE, MrdMessage.ConfigFile.BYTES);
        buffer.put(Arrays.copyOf(bytes, MrdMessage.ConfigFile.BYTES));
    }

    /** With a closing NUL that counts: there are readers that cut the last byte off without looking. */
    private void text(MessageId id, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        id(id, Integer.BYTES);
        buffer.putInt(bytes.length + 1);
        put(bytes);
        need(1);
        buffer.put((byte) 0);
    }

    private void item(MrdItem item) throws IOException {
        if (item instanceof Acquisition acquisition) {
            id(MessageId.ACQUISITION, AcquisitionHeaderFormat.BYTES);
            AcquisitionHeaderWriter.write(acquisition.head(), buffer);
            put(acquisition.trajectory());
            put(acquisition.data());
        } else if (item instanceof Image image) {
            byte[] attributes = image.attributes().getBytes(StandardCharsets.UTF_8);
            id(MessageId.IMAGE, ImageHeaderFormat.BYTES + Long.BYTES);
            ImageHeaderFormat.write(image.head(), buffer);
            buffer.putLong(attributes.length);
            put(attributes);
            put(image.pixels());
        } else {
            Waveform waveform = (Waveform) item;
            id(MessageId.WAVEFORM, WaveformHeaderFormat.BYTES);
            WaveformHeaderFormat.write(waveform.head(), buffer);
            put(waveform.data());
        }
    }

    private void id(MessageId id, int more) throws IOException {
        need(MessageId.BYTES + more);
        buffer.putShort((short) id.code());
    }

    private void put(byte[] bytes) throws IOException {
        if (bytes.length > buffer.capacity()) {
            drain();
            out.write(bytes);
        } else {
            need(bytes.length);
            buffer.put(bytes);
        }
    }

    private void put(float[] values) throws IOException {
        for (int at = 0; at < values.length; ) {
            need(Float.BYTES);
            int count = Math.min(buffer.remaining() / Float.BYTES, values.length - at);
            buffer.asFloatBuffer().put(values, at, count);
            buffer.position(buffer.position() + count * Float.BYTES);
            at += count;
        }
    }

    private void put(int[] values) throws IOException {
        for (int at = 0; at < values.length; ) {
            need(Integer.BYTES);
            int count = Math.min(buffer.remaining() / Integer.BYTES, values.length - at);
            buffer.asIntBuffer().put(values, at, count);
            buffer.position(buffer.position() + count * Integer.BYTES);
            at += count;
        }
    }

    private void need(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            drain();
        }
    }

    private void drain() throws IOException {
        out.write(buffer.array(), 0, buffer.position());
        buffer.clear();
    }
}
