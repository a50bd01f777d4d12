package recon.server.work;

import java.io.IOException;
import java.util.OptionalDouble;

/** What is free on the machine that the server runs on. Used by one thread at a time. */
interface Machine {
    /**
     * The bytes of memory that programs could be given without swapping.
     *
     * @throws IOException if they are not known; the message says why
     */
    long availableMemoryBytes() throws IOException;

    /**
     * How much of all processors together other programs than this server and its scripts used since the last call,
     * 0..100; empty if that cannot be told yet, as in the first call.
     *
     * @throws IOException if it is not known; the message says why
     */
    OptionalDouble foreignCpuPercent() throws IOException;

    /** The machine this runs on. */
    static Machine local() {
        return LinuxMachine.available() ? new LinuxMachine() : new OtherMachine();
    }
}
