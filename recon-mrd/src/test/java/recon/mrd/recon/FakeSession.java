package recon.mrd.recon;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import recon.mrd.format.Image;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.MrdItem;

/** A client that has sent all it has, and keeps what it gets. */
final class FakeSession implements ReconSession {
    final List<Image> images = new ArrayList<>();
    final List<String> texts = new ArrayList<>();

    private final Optional<MrdHeader> header;
    private final ReconParameters parameters;
    private final Iterator<? extends MrdItem> items;

    FakeSession(Optional<MrdHeader> header, ReconParameters parameters, List<? extends MrdItem> items) {
        this(header, parameters, items.iterator());
    }

    FakeSession(Optional<MrdHeader> header, ReconParameters parameters, Iterator<? extends MrdItem> items) {
        this.header = header;
        this.parameters = parameters;
        this.items = items;
    }

    @Override
    public String config() {
        return "test";
    }

    @Override
    public String xml() {
        return header.map(MrdHeader::toXml).orElse("");
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
    public Optional<MrdItem> next() {
        return items.hasNext() ? Optional.of(items.next()) : Optional.empty();
    }

    @Override
    public synchronized void send(Image image) {
        images.add(image);
    }

    @Override
    public synchronized void send(String text) {
        texts.add(text);
    }
}
