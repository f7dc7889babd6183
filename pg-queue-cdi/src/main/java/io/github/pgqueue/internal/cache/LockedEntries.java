package io.github.pgqueue.internal.cache;

import io.github.pgqueue.StorageException;
import io.github.pgqueue.internal.cache.CacheStore.Found;
import io.github.pgqueue.internal.jdbc.Jdbc.Binder;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One transaction over some entries, on a connection that is the library's own for as long. */
final class LockedEntries {

    private final Connection connection;
    private final CacheStatements statements;
    private final EntryNotices notices;
    private boolean written;
    private int writes;
    private long bytes;

    LockedEntries(Connection connection, CacheStatements statements, EntryNotices notices) {
        this.connection = connection;
        this.statements = statements;
        this.notices = notices;
    }

    /** Locks in one order, so that nobody waits in a circle, and hands the entries over in the order of the keys. */
    <R> R run(List<Integer> order, List<byte[]> keys, Function<List<LockedEntry>, R> work) throws SQLException {
        connection.setAutoCommit(false);
        R result;
        try {
            List<Entry> entries = lock(order, keys);
            result = work.apply(List.copyOf(entries));
            settle(entries);
        } catch (Throwable failure) {
            rollback(failure);
            throw failure;
        }
        connection.setAutoCommit(true);
        return result;
    }

    /** How many entries were written, not counting removals. */
    int writes() {
        return writes;
    }

    /** How many bytes of keys and values that were. */
    long bytes() {
        return bytes;
    }

    private List<Entry> lock(List<Integer> order, List<byte[]> keys) throws SQLException {
        Map<Integer, Entry> entries = new TreeMap<>();
        for (int index : order) {
            entries.put(index, lock(keys.get(index)));
        }
        return List.copyOf(entries.values());
    }

    private Entry lock(byte[] key) throws SQLException {
        while (true) {
            Optional<Found> found =
                    statements.query(connection, CacheSql.LOCK, keyBinder(key), CacheStore::found).stream()
                            .findFirst();
            if (found.isPresent()) {
                return new Entry(key, found.get());
            }
            if (statements.update(connection, CacheSql.LOCK_ABSENT, keyBinder(key)) > 0) {
                return new Entry(key, null);
            }
        }
    }

    /** What has expired goes, and so does what only stood for an absent entry. */
    private void settle(List<Entry> entries) throws SQLException {
        for (Entry entry : entries) {
            if (!entry.changed && entry.expired().isPresent()) {
                entry.remove();
            }
        }
        if (!written) {
            connection.rollback();
            return;
        }
        for (Entry entry : entries) {
            if (!entry.changed && entry.found == null) {
                delete(entry.key, notices.touched(entry.key));
            }
        }
        connection.commit();
    }

    private void delete(byte[] key, @Nullable String told) throws SQLException {
        statements.change(connection, CacheSql.REMOVE, keyBinder(key), CacheStore::found, told);
    }

    private void rollback(Throwable failure) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    private Binder keyBinder(byte[] key) {
        return statement -> {
            statement.setString(1, notices.cache());
            statement.setBytes(2, key);
        };
    }

    private final class Entry implements LockedEntry {

        private final byte[] key;
        private final @Nullable Found found;
        private boolean changed;

        Entry(byte[] key, @Nullable Found found) {
            this.key = key;
            this.found = found;
        }

        @Override
        public Optional<StoredValue> value() {
            return Optional.ofNullable(found).filter(Found::live).map(Found::value);
        }

        @Override
        public Optional<StoredValue> expired() {
            return Optional.ofNullable(found).filter(row -> !row.live()).map(Found::value);
        }

        @Override
        public void write(StoredValue value, @Nullable Lifetime lifetime) {
            write(value, lifetime, notices.changed(key, before(), EntryState.live(value)));
        }

        private void write(StoredValue value, @Nullable Lifetime lifetime, @Nullable String told) {
            if (lifetime == null && value().isEmpty()) {
                throw new IllegalArgumentException("an absent entry has no lifetime to keep");
            }
            Binder binder = statement -> {
                CacheStore.bind(statement, 1, value);
                CacheStore.bind(statement, 3, lifetime);
                statement.setString(4, notices.cache());
                statement.setBytes(5, key);
            };
            change(() -> statements.change(connection, CacheSql.WRITE, binder, told));
            wrote(value);
        }

        @Override
        public void writeUntil(StoredValue value, Instant expiresAt) {
            String told = notices.changed(key, before(), EntryState.live(value));
            Binder binder = CacheStore.putUntilBinder(notices.cache(), key, value, expiresAt);
            change(() -> statements.change(connection, CacheSql.PUT_UNTIL, binder, told));
            wrote(value);
        }

        private void wrote(StoredValue value) {
            writes++;
            bytes += (long) key.length + value.bytes().length;
        }

        private EntryState before() {
            if (found == null) {
                return EntryState.ABSENT;
            }
            return found.live() ? EntryState.live(found.value()) : EntryState.expired(found.value());
        }

        @Override
        public void touch(Lifetime lifetime) {
            write(value().orElseThrow(), lifetime, notices.touched(key));
        }

        @Override
        public void remove() {
            change(() -> delete(key, notices.changed(key, before(), EntryState.ABSENT)));
        }

        private void change(Step step) {
            try {
                step.run();
                changed = true;
                written = true;
            } catch (SQLException e) {
                throw StorageException.of(e);
            }
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws SQLException;
    }
}
