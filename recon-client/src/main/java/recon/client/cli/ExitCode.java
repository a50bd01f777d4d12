package recon.client.cli;

import recon.client.ClientException;

/** What the program's exit codes mean; the same list is in {@code --help}. */
final class ExitCode {
    static final int DONE = 0;
    static final int JOB_FAILED = 1;
    static final int USAGE = 2;
    static final int CANNOT_CONNECT = 3;
    static final int REFUSED = 4;
    static final int LOST = 5;
    static final int HUNG_UP = 128 + 1;
    static final int INTERRUPTED = 128 + 2;
    static final int TERMINATED = 128 + 15;

    private ExitCode() {}

    static int of(ClientException.Kind kind) {
        return switch (kind) {
            case JOB_FAILED -> JOB_FAILED;
            case CANNOT_CONNECT -> CANNOT_CONNECT;
            case REFUSED -> REFUSED;
            case LOST, TIMED_OUT -> LOST;
        };
    }
}
