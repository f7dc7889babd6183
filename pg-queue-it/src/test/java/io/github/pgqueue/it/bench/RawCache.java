package io.github.pgqueue.it.bench;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

/**
 * A cache as one would write it by hand, on the table of the library.
 *
 * @param pool that of a node of the library, so that both sides meet connections with the same past: it decides how a
 *     session of PostgreSQL gets and returns its memory, which has been seen to double what writing a megabyte costs
 */
record RawCache(DataSource pool, String cache) implements Entries {

    private static final double HOUR = 3_600;

    @Override
    public int get(String key) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement get = connection.prepareStatement(BenchSql.CACHE_GET)) {
            get.setString(1, cache);
            get.setBytes(2, bytes(key));
            try (ResultSet row = get.executeQuery()) {
                return row.next() && !text(row, 1).isEmpty() ? 1 : 0;
            }
        }
    }

    @Override
    public void put(String key, String value) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement put = connection.prepareStatement(BenchSql.CACHE_PUT)) {
            put.setString(1, cache);
            put.setBytes(2, bytes(key));
            put.setBytes(3, bytes(value));
            put.setDouble(4, HOUR);
            put.executeUpdate();
        }
    }

    @Override
    public int getAll(Set<String> keys) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement get = connection.prepareStatement(BenchSql.CACHE_GET_ALL)) {
            get.setArray(1, connection.createArrayOf("bytea", bytes(keys)));
            get.setString(2, cache);
            Map<String, String> found = new HashMap<>();
            try (ResultSet rows = get.executeQuery()) {
                while (rows.next()) {
                    found.put(text(rows, 1), text(rows, 2));
                }
            }
            return found.size();
        }
    }

    @Override
    public void putAll(Map<String, String> entries) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement put = connection.prepareStatement(BenchSql.CACHE_PUT_ALL)) {
            put.setString(1, cache);
            put.setDouble(2, HOUR);
            put.setArray(3, connection.createArrayOf("bytea", bytes(entries.keySet())));
            put.setArray(4, connection.createArrayOf("bytea", bytes(entries.values())));
            put.executeUpdate();
        }
    }

    private static byte[][] bytes(Collection<String> texts) {
        return texts.stream().map(RawCache::bytes).toArray(byte[][]::new);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(ResultSet row, int column) throws SQLException {
        return new String(row.getBytes(column), StandardCharsets.UTF_8);
    }
}
