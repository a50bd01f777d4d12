package recon.mrd.session;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import recon.mrd.file.MrdText;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;
import recon.mrd.wire.MrdMessage;

/**
 * Keeps what a client sends in a file of its own ({@link Recording}), which appears when the client has ended: named after the
 * protocol that its header names, if there is one, and the time.
 */
final class SavedSession implements Closeable {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss", Locale.ROOT);
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final String WITHOUT_PROTOCOL = "MRD_input";

    private final Recording file;
    private final String timeAndRandom;
    private String protocol = WITHOUT_PROTOCOL;
    private int leftOut;
    private Optional<MrdException> problem = Optional.empty();

    private SavedSession(Recording file, String timeAndRandom) {
        this.file = file;
        this.timeAndRandom = timeAndRandom;
    }

    /** Begins a file; the directory is made if it is not there. */
    static SavedSession begin(MrdSession.Saving saving) throws IOException {
        byte[] random = new byte[4];
        RANDOM.nextBytes(random);
        String timeAndRandom = "_" + LocalDateTime.now(saving.clock()).format(TIME) + "_"
                + HexFormat.of().formatHex(random);
        Recording file = new Recording(
                saving.directory(),
                WITHOUT_PROTOCOL + timeAndRandom,
                Recording.INTERVAL,
                DiskFloor.of(saving.directory(), saving.minFreeBytes()));
        return new SavedSession(file, timeAndRandom);
    }

    /** Keeps the message, unless it is one that a file cannot hold, such as an image that is larger than others of its series. */
    void record(MrdMessage message) throws IOException {
        try {
            write(message);
        } catch (MrdException e) {
            leftOut++;
            problem = problem.or(() -> Optional.of(e));
        }
    }

    /** What is left out, if anything is. */
    Optional<String> problem() {
        return problem.map(first -> leftOut + " messages are left out of the file; the first: " + first.getMessage());
    }

    private void write(MrdMessage message) throws IOException {
        if (message instanceof MrdMessage.ConfigFile config) {
            file.write(MrdText.CONFIG_FILE, config.name());
        } else if (message instanceof MrdMessage.ConfigText config) {
            file.write(MrdText.CONFIG, config.text());
        } else if (message instanceof MrdMessage.Header header) {
            file.write(MrdText.XML, header.xml());
            protocol = protocolOf(header.xml()).orElse(protocol);
        } else if (message instanceof MrdMessage.Text text) {
            file.write(MrdText.CONFIG_ADDITIONAL, text.text());
        } else if (message instanceof MrdMessage.Data data) {
            file.write(data.item());
        }
    }

    private static Optional<String> protocolOf(String xml) {
        try {
            return protocolOf(MrdHeader.parse(xml));
        } catch (MrdException e) {
            return Optional.empty();
        }
    }

    /** The protocol's name as a part of a file name: letters, digits and {@code ._+-} only, at most 100 of them. */
    static Optional<String> protocolOf(MrdHeader header) {
        return header.measurement()
                .protocolName()
                .map(name -> name.replaceAll("[^A-Za-z0-9._+-]", "_"))
                .map(name -> name.substring(0, Math.min(name.length(), 100)))
                .filter(name -> !name.isBlank() && !name.startsWith("."));
    }

    /** Completes the file. */
    Path finish() throws IOException {
        return file.complete(protocol + timeAndRandom);
    }

    /** Keeps what there is, unless it was completed. */
    @Override
    public void close() throws IOException {
        file.close();
    }
}
