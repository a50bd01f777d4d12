package recon.mrd.session;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.mrd.file.MrdText;
import recon.mrd.format.Image;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.MrdItem;
import recon.mrd.recon.ReconModule;
import recon.mrd.recon.ReconSession;

/**
 * Keeps header, readouts and waveforms in a file that is named as scanners name their raw data: {@code
 * meas_MID<number>_<protocol>_<time>.h5}, with the number at the end of the header's measurementID. It appears when the
 * client has ended, also when its connection broke, and never takes the place of another. Sends nothing back. Unlike the
 * modules of recon.mrd.recon it must know where to, and serves one session.
 */
final class SaveDataModule implements ReconModule {
    static final String NAME = "savedata";

    private static final Logger log = LoggerFactory.getLogger(SaveDataModule.class);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss", Locale.ROOT);
    private static final DateTimeFormatter DATE_AND_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss", Locale.ROOT);
    /** The digits behind the last underscore of {@code 45387_4823_99_62}. */
    private static final Pattern MEASUREMENT_NUMBER = Pattern.compile("(?:.*_)?0*(\\d{1,9})\\s*", Pattern.DOTALL);

    private final MrdSession.Saving saving;

    /** @param saving its directory is made if it is not there */
    SaveDataModule(MrdSession.Saving saving) {
        this.saving = saving;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(ReconSession session) throws IOException {
        String name = name(session.header());
        Optional<IOException> broken = Optional.empty();
        Path directory = saving.directory();
        DiskFloor floor = DiskFloor.of(directory, saving.minFreeBytes());
        try (Recording file = new Recording(directory, name, Recording.INTERVAL, floor)) {
            file.write(MrdText.XML, session.xml());
            boolean more = true;
            while (more) {
                Optional<MrdItem> item = Optional.empty();
                try {
                    item = session.next();
                } catch (IOException e) {
                    broken = Optional.of(e); // what came before it is worth keeping
                }
                if (item.isPresent() && !(item.get() instanceof Image)) {
                    file.write(item.get());
                }
                more = item.isPresent();
            }
            log.info("saved in {}", file.complete(name));
        }
        if (broken.isPresent()) {
            throw broken.get();
        }
    }

    /** Without its ending. A number that is none is 0. */
    private String name(Optional<MrdHeader> header) {
        LocalDateTime now = LocalDateTime.now(saving.clock());
        Optional<String> protocol = header.flatMap(SavedSession::protocolOf);
        if (protocol.isEmpty()) {
            return "UnknownProtocol_" + now.format(DATE_AND_TIME);
        }
        int number = header.flatMap(some -> some.measurement().measurementId())
                .map(MEASUREMENT_NUMBER::matcher)
                .filter(Matcher::matches)
                .map(matcher -> Integer.parseInt(matcher.group(1)))
                .orElse(0);
        return String.format(Locale.ROOT, "meas_MID%05d_%s_%s", number, protocol.get(), now.format(TIME));
    }
}
