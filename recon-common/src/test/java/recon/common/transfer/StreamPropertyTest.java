package recon.common.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import recon.common.testing.Channels;
import recon.common.testing.Peer;
import recon.common.wire.Transfer;

/** Any files, whatever is there of them from before, arrive as they are. */
class StreamPropertyTest {
    private static final int SLICE = 256 * 1024;

    /**
     * A file, and what the receiver has of it.
     *
     * @param here bytes, maybe more than the file's
     * @param same whether they are the file's
     */
    record Case(int size, int here, boolean same) {
        byte[] content() {
            byte[] content = new byte[size];
            new Random(size).nextBytes(content);
            return content;
        }

        byte[] partial() {
            byte[] bytes = Arrays.copyOf(content(), here);
            if (!same && here > 0) {
                bytes[here / 2] ^= 1;
            }
            return bytes;
        }

        boolean isUseful() {
            return here <= size && (same || here == 0);
        }
    }

    @Provide
    Arbitrary<List<Case>> files() {
        Arbitrary<Integer> sizes = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 2 * SLICE),
                Arbitraries.of(0, 1, 16_384, 65_536, SLICE - 1, SLICE, SLICE + 1));
        Arbitrary<Integer> percents = Arbitraries.integers().between(0, 110);
        return Combinators.combine(sizes, percents, Arbitraries.of(true, true, false))
                .as((size, percent, same) -> new Case(size, (int) ((long) size * percent / 100), same))
                .list()
                .ofMaxSize(8);
    }

    @Property(tries = 60)
    void anyFilesArriveWhateverIsThereOfThem(@ForAll("files") List<Case> files) throws Exception {
        Path directory = Files.createTempDirectory("stream");
        try (Channels channels = StreamTransferTest.openTls()) {
            Path in = Files.createDirectory(directory.resolve("in"));
            for (int i = 0; i < files.size(); i++) {
                Files.write(directory.resolve("file" + i), files.get(i).content());
                if (files.get(i).here() > 0) {
                    Files.write(
                            IncomingFile.partial(in.resolve("file" + i), "" + i),
                            files.get(i).partial());
                }
            }
            Peer<Integer> sent = Peer.start(() -> send(channels, directory, files.size()));
            receive(channels, in, files);
            int needed = files.stream()
                    .mapToInt(file -> file.isUseful() ? file.size() - file.here() : file.size())
                    .sum();
            assertThat(sent.join()).isEqualTo(needed);
            for (int i = 0; i < files.size(); i++) {
                assertThat(in.resolve("file" + i)).hasBinaryContent(files.get(i).content());
            }
            try (Stream<Path> arrived = Files.list(in)) {
                assertThat(arrived.count()).isEqualTo(files.size());
            }
        } finally {
            delete(directory);
        }
    }

    /** Returns how many bytes were sent. */
    private static int send(Channels channels, Path directory, int count) throws IOException {
        List<Integer> moved = new ArrayList<>();
        if (count == 0) {
            return 0;
        }
        List<Transfer.Wanted> wanted = channels.client()
                .expect(Transfer.RequestFiles.class, "request_files")
                .files();
        StreamSender sender = new StreamSender(channels.client(), moved::add);
        for (int i = 0; i < count; i++) {
            try (SourceFile file = SourceFile.open(directory.resolve("file" + i))) {
                sender.send(file, "file" + i, wanted.get(i));
            }
        }
        sender.awaitReceipts();
        return moved.stream().mapToInt(Integer::intValue).sum();
    }

    private static void receive(Channels channels, Path in, List<Case> files) throws IOException {
        List<IncomingFile> begun = new ArrayList<>();
        List<Transfer.Wanted> wanted = new ArrayList<>();
        try (StreamReceiver receiver = new StreamReceiver(channels.server(), TransferProgress.NONE)) {
            for (int i = 0; i < files.size(); i++) {
                IncomingFile file = IncomingFile.resume(
                                in.resolve("file" + i), "" + i, files.get(i).size(), Busy.QUIETLY)
                        .orElseThrow();
                begun.add(file);
                wanted.add(new Transfer.Wanted(file.receivedBytes(), Optional.of(file.sha256())));
            }
            receiver.request(wanted);
            for (int i = 0; i < files.size(); i++) {
                IncomingFile file = begun.get(i);
                receiver.receive("file" + i, Optional.empty(), start -> Optional.of(FileReceiver.Arrival.of(file)));
            }
            receiver.awaitCommits();
            receiver.acknowledge();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
