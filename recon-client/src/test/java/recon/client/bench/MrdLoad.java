package recon.client.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import recon.mrd.file.MrdReader;
import recon.mrd.file.MrdText;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.Image;
import recon.mrd.session.MrdSession;
import recon.mrd.wire.MrdInput;
import recon.mrd.wire.MrdMessage;
import recon.mrd.wire.MrdOutput;

/**
 * Streams raw data to an MRD server from memory, in sessions side by side, and takes the images.
 *
 * <pre>
 *   MrdLoad PORT FILE CONFIG SESSIONS TIMES IMAGES RUNS
 *
 *   FILE    raw data; its readouts are sent so many TIMES in each session
 *   IMAGES  that come back in each session
 *   RUNS    one after the other; prints "RUN MICROS FIRST BYTES" for each: until the last session has ended, and
 *           from the last line of the first image to this image, before which nothing more is sent (0 if none comes)
 * </pre>
 */
final class MrdLoad {
    private static final long MAX_MESSAGE_BYTES = 1 << 28;
    private static final int SLICE_BYTES = 1 << 18;

    private final int port;
    private final MrdMessage.ConfigFile config;
    private final String xml;
    private final MappedByteBuffer readouts;
    private final int firstImageBytes;
    private final int times;
    private final int images;

    private MrdLoad(String[] args, String xml, MappedByteBuffer readouts, int firstImageBytes) {
        this.port = Integer.parseInt(args[0]);
        this.config = new MrdMessage.ConfigFile(args[2]);
        this.xml = xml;
        this.readouts = readouts;
        this.firstImageBytes = firstImageBytes;
        this.times = Integer.parseInt(args[4]);
        this.images = Integer.parseInt(args[5]);
    }

    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        Path wire = Files.createTempFile("mrd", ".bin");
        try (MrdReader file = MrdReader.open(Path.of(args[1]))) {
            int first = write(file, wire);
            try (FileChannel in = FileChannel.open(wire)) {
                MappedByteBuffer all = in.map(FileChannel.MapMode.READ_ONLY, 0, in.size());
                new MrdLoad(args, file.text(MrdText.XML).orElseThrow(), all, first)
                        .run(Integer.parseInt(args[3]), Integer.parseInt(args[6]));
            }
        } finally {
            Files.delete(wire);
        }
    }

    /** Returns where the first image is complete. */
    private static int write(MrdReader file, Path wire) throws IOException {
        long first = 0;
        try (OutputStream bytes = new BufferedOutputStream(Files.newOutputStream(wire))) {
            MrdOutput out = new MrdOutput(bytes);
            for (int i = 0; i < file.count(); i++) {
                Acquisition readout = file.acquisition(i);
                out.write(new MrdMessage.Data(readout));
                if (first == 0 && readout.head().has(AcquisitionFlag.LAST_IN_SLICE)) {
                    out.flush();
                    bytes.flush();
                    first = Files.size(wire);
                }
            }
            out.flush();
        }
        return (int) first;
    }

    private void run(int sessions, int runs) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            for (int run = 1; run <= runs; run++) {
                long start = System.nanoTime();
                List<Future<Long>> clients = new ArrayList<>();
                for (int i = 0; i < sessions; i++) {
                    clients.add(threads.submit(() -> session(threads)));
                }
                long first = 0;
                for (Future<Long> client : clients) {
                    first = Math.max(first, client.get());
                }
                long bytes = (long) readouts.capacity() * times * sessions;
                System.out.println(run + " " + (System.nanoTime() - start) / 1000 + " " + first / 1000 + " " + bytes);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Returns how many nanoseconds the first image took. */
    private long session(ExecutorService threads) throws IOException, InterruptedException, ExecutionException {
        try (SocketChannel channel =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            Answers answers = new Answers(new MrdInput(channel.socket().getInputStream(), MAX_MESSAGE_BYTES));
            Future<?> receiver = threads.submit(() -> {
                answers.takeAll();
                return null;
            });
            OutputStream stream = channel.socket().getOutputStream();
            MrdOutput out = new MrdOutput(stream);
            out.write(config);
            out.write(new MrdMessage.Header(xml));
            out.flush();
            long first = 0;
            int sent = 0;
            if (images > 0) {
                send(channel, 0, firstImageBytes);
                long start = System.nanoTime();
                answers.first.await();
                first = System.nanoTime() - start;
                sent = firstImageBytes;
            }
            for (int time = 0; time < times; time++) {
                send(channel, sent, readouts.capacity());
                sent = 0;
            }
            out.write(new MrdMessage.Close());
            out.flush();
            receiver.get();
            if (answers.images != images) {
                throw new IOException(answers.images + " images came, not " + images);
            }
            return first;
        }
    }

    private void send(SocketChannel channel, int from, int to) throws IOException {
        for (int at = from; at < to; at += SLICE_BYTES) {
            var slice = readouts.slice(at, Math.min(SLICE_BYTES, to - at));
            while (slice.hasRemaining()) {
                channel.write(slice);
            }
        }
    }

    /** What one session gives back. */
    private static final class Answers {
        private final MrdInput in;
        private final CountDownLatch first = new CountDownLatch(1);
        private int images;

        Answers(MrdInput in) {
            this.in = in;
        }

        void takeAll() throws IOException {
            try {
                for (Optional<MrdMessage> next = in.read(); next.isPresent(); next = in.read()) {
                    if (next.get() instanceof MrdMessage.Text text
                            && text.text().startsWith(MrdSession.ERROR)) {
                        throw new IOException(text.text());
                    } else if (next.get() instanceof MrdMessage.Data data && data.item() instanceof Image) {
                        images++;
                        first.countDown();
                    }
                }
            } finally {
                first.countDown();
            }
        }
    }
}
