package io.github.pgqueue.internal.cache;

import io.github.pgqueue.internal.jdbc.Database;
import io.github.pgqueue.internal.jdbc.Jdbc;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Entries as bytes, of all caches. Each method is one statement outside of every transaction. Thread-safe. */
public final class CacheStore {

    /** As much as one sweep removes in one statement. */
    private static final int SWEEP_BATCH = 10_000;

    private final Database database;

    public CacheStore(Database database) {
        this.database = database;
    }

    Optional<byte[]> get(String cache, byte[] key) {
        String sql = database.schema().fill(CacheSql.GET);
        return database
                .transactions()
                .outside(connection -> Jdbc.query(
                        connection, sql, statement -> bindKey(statement, cache, key), row -> row.getBytes("value")))
                .stream()
                .findFirst();
    }

    void setFor(String cache, byte[] key, byte[] value, Duration timeToLive) {
        String sql = database.schema().fill(CacheSql.SET_FOR);
        database.transactions()
                .outside(connection -> Jdbc.update(connection, sql, statement -> {
                    bindKey(statement, cache, key);
                    statement.setBytes(3, value);
                    statement.setDouble(4, Jdbc.seconds(timeToLive));
                }));
    }

    void setUntil(String cache, byte[] key, byte[] value, Instant expiresAt) {
        String sql = database.schema().fill(CacheSql.SET_UNTIL);
        database.transactions()
                .outside(connection -> Jdbc.update(connection, sql, statement -> {
                    bindKey(statement, cache, key);
                    statement.setBytes(3, value);
                    statement.setObject(4, Jdbc.timestamp(expiresAt));
                }));
    }

    boolean delete(String cache, byte[] key) {
        String sql = database.schema().fill(CacheSql.DELETE);
        return database.transactions()
                .outside(connection -> Jdbc.query(
                        connection, sql, statement -> bindKey(statement, cache, key), row -> row.getBoolean("live")))
                .contains(true);
    }

    void clear(String cache) {
        String sql = database.schema().fill(CacheSql.CLEAR);
        database.transactions()
                .outside(connection -> Jdbc.update(connection, sql, statement -> statement.setString(1, cache)));
    }

    /** Removes what has expired, from one cache or, without a name, from all; returns how much. */
    public long sweep(@Nullable String cache) {
        String sql = database.schema().fill(CacheSql.SWEEP);
        long swept = 0;
        int batch;
        do {
            batch = database.transactions()
                    .outside(connection -> Jdbc.update(connection, sql, statement -> {
                        statement.setString(1, cache);
                        statement.setString(2, cache);
                    }));
            swept += batch;
        } while (batch == SWEEP_BATCH);
        return swept;
    }

    private static void bindKey(PreparedStatement statement, String cache, byte[] key) throws SQLException {
        statement.setString(1, cache);
        statement.setBytes(2, key);
    }
}
