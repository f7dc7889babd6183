package io.github.pgqueue.internal.cache;

import io.github.pgqueue.internal.jdbc.Database;
import io.github.pgqueue.internal.jdbc.Jdbc;
import io.github.pgqueue.internal.jdbc.Jdbc.Binder;
import io.github.pgqueue.internal.jdbc.Jdbc.RowMapper;
import io.github.pgqueue.spi.Transactions.Work;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The statements of {@link CacheSql} on one table, with names filled in. Where a change is to be told, it is told by the
 * statement itself, so with the same commit or not at all. Thread-safe.
 */
final class CacheStatements {

    private final Database database;
    private final CacheTable table;
    private final Map<String, Filled> silent = new ConcurrentHashMap<>();
    private final Map<String, Filled> telling = new ConcurrentHashMap<>();
    private final LongAdder answers = new LongAdder();

    /** A statement, and how many parameters it has. */
    private record Filled(String sql, int parameters) {}

    CacheStatements(Database database, CacheTable table) {
        this.database = database;
        this.table = table;
    }

    <R> List<R> query(String template, Binder binder, RowMapper<R> mapper) {
        Filled filled = silent(template);
        return outside(connection -> Jdbc.query(connection, filled.sql(), binder, mapper));
    }

    <R> List<R> query(Connection connection, String template, Binder binder, RowMapper<R> mapper) throws SQLException {
        return Jdbc.query(connection, silent(template).sql(), binder, mapper);
    }

    int update(String template, Binder binder) {
        Filled filled = silent(template);
        return outside(connection -> Jdbc.update(connection, filled.sql(), binder));
    }

    int update(Connection connection, String template, Binder binder) throws SQLException {
        return Jdbc.update(connection, silent(template).sql(), binder);
    }

    /**
     * Changes entries and returns something of each.
     *
     * @param told what the other nodes are told, if anything
     */
    <R> List<R> change(String template, Binder binder, RowMapper<R> mapper, @Nullable String told) {
        Filled filled = filled(template, told);
        return outside(connection -> Jdbc.query(connection, filled.sql(), telling(filled, binder, told), mapper));
    }

    <R> List<R> change(
            Connection connection, String template, Binder binder, RowMapper<R> mapper, @Nullable String told)
            throws SQLException {
        Filled filled = filled(template, told);
        return Jdbc.query(connection, filled.sql(), telling(filled, binder, told), mapper);
    }

    /** Changes entries; how many. */
    int change(String template, Binder binder, @Nullable String told) {
        Filled filled = filled(template, told);
        return outside(connection -> change(connection, filled, binder, told));
    }

    int change(Connection connection, String template, Binder binder, @Nullable String told) throws SQLException {
        return change(connection, filled(template, told), binder, told);
    }

    private int change(Connection connection, Filled filled, Binder binder, @Nullable String told) throws SQLException {
        return told == null
                ? Jdbc.update(connection, filled.sql(), binder)
                : Jdbc.query(connection, filled.sql(), telling(filled, binder, told), row -> true)
                        .size();
    }

    /** How often the database has answered. */
    long answers() {
        return answers.sum();
    }

    private <R> R outside(Work<R> work) {
        R answer = database.transactions().outside(work);
        answers.increment();
        return answer;
    }

    private Binder telling(Filled filled, Binder binder, @Nullable String told) {
        if (told == null) {
            return binder;
        }
        String channel = database.binding().channelPrefix() + Caches.CHANNEL;
        return statement -> {
            binder.bind(statement);
            bind(statement, filled.parameters(), channel, told);
        };
    }

    private static void bind(PreparedStatement statement, int last, String channel, String told) throws SQLException {
        statement.setString(last - 1, channel);
        statement.setString(last, told);
    }

    private Filled filled(String template, @Nullable String told) {
        return told == null ? silent(template) : telling(template);
    }

    private Filled silent(String template) {
        Filled known = silent.get(template);
        return known != null ? known : fill(template, "", "", silent);
    }

    private Filled telling(String template) {
        Filled known = telling.get(template);
        return known != null ? known : fill(template, CacheSql.TELL, CacheSql.AND_TELL, telling);
    }

    private Filled fill(String template, String tell, String andTell, Map<String, Filled> into) {
        String placed = template.replace("${told}", tell).replace("${and_told}", andTell);
        String sql = database.schema().fill(table.fill(placed));
        Filled filled = new Filled(
                sql, (int) sql.chars().filter(character -> character == '?').count());
        into.put(template, filled);
        return filled;
    }
}
