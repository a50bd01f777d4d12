package recon.client.cli;

import java.io.IOException;
import java.util.Optional;
import recon.mrd.file.MrdWriter;
import recon.mrd.format.Image;
import recon.mrd.session.MrdClient;
import recon.mrd.session.MrdSession;

/** Keeps the images that an MRD server sends, says what it says, and shows how much it has been sent. Heard on two threads. */
final class MrdAnswers implements MrdClient.Listener {
    /** Characters of the progress bar. */
    private static final int BAR = 40;

    private final ClientConsole console;
    private final MrdWriter writer;
    private int images;
    private boolean failed;
    private IOException unwritten;
    private String lastText = "";
    private long repeats;
    private long shown = -1;
    private final boolean draws;

    MrdAnswers(ClientConsole console, MrdWriter writer) {
        this.console = console;
        this.draws = TerminalReport.isPossible()
                && !console.style().json()
                && !console.style().quiet();
        this.writer = writer;
    }

    @Override
    public void sent(long items, long of) {
        long percent = of == 0 ? 100 : 100 * items / of;
        if (draws && percent != shown) {
            shown = percent;
            int full = (int) (percent * BAR / 100);
            console.err()
                    .print("\r[" + "=".repeat(full) + " ".repeat(BAR - full) + "] " + items + " of " + of
                            + (items == of ? System.lineSeparator() : ""));
            console.err().flush();
        }
    }

    @Override
    public void received(Image image) throws IOException {
        try {
            writer.write(image);
        } catch (IOException e) {
            unwritten = e;
            throw e;
        }
        images++;
    }

    /** Some modules say the same of every readout: a line of it is enough. */
    @Override
    public void received(String text) {
        failed |= text.startsWith(MrdSession.ERROR.strip());
        if (text.equals(lastText)) {
            repeats++;
            return;
        }
        sayRepeats();
        lastText = text;
        console.tell(Printable.cell(text));
    }

    /** Says how often the last text came, if more than once. */
    void sayRepeats() {
        if (repeats > 0) {
            console.tell("that " + (repeats + 1) + " times");
            repeats = 0;
        }
    }

    /** Images that have come and are kept. */
    int images() {
        return images;
    }

    /** Whether the server has said that it failed. */
    boolean failed() {
        return failed;
    }

    /** Why an image could not be kept. */
    Optional<IOException> unwritten() {
        return Optional.ofNullable(unwritten);
    }
}
