package recon.client.crash;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Forwards connections to a server, knows the frames of version 1 and the records of TLS, counts bytes, and does something
 * wrong at one place of a connection. For one client at a time.
 *
 * <p>Threads: one accepts, two serve each connection; all end with the connections.
 */
final class RecordProxy implements Closeable {
    private static final int FRAME_HEADER_BYTES = 4;
    private static final int RECORD_HEADER_BYTES = 5;
    private static final int PIECE_BYTES = 16 * 1024;

    /** The type of a frame of version 1, whose first byte is one of its length. */
    static final int FRAME = 0;

    /** The type of a record that is encrypted, and what it adds to its content: header, inner type and tag. */
    static final int SEALED = 0x17;

    private static final int SEAL_BYTES = 5 + 1 + 16;

    enum Way {
        /** From the client to the server. */
        UP,
        DOWN
    }

    /** @param bytes its header's too */
    record Seen(Way way, int index, int type, int bytes) {}

    /**
     * A byte that has not been forwarded yet.
     *
     * @param record which of its way, from 0 on; or {@link #ANY}: the offset counts from the connection's first byte
     */
    record Place(Way way, int record, long offset) {
        static final int ANY = -1;

        static Place ofByte(Way way, long offset) {
            return new Place(way, ANY, offset);
        }
    }

    enum Effect {
        CUT,
        FLIP,
        NONE
    }

    /** @param first what to do before anything else, when the place is reached */
    record Fault(Place place, Effect effect, Runnable first) {
        Fault(Place place, Effect effect) {
            this(place, effect, () -> {});
        }

        static Fault cut(Place place) {
            return new Fault(place, Effect.CUT);
        }
    }

    private final ServerSocket listener;
    private final InetSocketAddress server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Queue<Fault> planned = new ConcurrentLinkedQueue<>();
    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger faults = new AtomicInteger();
    private final AtomicLong up = new AtomicLong();
    private final AtomicLong down = new AtomicLong();

    RecordProxy(int serverPort) throws IOException {
        this.listener = new ServerSocket(0, 20, InetAddress.getLoopbackAddress());
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
        start("record-proxy", this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Each of the next connections has one of these, in this order; what was planned or counted before is forgotten. */
    void plan(List<Fault> next) {
        planned.clear();
        planned.addAll(next);
        seen.clear();
        connections.set(0);
        faults.set(0);
        up.set(0);
        down.set(0);
    }

    int connections() {
        return connections.get();
    }

    /** How many of those planned have happened. */
    int faults() {
        return faults.get();
    }

    /**
     * Forwarded so far, without what encryption adds to whole records; what a cut connection did not forward does not
     * count.
     */
    long bytes(Way way) {
        return (way == Way.UP ? up : down).get();
    }

    /** The records that were forwarded whole. */
    List<Seen> seen(Way way) {
        return seen.stream().filter(record -> record.way() == way).toList();
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                open.add(client);
                Optional<Fault> fault = Optional.ofNullable(planned.poll());
                connections.incrementAndGet();
                start("record-proxy-connection", () -> serve(client, fault));
            }
        } catch (IOException closed) {
            open.forEach(RecordProxy::close);
        }
    }

    private void serve(Socket client, Optional<Fault> fault) {
        Socket toServer = new Socket();
        open.add(toServer);
        try {
            toServer.connect(server);
            toServer.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
            start("record-proxy-answers", () -> new Pump(Way.DOWN, toServer, client, fault).run());
            new Pump(Way.UP, client, toServer, fault).run();
        } catch (IOException noServer) {
            close(client);
        } finally {
            open.remove(client);
            open.remove(toServer);
        }
    }

    /** One way of one connection. */
    private final class Pump {
        private final Way way;
        private final Socket from;
        private final Socket to;
        private final Optional<Fault> fault;
        private final AtomicLong total;
        private final byte[] piece = new byte[PIECE_BYTES];
        private OutputStream out;
        private boolean cut;
        private long bytes;
        private int record;

        Pump(Way way, Socket from, Socket to, Optional<Fault> fault) {
            this.way = way;
            this.from = from;
            this.to = to;
            this.fault = fault.filter(one -> one.place().way() == way);
            this.total = way == Way.UP ? up : down;
        }

        void run() {
            try {
                DataInputStream in = new DataInputStream(from.getInputStream());
                out = to.getOutputStream();
                while (!cut) {
                    forwardRecord(in);
                }
            } catch (IOException ended) {
                // one end has gone; so will the other
            } finally {
                close(to);
                close(from);
            }
        }

        private void forwardRecord(DataInputStream in) throws IOException {
            int type = in.read();
            if (type < 0) {
                throw new EOFException();
            }
            int header = type == FRAME ? FRAME_HEADER_BYTES : RECORD_HEADER_BYTES;
            piece[0] = (byte) type;
            in.readFully(piece, 1, header - 1);
            ByteBuffer read = ByteBuffer.wrap(piece);
            int body = type == FRAME ? read.getInt(0) : Short.toUnsignedInt(read.getShort(RECORD_HEADER_BYTES - 2));
            forward(0, header);
            for (int at = 0; at < body && !cut; ) {
                int count = in.read(piece, 0, Math.min(piece.length, body - at));
                if (count < 0) {
                    throw new EOFException();
                }
                forward(header + at, count);
                at += count;
            }
            if (!cut) {
                seen.add(new Seen(way, record, type, header + body));
                if (type == SEALED) {
                    total.addAndGet(-SEAL_BYTES);
                }
            }
            record++;
        }

        /** @param offset of the piece in its record */
        private void forward(int offset, int count) throws IOException {
            long at = fault.map(one -> distance(one.place(), offset)).orElse(-1L);
            if (at < 0 || at >= count) {
                send(0, count);
                return;
            }
            faults.incrementAndGet();
            Fault now = fault.orElseThrow();
            send(0, (int) at);
            now.first().run();
            switch (now.effect()) {
                case CUT -> cut = true;
                case FLIP -> {
                    piece[(int) at] ^= (byte) (1 << (at % Byte.SIZE));
                    send((int) at, count - (int) at);
                }
                case NONE -> send((int) at, count - (int) at);
            }
        }

        /** From the first byte of the piece to the place; not within it if the place is elsewhere. */
        private long distance(Place place, int offset) {
            if (place.record() == Place.ANY) {
                return place.offset() - bytes;
            }
            return place.record() == record ? place.offset() - offset : -1;
        }

        private void send(int offset, int count) throws IOException {
            if (count > 0) {
                out.write(piece, offset, count);
                bytes += count;
                total.addAndGet(count);
            }
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is of no use any more, and nobody waits for it
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
