package recon.mrd;

import java.util.List;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageSeries;

/** Images in memory. */
public record TestSeries(String name, List<Image> images) implements ImageSeries {
    @Override
    public int count() {
        return images.size();
    }

    @Override
    public ImageHeader header(int index) {
        return images.get(index).head();
    }

    @Override
    public Image image(int index) {
        return images.get(index);
    }
}
