package recon.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import recon.common.crypto.AuthenticationFailedException;
import recon.common.crypto.StaleTokenException;
import recon.common.job.JobId;
import recon.common.transfer.LocalFileException;
import recon.common.transfer.SourceFileException;
import recon.common.transfer.SourceRefusedException;
import recon.common.wire.RefusedException;

/** A request did not work out. The message is for the person at the console; the kind says who can do something. */
public final class ClientException extends IOException {
    private final Kind kind;

    /** What went wrong; each has its own exit code. */
    public enum Kind {
        /** A file here or there could not be read or kept. */
        JOB_FAILED,
        /** Nobody answers, or the connection broke while nothing was accepted yet. */
        CANNOT_CONNECT,
        /** The server does not want this client, its key, or its request. */
        REFUSED,
        /** The connection broke after the job was accepted. */
        LOST
    }

    ClientException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /**
     * Puts a failure into words.
     *
     * @param answered whether the server had sent anything before
     */
    static ClientException of(IOException e, boolean answered) {
        if (e instanceof SourceFileException || e instanceof LocalFileException) {
            return new ClientException(Kind.JOB_FAILED, e.getMessage(), e);
        }
        if (e instanceof SourceRefusedException) {
            return new ClientException(Kind.JOB_FAILED, "the server cannot send a result: " + e.getMessage(), e);
        }
        if (e instanceof RefusedException) {
            return new ClientException(Kind.REFUSED, "the server refused: " + e.getMessage(), e);
        }
        if (e instanceof AuthenticationFailedException) {
            return new ClientException(
                    Kind.REFUSED, "the server's answer cannot be opened: its SHARED_KEY is another one", e);
        }
        if (e instanceof StaleTokenException) {
            return new ClientException(Kind.REFUSED, "the server's answer is refused: " + e.getMessage(), e);
        }
        if (!answered && (e instanceof EOFException || e instanceof SocketException)) {
            return new ClientException(
                    Kind.REFUSED,
                    "the server closed the connection without an answer; most likely its SHARED_KEY is another one, or"
                            + " the clocks differ by more than MESSAGE_MAX_AGE_SECONDS (the server's log says which)",
                    e);
        }
        return new ClientException(Kind.CANNOT_CONNECT, "the connection broke: " + e.getMessage(), e);
    }

    /** The connection broke while the server had the job. */
    static ClientException lost(JobId job, IOException e) {
        return new ClientException(
                Kind.LOST, "the connection was lost after job " + job + " was accepted: " + e.getMessage(), e);
    }
}
