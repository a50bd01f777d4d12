package recon.mrd.recon;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import recon.mrd.format.Acquisition;
import recon.mrd.format.Image;
import recon.mrd.format.ImageType;
import recon.mrd.format.MrdItem;

/**
 * Phase images of a flow measurement without the noise where nothing flows ({@link FlowSeries}): a series for each
 * direction of flow, when all have come. Other images go back as they are, at once.
 */
public final class AnalyzeFlowModule implements ReconModule {
    @Override
    public String name() {
        return "analyzeflow";
    }

    @Override
    public void run(ReconSession session) throws IOException {
        try (Collected collected = new Collected()) {
            run(session, collected);
        }
    }

    private static void run(ReconSession session, Collected collected) throws IOException {
        List<Image> phaseImages = new ArrayList<>();
        for (Optional<MrdItem> next = session.next(); next.isPresent(); next = session.next()) {
            if (next.get() instanceof Acquisition) {
                session.send("INFO     Received an ismrmrd.Acquisition which is ignored by this analysis");
            } else if (next.get() instanceof Image image) {
                if (image.head().imageType() == ImageType.PHASE) {
                    phaseImages.add(image);
                    collected.add(image);
                } else {
                    session.send(image);
                }
            }
        }
        if (!phaseImages.isEmpty()) {
            long start = System.nanoTime();
            List<Image> filtered = new FlowSeries(ModuleImages.largestPixel(session.header())).allFiltered(phaseImages);
            session.send(InvertContrastModule.processingTime(start));
            for (Image image : filtered) {
                session.send(image);
            }
        }
    }
}
