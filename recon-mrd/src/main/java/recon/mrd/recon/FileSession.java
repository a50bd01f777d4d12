package recon.mrd.recon;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import recon.mrd.file.ImageGroup;
import recon.mrd.file.MrdReader;
import recon.mrd.format.Image;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.MrdItem;

/**
 * A file in the place of a client: its waveforms, then its acquisitions, or where there are none its images, group by group.
 * Read one by one, so that the memory in use does not grow with the file. What the module sends is handed on as it comes,
 * one at a time.
 */
public final class FileSession implements ReconSession {
    private final MrdReader in;
    private final String config;
    private final Optional<MrdHeader> header;
    private final ReconParameters parameters;
    private final ImageSink images;
    private final Consumer<String> texts;
    private int waveforms;
    private int readouts;
    private int groups;
    private int imagesOfGroup;

    /** Receives the images of a module. */
    @FunctionalInterface
    public interface ImageSink {
        void accept(Image image) throws IOException;
    }

    /**
     * @param in is not closed
     * @throws IOException if the file's header is damaged; it may have none
     */
    public FileSession(
            MrdReader in, String config, ReconParameters parameters, ImageSink images, Consumer<String> texts)
            throws IOException {
        this.in = in;
        this.config = config;
        this.parameters = parameters;
        this.images = images;
        this.texts = texts;
        // As in a session: who has no header writes other words in its place.
        this.header = in.xml().stripLeading().startsWith("<") ? Optional.of(in.header()) : Optional.empty();
    }

    @Override
    public String config() {
        return config;
    }

    @Override
    public String xml() {
        return in.xml();
    }

    @Override
    public Optional<MrdHeader> header() {
        return header;
    }

    @Override
    public ReconParameters parameters() {
        return parameters;
    }

    @Override
    public Optional<MrdItem> next() throws IOException {
        if (waveforms < in.waveformCount()) {
            return Optional.of(in.waveform(waveforms++));
        }
        if (readouts < in.count()) {
            return Optional.of(in.acquisition(readouts++));
        }
        return in.count() == 0 ? nextImage() : Optional.empty();
    }

    private Optional<MrdItem> nextImage() throws IOException {
        for (; groups < in.images().size(); groups++) {
            ImageGroup group = in.images().get(groups);
            if (imagesOfGroup < group.count()) {
                return Optional.of(group.image(imagesOfGroup++));
            }
            imagesOfGroup = 0;
        }
        return Optional.empty();
    }

    @Override
    public synchronized void send(Image image) throws IOException {
        images.accept(image);
    }

    @Override
    public synchronized void send(String text) {
        texts.accept(text);
    }
}
