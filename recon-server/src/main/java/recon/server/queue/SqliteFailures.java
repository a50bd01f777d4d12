package recon.server.queue;

import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteException;

/** Says to an operator what SQLite's result codes mean for this server (https://www.sqlite.org/rescode.html). */
final class SqliteFailures {
    private static final int PRIMARY = 0xff; // the upper bits only refine the code
    private static final int PERM = 3;
    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int READONLY = 8;
    private static final int IOERR = 10;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int CANTOPEN = 14;
    private static final int AUTH = 23;
    private static final int NOTADB = 26;

    private SqliteFailures() {}

    static StoreException explain(Path file, SQLException failure) {
        String what = switch (failure instanceof SQLiteException sqlite ? sqlite.getResultCode().code & PRIMARY : 0) {
            case FULL -> "cannot be written: the disk is full; free some space";
            case IOERR ->
                "cannot be read or written: the disk is full, or fails; look at its free space and at the"
                        + " system's log";
            case CORRUPT -> "is damaged; " + startAgain(file);
            case NOTADB -> "is no SQLite database; " + startAgain(file);
            case BUSY, LOCKED ->
                "is locked by another program; end that (a sqlite3 shell that has begun a" + " transaction?)";
            case PERM, READONLY, CANTOPEN, AUTH ->
                "cannot be opened for writing; look at the owner and the mode" + " of the file and of its directory";
            default -> "cannot be read or written";
        };
        return new StoreException(
                "the record of the jobs, " + file + ", " + what + " (" + failure.getMessage() + ")", failure);
    }

    private static String startAgain(Path file) {
        String name = String.valueOf(file.getFileName());
        return "stop the server, move " + name + ", " + name + "-wal and " + name
                + "-shm away together, put back a copy of " + name
                + " if there is one, and start the server; without a copy it begins with an empty record";
    }
}
