package recon.mrd.recon;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.MrdException;

/** The images of one session that have begun; each leaves when it is complete. Not for use by several threads. */
final class CartesianStream implements AutoCloseable {
    private final CartesianImages images;
    private final CartesianOutput output;
    private final ReconSession session;
    private final SortedMap<ImageKey, CartesianImage> begun = new TreeMap<>();
    /** Of the repetition that is being measured. */
    private final Set<ImageKey> sent = new HashSet<>();

    private int repetition;
    private long readouts;
    private boolean sentAny;

    /** @throws MrdException if there is no header, or a parameter has no meaning */
    CartesianStream(ReconSession session) throws MrdException {
        this.session = session;
        this.output = CartesianOutput.of(session);
        this.images = new CartesianImages(
                session.header()
                        .orElseThrow(() ->
                                new MrdException("raw data without an XML header that says how they are encoded")),
                CartesianModule.prewhitens(session.parameters()),
                CartesianImages.halfOfTheMemory(),
                warning -> session.send("WARNING  " + warning));
    }

    void add(List<Acquisition> some) throws IOException {
        for (Acquisition readout : some) {
            add(readout);
        }
    }

    private void add(Acquisition readout) throws IOException {
        long number = readouts++;
        Optional<ImageKey> key = ImageKey.of(number, readout.head());
        if (key.isEmpty()) {
            if (readout.head().has(AcquisitionFlag.NOISE_MEASUREMENT)) {
                images.addNoise(readout);
            }
            return;
        }
        if (key.get().repetition() != repetition) {
            sendAll();
            sent.clear();
            repetition = key.get().repetition();
        }
        CartesianImage image = begun.get(key.get());
        if (image == null) {
            if (sent.contains(key.get())) {
                images.warn("readouts of an image came after the one that was flagged as its last, and make another"
                        + " image");
            }
            image = images.begin(key.get(), readout.head(), 0);
            begun.put(key.get(), image);
        }
        image.add(number, readout);
        if (image.endsWith(readout.head())) {
            begun.remove(key.get());
            send(image);
        }
    }

    private void send(CartesianImage image) throws IOException {
        session.send(output.image(image, images));
        image.release();
        sent.add(image.key());
        sentAny = true;
    }

    private void sendAll() throws IOException {
        for (CartesianImage image : new ArrayList<>(begun.values())) {
            begun.remove(image.key());
            send(image);
        }
    }

    /**
     * Sends what is left.
     *
     * @throws MrdException if there was no image at all
     */
    void finish() throws IOException {
        sendAll();
        if (!sentAny) {
            throw new MrdException("none of the " + readouts + " readouts samples an image");
        }
    }

    @Override
    public void close() {
        images.close();
    }
}
