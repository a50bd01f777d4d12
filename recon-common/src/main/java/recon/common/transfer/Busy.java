package recon.common.transfer;

import java.io.IOException;

/** Told now and then that long work goes on, by the thread that does it. */
@FunctionalInterface
public interface Busy {
    Busy QUIETLY = () -> {};

    void tick() throws IOException;
}
