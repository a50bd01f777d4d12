package recon.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import recon.common.crypto.AuthenticationFailedException;
import recon.common.crypto.StaleTokenException;
import recon.common.job.JobId;
import recon.common.tls.DamagedRecordException;
import recon.common.tls.HandshakeException;
import recon.common.transfer.LocalFileException;
import recon.common.transfer.SourceFileException;
import recon.common.transfer.SourceRefusedException;
import recon.common.transfer.StalePartException;
import recon.common.transfer.TransferRefusedException;
import recon.common.wire.ProtocolException;
import recon.common.wire.Refusal;
import recon.common.wire.RefusedException;

/** A request did not work out. The message is for the person at the console; the kind says who can do something. */
public final class ClientException extends IOException {
    /** What becomes of a job whose submission ends before the server has said that it has it. */
    public static final String NOT_KNOWN = "the same command, run again, goes on where this one stopped, and makes no"
            + " second job of it (without CLIENT_STATE_DIR, or with a Python server, it begins anew)";

    private final Kind kind;
    private final transient JobId job;
    private final boolean mayPass;

    /** What went wrong; each has its own exit code. */
    public enum Kind {
        /** A file here or there could not be read or kept. */
        JOB_FAILED,
        /** Nobody answers, or the connection broke while nothing was accepted yet. */
        CANNOT_CONNECT,
        /** The server does not want this client, its key, or its request. */
        REFUSED,
        /** The connection broke after the job was accepted, and it cannot be taken up again. */
        LOST,
        /** It took longer than the caller wants to wait. */
        TIMED_OUT
    }

    ClientException(Kind kind, String message, Throwable cause) {
        this(kind, null, message, cause, false);
    }

    private ClientException(Kind kind, JobId job, String message, Throwable cause, boolean mayPass) {
        super(message, cause);
        this.kind = kind;
        this.job = job;
        this.mayPass = mayPass;
    }

    /** A failure that another attempt may not meet. */
    private static ClientException passing(Kind kind, String message, Throwable cause) {
        return new ClientException(kind, null, message, cause, true);
    }

    public Kind kind() {
        return kind;
    }

    /** The job, if the server had accepted it. */
    public Optional<JobId> job() {
        return Optional.ofNullable(job);
    }

    /** Whether this is about the connection and not about what was asked: the same over a new one may work out. */
    boolean mayPass() {
        return mayPass;
    }

    static ClientException cannotConnect(String server, Door door, IOException e) {
        return passing(
                Kind.CANNOT_CONNECT,
                "cannot connect to " + server + ": " + e.getMessage() + "; " + door.unreachable,
                e);
    }

    /**
     * Puts a failure into words.
     *
     * @param answered whether the server had sent anything before
     */
    static ClientException of(IOException e, boolean answered) {
        return of(e, answered, Door.CLIENTS);
    }

    /** As {@link #of(IOException, boolean)}, at another door than that for clients perhaps. */
    static ClientException of(IOException e, boolean answered, Door door) {
        if (e instanceof SourceFileException) {
            return new ClientException(Kind.JOB_FAILED, e.getMessage(), e);
        }
        if (e instanceof SourceRefusedException) {
            return new ClientException(Kind.JOB_FAILED, "the server cannot send a result: " + e.getMessage(), e);
        }
        if (e instanceof TransferRefusedException) {
            return new ClientException(Kind.REFUSED, "the server did not take the upload: " + e.getMessage(), e);
        }
        if (e instanceof RefusedException) {
            String hint = Refusal.UNTRUSTED_ADDRESS.equals(e.getMessage())
                    ? " This machine's address is not among the " + door.trusted + "."
                    : "";
            return new ClientException(Kind.REFUSED, "the server refused: " + e.getMessage() + hint, e);
        }
        if (e instanceof AuthenticationFailedException) {
            return new ClientException(
                    Kind.REFUSED, "the server's answer cannot be opened: its " + door.key + " is another one", e);
        }
        if (e instanceof StaleTokenException) {
            return new ClientException(Kind.REFUSED, "the server's answer is refused: " + e.getMessage(), e);
        }
        if (e instanceof HandshakeException) {
            return passing(
                    Kind.REFUSED,
                    "the server does not accept the key, or is none that knows TLS, or does not accept this machine's"
                            + " address (the server's log says which): "
                            + e.getMessage(),
                    e);
        }
        if (!answered && (e instanceof EOFException || e instanceof SocketException)) {
            return passing(
                    Kind.REFUSED,
                    "the server closed the connection without an answer; most likely " + door.silent + ", or"
                            + " the clocks differ by more than MESSAGE_MAX_AGE_SECONDS, or it has too many connections (the server's log says which)",
                    e);
        }
        if (e instanceof SocketTimeoutException) {
            return passing(Kind.CANNOT_CONNECT, "the server does not answer: " + e.getMessage(), e);
        }
        if (e instanceof ProtocolException) {
            String who = answered ? "the server broke the protocol: " : "what answers there is no recon server: ";
            return new ClientException(Kind.CANNOT_CONNECT, who + e.getMessage(), e);
        }
        if (e instanceof LocalFileException) {
            return new ClientException(Kind.JOB_FAILED, e.getMessage(), e);
        }
        boolean byItself = e instanceof EOFException
                || e instanceof SocketException
                || e instanceof DamagedRecordException
                || e instanceof StalePartException;
        return new ClientException(Kind.CANNOT_CONNECT, null, "the connection broke: " + e.getMessage(), e, byItself);
    }

    /** Whether the server may take the same request later. */
    boolean isForNow() {
        return getCause() instanceof RefusedException refusal && refusal.isForNow();
    }

    /** Whether the server has understood what it was asked for and will never do it: to ask again makes no sense. */
    public boolean isFinal() {
        Throwable cause = getCause();
        return cause instanceof SourceRefusedException
                || (cause instanceof RefusedException
                        && !isForNow()
                        && !Refusal.UNTRUSTED_ADDRESS.equals(cause.getMessage()));
    }

    /** Whether a file that was to be sent is not what it was, or cannot be read. The server has no job then. */
    public boolean isOfSourceFile() {
        return getCause() instanceof SourceFileException;
    }

    /** A result arrived but could not be kept here; the server keeps all that it could not deliver. */
    static ClientException unsaved(JobId job, Path downloads, LocalFileException e) {
        return new ClientException(
                Kind.JOB_FAILED,
                job,
                "the results of job " + job + " cannot be saved in " + downloads + ": " + e.getMessage()
                        + "; they are kept on the server",
                e,
                false);
    }

    /** The conversation broke off while the server had the job. */
    static ClientException lost(JobId job, Throwable e) {
        String what = e instanceof RefusedException
                ? "the server refused to go on"
                : e instanceof ProtocolException
                                || e instanceof AuthenticationFailedException
                                || e instanceof StaleTokenException
                        ? "the server sent something unusable"
                        : "the connection was lost";
        return new ClientException(
                Kind.LOST,
                job,
                what + " after job " + job + " was accepted: " + e.getMessage()
                        + "; the job may go on, and its results stay with the server then",
                e,
                false);
    }

    /** @param job if the server has it */
    static ClientException timedOut(Duration limit, Optional<JobId> job) {
        String words = job.map(id -> "job " + id + " has not ended within " + limit.toSeconds()
                        + " s; it goes on, and its results can be fetched by its id")
                .orElse("the job could not be submitted within " + limit.toSeconds() + " s; " + NOT_KNOWN);
        return new ClientException(Kind.TIMED_OUT, job.orElse(null), words, null, false);
    }
}
