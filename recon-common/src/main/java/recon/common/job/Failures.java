package recon.common.job;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Failures in words: the file system's own messages are often no more than a path. */
public final class Failures {
    private Failures() {}

    public static String words(Exception e) {
        if (e instanceof FileSystemException failure && failure.getFile() != null) {
            return failure.getFile() + ": " + reason(failure);
        }
        boolean speaks = e.getMessage() != null && (e instanceof IOException || e instanceof IllegalArgumentException);
        return speaks ? e.getMessage() : e.toString();
    }

    public static String reason(FileSystemException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "it is there already";
        }
        return e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
    }
}
