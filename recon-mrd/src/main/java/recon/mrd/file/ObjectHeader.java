package recon.mrd.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Section IV.A.1.a, object header version 1: what a group or a dataset is, as a row of messages, each a multiple of 8
 * bytes long.
 */
final class ObjectHeader {
    private static final int PREFIX_BYTES = 16;
    private static final int MESSAGE_PREFIX_BYTES = 8;
    private static final int MAX_MESSAGES = 0xFFFF;
    private static final int DATASPACE = 0x0001;
    private static final int LINK_INFO = 0x0002;
    private static final int DATATYPE = 0x0003;
    private static final int FILL_VALUE = 0x0005;
    private static final int LINK = 0x0006;
    private static final int DATA_LAYOUT = 0x0008;
    private static final int GROUP_INFO = 0x000A;
    private static final byte CONSTANT = 1;

    private final List<ByteBuffer> messages = new ArrayList<>();

    /** A group of hard links: from name to the address of an object header. */
    static ByteBuffer group(Map<String, Long> links) {
        ObjectHeader header = new ObjectHeader();
        // IV.A.2.c: version 0, no creation order, no heap and no tree, for the links are kept in this header.
        header.add(
                LINK_INFO,
                0,
                buffer(18)
                        .putShort((short) 0)
                        .putLong(Hdf5Space.UNDEFINED_ADDRESS)
                        .putLong(Hdf5Space.UNDEFINED_ADDRESS));
        header.add(GROUP_INFO, 0, buffer(2).putShort((short) 0));
        for (Map.Entry<String, Long> link : links.entrySet()) {
            byte[] name = link.getKey().getBytes(StandardCharsets.UTF_8);
            if (name.length == 0 || name.length > 255) {
                throw new IllegalArgumentException("a link name of " + name.length + " bytes is outside 1..255");
            }
            // IV.A.2.g: version 1; the only flag says that the name is UTF-8; one byte of length.
            ByteBuffer body = buffer(4 + name.length + 8);
            body.put((byte) 1).put((byte) 0x10).put((byte) 1).put((byte) name.length);
            header.add(LINK, 0, body.put(name).putLong(link.getValue()));
        }
        return header.encode();
    }

    /** A one-dimensional dataset of fixed length whose elements lie at the address, one behind the other. */
    static ByteBuffer contiguous(long length, ByteBuffer datatype, long address, long bytes) {
        ObjectHeader header = new ObjectHeader();
        header.describe(dataspace(new long[] {length}, new long[] {length}), datatype, (byte) 2);
        // IV.A.2.i: version 3, class 1.
        header.add(
                DATA_LAYOUT,
                0,
                buffer(18).put((byte) 3).put((byte) 1).putLong(address).putLong(bytes));
        return header.encode();
    }

    /**
     * A dataset that may grow without limit along its first dimension, in chunks found by a tree.
     *
     * @param dimensions of the dataset
     * @param chunk dimensions of a chunk, in elements
     * @param elementBytes size of one element
     */
    static ByteBuffer chunked(long[] dimensions, int[] chunk, ByteBuffer datatype, int elementBytes, long treeAddress) {
        long[] maxima = dimensions.clone();
        maxima[0] = -1L;
        ObjectHeader header = new ObjectHeader();
        header.describe(dataspace(dimensions, maxima), datatype, (byte) 3);
        // IV.A.2.i: version 3, class 2; the element counts as one more dimension.
        ByteBuffer layout = buffer(3 + 8 + 4 * (chunk.length + 1));
        layout.put((byte) 3).put((byte) 2).put((byte) (chunk.length + 1)).putLong(treeAddress);
        for (int size : chunk) {
            layout.putInt(size);
        }
        header.add(DATA_LAYOUT, 0, layout.putInt(elementBytes));
        return header.encode();
    }

    private void describe(ByteBuffer dataspace, ByteBuffer datatype, byte allocation) {
        add(DATASPACE, 0, dataspace);
        add(DATATYPE, CONSTANT, datatype);
        // IV.A.2.f: version 2, when space is taken (2 late, 3 piece by piece), never filled unless set, default value.
        add(
                FILL_VALUE,
                CONSTANT,
                buffer(8)
                        .put((byte) 2)
                        .put(allocation)
                        .put((byte) 0)
                        .put((byte) 1)
                        .putInt(0));
    }

    /** IV.A.2.b, version 1 with maximal dimensions. */
    private static ByteBuffer dataspace(long[] dimensions, long[] maxima) {
        ByteBuffer out = buffer(8 + 16 * dimensions.length);
        out.put((byte) 1)
                .put((byte) dimensions.length)
                .put((byte) 1)
                .put((byte) 0)
                .putInt(0);
        for (long size : dimensions) {
            out.putLong(size);
        }
        for (long size : maxima) {
            out.putLong(size);
        }
        return out;
    }

    private void add(int type, int flags, ByteBuffer body) {
        ByteBuffer content = body.flip();
        int size = (int) Hdf5Space.padded(content.remaining());
        ByteBuffer message = buffer(MESSAGE_PREFIX_BYTES + size);
        message.putShort((short) type).putShort((short) size).put((byte) flags);
        message.position(MESSAGE_PREFIX_BYTES);
        message.put(content);
        messages.add(message.rewind());
    }

    private ByteBuffer encode() {
        int size = messages.stream().mapToInt(ByteBuffer::remaining).sum();
        if (messages.size() > MAX_MESSAGES) {
            throw new IllegalStateException(
                    "an object of an HDF5 file has " + messages.size() + " parts, more than " + MAX_MESSAGES);
        }
        ByteBuffer out = buffer(PREFIX_BYTES + size);
        out.put((byte) 1).put((byte) 0).putShort((short) messages.size());
        out.putInt(1); // reference count
        out.putInt(size).putInt(0);
        messages.forEach(out::put);
        return out.flip();
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
