package recon.client.crash;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The server's record as an operator reads it. Not to be asked between a kill and the next start: the reader would repair
 * the file, which is the server's part.
 */
final class JobRows {
    private static final Set<String> ENDED = Set.of("delivered", "failed", "cancelled", "expired");

    private static final Pattern LABEL = Pattern.compile("\"label\":\\s*\"([^\"]*)\"");

    private final Path file;

    JobRows(Path file) {
        this.file = file;
    }

    /**
     * @param deliveries how often a client has taken the results for the first time
     * @param kept whether its results are there
     */
    record Row(String id, String submission, String state, String options, int attempts, int deliveries, boolean kept) {
        boolean hasEnded() {
            return ENDED.contains(state);
        }

        /** What the submission is called; empty if it has no label. */
        String label() {
            Matcher matcher = LABEL.matcher(options);
            return matcher.find() ? matcher.group(1) : "";
        }
    }

    List<Row> all() throws SQLException {
        try (Connection connection = open();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT id, submission, state, options, attempts,
                            (SELECT count(*) FROM job_change
                             WHERE job = job.id AND state = 'delivered' AND reason LIKE 'delivered to %'),
                            results_until IS NOT NULL
                        FROM job
                        """)) {
            List<Row> found = new ArrayList<>();
            while (rows.next()) {
                found.add(new Row(
                        rows.getString(1),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getString(4),
                        rows.getInt(5),
                        rows.getInt(6),
                        rows.getBoolean(7)));
            }
            return found;
        }
    }

    Optional<Row> find(String job) throws SQLException {
        return all().stream().filter(row -> row.id().equals(job)).findAny();
    }

    boolean isIn(String job, String state) throws SQLException {
        return find(job).filter(row -> row.state().equals(state)).isPresent();
    }

    /** Puts the end of all kept results into the past. Only while no server runs. */
    void letResultsExpire() throws SQLException {
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "UPDATE job SET results_until = '2001-01-01T00:00:00.000Z' WHERE results_until IS NOT NULL");
        }
    }

    private Connection open() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }
}
