package recon.server.admin;

import recon.common.options.OptionsException;
import recon.common.wire.AdminReport;
import recon.server.queue.StoreException;

/** Takes over what has changed in the options file. */
@FunctionalInterface
public interface Reloading {
    /**
     * Reads the options file again.
     *
     * @param by who asked for it
     * @throws OptionsException if anything in it is wrong: then nothing has changed
     */
    AdminReport.Reloaded reload(String by) throws OptionsException, StoreException;
}
