package example;

import java.io.IOException;
import java.util.Optional;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.MrdItem;
import recon.mrd.recon.ForwardingSession;
import recon.mrd.recon.ReconModule;
import recon.mrd.recon.ReconSession;
import recon.mrd.recon.SimpleFftModule;

/** A Hann filter in k-space, then the reconstruction simplefft: less noise and ringing, and less detail. */
public final class FilterKspace implements ReconModule {
    @Override
    public String name() {
        return "filterkspace";
    }

    @Override
    public void run(ReconSession session) throws IOException, InterruptedException {
        double[] alongLines = hann(session.encoding().encodedSpace().y());
        ReconSession filtered = new ForwardingSession(session) {
            @Override
            public Optional<MrdItem> next() throws IOException {
                return super.next().map(item -> item instanceof Acquisition line ? filtered(line, alongLines) : item);
            }
        };
        new SimpleFftModule().run(filtered);
    }

    /** Every sample times its weight; noise scans and what lies outside of the matrix stay as they are. */
    private static Acquisition filtered(Acquisition line, double[] alongLines) {
        int step = line.head().idx().kspaceEncodeStep1();
        if (step >= alongLines.length || line.head().has(AcquisitionFlag.NOISE_MEASUREMENT)) {
            return line;
        }
        double[] alongReadout = hann(line.head().numberOfSamples());
        float[] data = line.data().clone(); // re, im of each sample, one channel after the other
        for (int i = 0; i < data.length; i++) {
            double weight = Math.sqrt(alongReadout[i / 2 % alongReadout.length] * alongLines[step]);
            data[i] = (float) (weight * data[i]);
        }
        return new Acquisition(line.head(), line.trajectory(), data);
    }

    /** From 0 over 1 in the middle to 0, as numpy.hanning. */
    private static double[] hann(int n) {
        double[] window = new double[n];
        for (int i = 0; i < n; i++) {
            window[i] = n == 1 ? 1 : 0.5 - 0.5 * Math.cos(2 * Math.PI * i / (n - 1));
        }
        return window;
    }
}
