package recon.mrd.recon;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.MrdItem;

/**
 * Our own reconstruction of Cartesian data ({@link CartesianImages}) as they come. An image leaves when one of its
 * readouts is flagged as the last of its slice or repetition, when a readout of another repetition comes, or at the end
 * of the data.
 *
 * <p>Parameters: {@code prewhiten} (true unless it says otherwise: noise scans that come before an image whiten it), and
 * {@code output}: {@code scaled} for pixels of 16 bits ({@link CartesianOutput}), the default, or {@code float} for
 * magnitudes in 32 bits as they are.
 */
public final class CartesianModule implements ReconModule {
    /** By which clients ask for it, and what jobs get that ask for nothing. */
    public static final String NAME = "cartesian";

    /** The parameter that says whether noise scans are used. */
    public static final String PREWHITEN = "prewhiten";

    /** The parameter that says what pixels there are to be. */
    public static final String OUTPUT = "output";

    private static final long LAST =
            AcquisitionFlag.maskOf(AcquisitionFlag.LAST_IN_SLICE, AcquisitionFlag.LAST_IN_REPETITION);

    /** Readouts that are handed over together, to be worked on while the next ones come. */
    private static final int TOGETHER = KSpace.WAITING;

    @Override
    public String name() {
        return NAME;
    }

    /** Whether noise scans are to be used. */
    public static boolean prewhitens(ReconParameters parameters) {
        return parameters.text(PREWHITEN).isEmpty() || parameters.isTrue(PREWHITEN);
    }

    @Override
    public void run(ReconSession session) throws IOException, InterruptedException {
        try (CartesianStream stream = new CartesianStream(session);
                InOrder behind = new InOrder(NAME)) {
            List<Acquisition> readouts = new ArrayList<>();
            for (Optional<MrdItem> next = session.next(); next.isPresent(); next = session.next()) {
                if (!(next.get() instanceof Acquisition readout)) {
                    continue;
                }
                readouts.add(readout);
                if (readouts.size() == TOGETHER || (readout.head().flags() & LAST) != 0) {
                    List<Acquisition> some = readouts;
                    behind.add(() -> stream.add(some));
                    readouts = new ArrayList<>();
                }
            }
            List<Acquisition> rest = readouts;
            behind.add(() -> {
                stream.add(rest);
                stream.finish();
            });
            behind.finish();
        }
    }
}
