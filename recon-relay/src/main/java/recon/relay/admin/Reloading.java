package recon.relay.admin;

import java.io.IOException;
import recon.common.options.OptionsException;
import recon.common.wire.AdminReport;

/** Takes over what has changed in the options file. */
@FunctionalInterface
public interface Reloading {
    /**
     * Reads the options file again.
     *
     * @param by who asked for it
     * @throws OptionsException if anything in it is wrong: then nothing has changed
     * @throws IOException if it cannot be put on record: then nothing has changed either
     */
    AdminReport.Reloaded reload(String by) throws OptionsException, IOException;
}
