package recon.server.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs SQL on one connection, and prepares each text once. Parameters are {@code String}, {@code Integer}, {@code Long} or
 * null. Not thread-safe: whoever has the connection has its statements.
 */
final class SqliteStatements {
    /** Makes a value of the row that the result stands at. */
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    SqliteStatements(Connection connection) {
        this.connection = connection;
    }

    /** Runs several statements, which are needed once. */
    void script(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    /** @return how many rows were inserted, updated or deleted */
    int update(String sql, Object... parameters) throws SQLException {
        return prepare(sql, parameters).executeUpdate();
    }

    <T> List<T> list(String sql, Row<T> row, Object... parameters) throws SQLException {
        List<T> values = new ArrayList<>();
        try (ResultSet rows = prepare(sql, parameters).executeQuery()) {
            while (rows.next()) {
                values.add(row.read(rows));
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new SQLException("a row holds what this server never writes: " + e.getMessage(), e);
        }
        return values;
    }

    /** The first row, if there is one. */
    <T> Optional<T> first(String sql, Row<T> row, Object... parameters) throws SQLException {
        return list(sql, row, parameters).stream().findFirst();
    }

    /** The first row of a query that has one. */
    <T> T only(String sql, Row<T> row, Object... parameters) throws SQLException {
        return first(sql, row, parameters).orElseThrow(() -> new SQLException("there is no row for: " + sql));
    }

    private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
