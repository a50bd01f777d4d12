package recon.mrd.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import recon.mrd.format.Acquisition;
import recon.mrd.format.Image;
import recon.mrd.format.Waveform;

/** All that a group of a file holds. */
record Content(String xml, List<Acquisition> acquisitions, List<Waveform> waveforms, Map<String, List<Image>> images) {
    static Content of(Path file, String group) throws IOException {
        try (MrdReader in = MrdReader.open(file, group)) {
            List<Acquisition> acquisitions = new ArrayList<>();
            for (int i = 0; i < in.count(); i++) {
                acquisitions.add(in.acquisition(i));
            }
            return new Content(in.xml(), acquisitions, MrdItemsFileTest.waveforms(in), MrdItemsFileTest.images(in));
        }
    }
}
