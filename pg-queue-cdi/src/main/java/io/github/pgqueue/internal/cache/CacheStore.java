package io.github.pgqueue.internal.cache;

import io.github.pgqueue.CacheConfig;
import io.github.pgqueue.StorageException;
import io.github.pgqueue.internal.cache.Bounds.Stored;
import io.github.pgqueue.internal.jdbc.Database;
import io.github.pgqueue.internal.jdbc.Jdbc;
import io.github.pgqueue.internal.jdbc.Jdbc.Binder;
import io.github.pgqueue.internal.jdbc.Jdbc.RowMapper;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Entries as bytes, of all caches in one table. Thread-safe.
 *
 * <p>Each method but {@link #locked} is one statement, atomic for each key, outside of every transaction. Lifetimes: the
 * one for creation counts if the entry is absent or has expired, the other if it is there, and null then leaves its
 * expiry as it is. No method takes a lifetime of zero but those that say so: whether such an entry is stored at all
 * depends on what is there, so it is for {@link #locked}. Every method may throw {@link StorageException}.
 */
public final class CacheStore {

    /** As many blocks as one statement of a sweep walks: 64 kB. A writer that wants a row of them waits for so much. */
    private static final int SWEEP_BLOCKS = 8;

    /** How many times as long as it works a sweep rests, so that those who read and write hardly notice it. */
    private static final int SWEEP_RESTS = 2;

    private final Database database;
    private final CacheStatements statements;
    private final NearCaches nearCaches;
    private final EventHearers hearers;
    private final RefreshThreads refreshThreads;
    private final LockedKeys lockedKeys;
    private final Evictions evictions;
    private final Set<Thread> loading;
    /** By cache: how many seconds its entries are kept after they have expired. */
    private final Map<String, Double> kept;

    private final @Nullable EventDoor door;

    CacheStore(
            Database database,
            CacheTable table,
            NearCaches nearCaches,
            EventHearers hearers,
            RefreshThreads refreshThreads) {
        this.database = database;
        this.statements = new CacheStatements(database, table);
        this.nearCaches = nearCaches;
        this.hearers = hearers;
        this.refreshThreads = refreshThreads;
        this.lockedKeys = new LockedKeys();
        this.evictions = new Evictions(this);
        this.loading = ConcurrentHashMap.newKeySet();
        this.kept = new ConcurrentHashMap<>();
        this.door = null;
    }

    private CacheStore(CacheStore same, EventDoor door) {
        this.database = same.database;
        this.statements = same.statements;
        this.nearCaches = same.nearCaches;
        this.hearers = same.hearers;
        this.refreshThreads = same.refreshThreads;
        this.lockedKeys = same.lockedKeys;
        this.evictions = same.evictions;
        this.loading = same.loading;
        this.kept = same.kept;
        this.door = door;
    }

    /**
     * The same store for one user of a cache. Where the cache is configured to have remote events, every other user of it,
     * on this node and on others, can hear what this one does by {@link #locked}, {@link #expire}, and putting or removing
     * one key whatever there is; what is done otherwise, clearing included, is told to nobody.
     */
    public CacheStore door(String cache, CacheConfig config) {
        return config.isRemoteEvents() ? new CacheStore(this, EventDoor.to(cache)) : this;
    }

    /** Whether other users of the cache hear what this one does. */
    public boolean tells(String cache) {
        return door != null && door.cache().equals(cache);
    }

    /** The end of hearing. */
    @FunctionalInterface
    public interface Hearing extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Hears what other users of the cache do, after their commit, as soon as there is a connection that listens; what they
     * do while there is none is lost. Does nothing for a cache whose users tell nothing. Does not ask the database.
     *
     * @param consumer called by the thread that listens; must be quick and must not run foreign code
     */
    public Hearing hear(Consumer<EntryChange> consumer) {
        return door == null ? () -> {} : hearers.add(door, consumer);
    }

    /**
     * Keeps a cache within the bounds of its settings from now on.
     *
     * @return how many entries this node has evicted from it
     */
    public LongSupplier bound(String cache, CacheConfig config) {
        return evictions.bound(cache, config);
    }

    /** The use of a near cache. */
    @FunctionalInterface
    public interface Near extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Where a cache is configured as near, holds copies of its entries in this node, for whoever reads it here, until what
     * is returned is closed, and from now on tells other nodes what changes.
     *
     * @throws io.github.pgqueue.ConfigurationException PGQ7018 if Caffeine is missing
     */
    public Near near(String cache, CacheConfig config) {
        NearSettings settings = NearSettings.of(config);
        return settings == null ? () -> {} : nearCaches.open(cache, settings);
    }

    /**
     * For the reads of a cache.
     *
     * @param counter called for each failure that became a miss
     */
    public FailOpen failOpen(String cache, CacheConfig config, Runnable counter) {
        return new FailOpen(cache, config.isFailOpen(), statements::answers, counter);
    }

    /**
     * Lets callers in the whole cluster share what they load for this cache.
     *
     * @param lease what they share as bytes
     */
    public <K, V> SharedLoads<K, V> sharedLoads(String cache, Function<? super K, byte[]> lease) {
        return new SharedLoads<>(new Leases<>(this, cache, lease), loading);
    }

    /**
     * Where a cache is configured so, has its entries loaded anew in the background, and keeps what has expired for as
     * long as that may be.
     *
     * @param underway waits for the loads that run
     * @throws io.github.pgqueue.ConfigurationException PGQ7010 if every read would load
     */
    public <K> @Nullable Refreshes<K> refreshes(
            String cache, CacheConfig config, SharedLoads<K, ?> loads, Underway underway) {
        RefreshSettings settings = RefreshSettings.of(cache, config);
        if (settings == null) {
            return null;
        }
        if (settings.keepsStale()) {
            kept.put(cache, settings.stale());
        }
        return new Refreshes<>(this, cache, settings, loads, refreshThreads, underway);
    }

    /** Where what exceeds a bound is evicted soon after it was written. */
    void evictBy(Consumer<Runnable> housekeeping) {
        evictions.doneBy(housekeeping);
    }

    /** Evicts what exceeds the bounds of caches. */
    void evict() {
        evictions.evict();
    }

    /** The entry, or a copy of it where this node holds some. */
    public Optional<StoredEntry> get(String cache, byte[] key) {
        NearCache near = nearCaches.of(cache);
        if (near == null) {
            return getStored(cache, key);
        }
        Optional<StoredEntry> entry = near.get(key, () -> getStored(cache, key));
        nearCaches.hear();
        return entry;
    }

    /** The entry as the database has it. */
    public Optional<StoredEntry> getStored(String cache, byte[] key) {
        return first(CacheSql.GET, statement -> bindKey(statement, 1, cache, key), CacheStore::entry);
    }

    /** The same, and gives the entry a new lifetime. */
    public Optional<StoredEntry> getAndTouch(String cache, byte[] key, Lifetime lifetime) {
        lockedKeys.refuse(cache, key);
        return first(
                CacheSql.TOUCH,
                statement -> {
                    bind(statement, 1, lifetime);
                    bindKey(statement, 2, cache, key);
                },
                CacheStore::entry);
    }

    /**
     * The entries of several keys, or copies of them where this node holds some.
     *
     * @return one element for each key, null where there is none
     */
    public List<@Nullable StoredEntry> getAll(String cache, List<byte[]> keys) {
        NearCache near = nearCaches.of(cache);
        if (near == null) {
            return getAllStored(cache, keys, null);
        }
        List<@Nullable StoredEntry> entries = near.getAll(keys, missing -> getAllStored(cache, missing, null));
        nearCaches.hear();
        return entries;
    }

    /**
     * The entries of several keys as the database has them.
     *
     * @param lifetime their new lifetime; null for no change
     * @return one element for each key, null where there is none
     */
    public List<@Nullable StoredEntry> getAllStored(String cache, List<byte[]> keys, @Nullable Lifetime lifetime) {
        return lifetime == null
                ? entries(CacheSql.GET_ALL, keys, statement -> bindKeys(statement, 1, cache, keys))
                : entries(CacheSql.TOUCH_ALL, keys, statement -> {
                    bind(statement, 1, lifetime);
                    bindKeys(statement, 2, cache, keys);
                });
    }

    /** The same, and those that expired less than so many seconds ago. */
    List<@Nullable StoredEntry> getAllStale(String cache, List<byte[]> keys, double seconds) {
        return entries(CacheSql.GET_ALL_STALE, keys, statement -> {
            bindKeys(statement, 1, cache, keys);
            statement.setDouble(3, seconds);
        });
    }

    private List<@Nullable StoredEntry> entries(String template, List<byte[]> keys, Binder binder) {
        List<@Nullable StoredEntry> found = new ArrayList<>(Collections.nCopies(keys.size(), null));
        RowMapper<@Nullable StoredEntry> mapper = row -> found.set(row.getInt("position") - 1, entry(row));
        query(template, binder, mapper);
        return found;
    }

    /** An entry and which version of it that is. */
    record Look(StoredEntry entry, Version version) {}

    /** The entry of a key, or what expired less than so many seconds ago. */
    Optional<Look> look(String cache, byte[] key, double seconds) {
        return first(
                CacheSql.LOOK,
                statement -> {
                    bindKey(statement, 1, cache, key);
                    statement.setDouble(3, seconds);
                },
                row -> new Look(entry(row), version(row)));
    }

    /** Whether the entry, expired or not, was still this version, and was replaced. */
    boolean replace(String cache, byte[] key, Version version, StoredValue value, Lifetime lifetime) {
        boolean replaced = change(cache, List.of(key), CacheSql.REPLACE_VERSION, statement -> {
                    bind(statement, 1, value);
                    bind(statement, 3, lifetime);
                    bindKey(statement, 4, cache, version.hash());
                    statement.setString(6, version.version());
                })
                > 0;
        if (replaced) {
            wrote(cache, key, value);
        }
        return replaced;
    }

    public boolean contains(String cache, byte[] key) {
        return first(
                        CacheSql.CONTAINS,
                        statement -> bindKey(statement, 1, cache, key),
                        row -> row.getBoolean("present"))
                .orElseThrow();
    }

    /** Gives an entry a new lifetime, which may be zero, unless it has changed since it was read. */
    public void touch(String cache, byte[] key, StoredEntry read, Lifetime lifetime) {
        update(CacheSql.TOUCH_READ, statement -> {
            bind(statement, 1, lifetime);
            bindKey(statement, 2, cache, key);
            statement.setObject(4, read.expiresAt());
        });
    }

    public void put(String cache, byte[] key, StoredValue value, Lifetime creation, @Nullable Lifetime renewal) {
        if (tells(cache)) {
            lockedOne(cache, key, entry -> {
                entry.write(value, entry.value().isPresent() ? renewal : creation);
                return true;
            });
            return;
        }
        lockedKeys.refuse(cache, key);
        change(cache, List.of(key), CacheSql.PUT, statement -> {
            bindKey(statement, 1, cache, key);
            bind(statement, 3, value);
            bind(statement, 5, creation);
            bind(statement, 6, renewal);
        });
        wrote(cache, key, value);
    }

    void putUntil(String cache, byte[] key, StoredValue value, Instant expiresAt) {
        if (tells(cache)) {
            lockedOne(cache, key, entry -> {
                entry.writeUntil(value, expiresAt);
                return true;
            });
            return;
        }
        change(cache, List.of(key), CacheSql.PUT_UNTIL, putUntilBinder(cache, key, value, expiresAt));
        wrote(cache, key, value);
    }

    static Binder putUntilBinder(String cache, byte[] key, StoredValue value, Instant expiresAt) {
        return statement -> {
            bindKey(statement, 1, cache, key);
            bind(statement, 3, value);
            statement.setObject(5, Jdbc.timestamp(expiresAt));
        };
    }

    /** Puts several entries; their keys must differ. */
    public void putAll(
            String cache, List<byte[]> keys, List<StoredValue> values, Lifetime creation, @Nullable Lifetime renewal) {
        change(cache, keys, CacheSql.PUT_ALL, statement -> {
            statement.setString(1, cache);
            bind(statement, 2, creation);
            bindArray(statement, 3, "bytea", keys);
            bindArray(
                    statement,
                    4,
                    "bytea",
                    values.stream().map(StoredValue::bytes).toList());
            bindArray(
                    statement,
                    5,
                    "int2",
                    values.stream().map(StoredValue::codec).toList());
            bind(statement, 6, renewal);
        });
        evictions.wrote(
                cache, keys.size(), bytes(keys.stream()) + bytes(values.stream().map(StoredValue::bytes)));
    }

    /** Whether it was put. */
    public boolean putIfAbsent(String cache, byte[] key, StoredValue value, Lifetime creation) {
        lockedKeys.refuse(cache, key);
        boolean put = changed(
                        cache,
                        key,
                        CacheSql.PUT_IF_ABSENT,
                        statement -> {
                            bindKey(statement, 1, cache, key);
                            bind(statement, 3, value);
                            bind(statement, 5, creation);
                        },
                        row -> row.getBoolean("put"))
                .isPresent();
        if (put) {
            wrote(cache, key, value);
        }
        return put;
    }

    /** Puts one value for each of these keys, which must differ, that has none and is told to nobody; those keys. */
    List<byte[]> putAllIfAbsent(String cache, List<byte[]> keys, StoredValue value, Lifetime creation) {
        return query(
                CacheSql.PUT_ALL_IF_ABSENT,
                statement -> {
                    statement.setString(1, cache);
                    bind(statement, 2, value);
                    bind(statement, 4, creation);
                    bindArray(statement, 5, "bytea", keys);
                },
                row -> row.getBytes("key"));
    }

    /** What was replaced, if anything was. */
    public Optional<StoredValue> getAndPut(
            String cache, byte[] key, StoredValue value, Lifetime creation, @Nullable Lifetime renewal) {
        lockedKeys.refuse(cache, key);
        while (true) {
            Optional<Found> found = changed(
                    cache,
                    key,
                    CacheSql.GET_AND_PUT,
                    statement -> {
                        statement.setBytes(1, value.bytes());
                        statement.setShort(2, value.codec());
                        bind(statement, 3, renewal);
                        bind(statement, 4, creation);
                        bindKey(statement, 5, cache, key);
                        bindKey(statement, 7, cache, key);
                        statement.setShort(9, value.codec());
                        bind(statement, 10, creation);
                    },
                    CacheStore::found);
            if (found.isPresent()) {
                wrote(cache, key, value);
                return found.flatMap(Found::liveValue);
            }
        }
    }

    /** What was replaced; nothing is put if there is nothing to be replaced. */
    public Optional<StoredValue> getAndReplace(
            String cache, byte[] key, StoredValue value, @Nullable Lifetime renewal) {
        lockedKeys.refuse(cache, key);
        return changed(
                cache,
                key,
                CacheSql.GET_AND_REPLACE,
                statement -> bindChange(statement, cache, key, value, renewal),
                row -> value(row));
    }

    /** Whether there was something to be replaced. */
    public boolean replace(String cache, byte[] key, StoredValue value, @Nullable Lifetime renewal) {
        lockedKeys.refuse(cache, key);
        return change(
                        cache,
                        List.of(key),
                        CacheSql.REPLACE,
                        statement -> bindChange(statement, cache, key, value, renewal))
                > 0;
    }

    /** Whether the entry still had the value that was read, and was replaced. */
    public boolean replace(String cache, byte[] key, StoredValue read, StoredValue value, @Nullable Lifetime renewal) {
        lockedKeys.refuse(cache, key);
        return change(cache, List.of(key), CacheSql.REPLACE_READ, statement -> {
                    bindChange(statement, cache, key, value, renewal);
                    bind(statement, 6, read);
                })
                > 0;
    }

    /** What was removed, if anything was that had not expired. */
    public Optional<StoredValue> remove(String cache, byte[] key) {
        if (tells(cache)) {
            return lockedOne(cache, key, entry -> {
                Optional<StoredValue> value = entry.value();
                value.ifPresent(present -> entry.remove());
                return value;
            });
        }
        lockedKeys.refuse(cache, key);
        return changed(cache, key, CacheSql.REMOVE, statement -> bindKey(statement, 1, cache, key), CacheStore::found)
                .flatMap(Found::liveValue);
    }

    /** Whether the entry still had the value that was read, and was removed. */
    public boolean remove(String cache, byte[] key, StoredValue read) {
        lockedKeys.refuse(cache, key);
        return change(cache, List.of(key), CacheSql.REMOVE_READ, statement -> {
                    bindKey(statement, 1, cache, key);
                    bind(statement, 3, read);
                })
                > 0;
    }

    /** Removes those of some entries that still have this value, and tells nobody. */
    void removeAll(String cache, List<byte[]> keys, StoredValue read) {
        int unused = update(CacheSql.REMOVE_ALL_READ, statement -> {
            bindKeys(statement, 1, cache, keys);
            bind(statement, 3, read);
        });
    }

    /** What was removed: one element for each key, null where there was nothing. */
    public List<@Nullable StoredValue> removeAll(String cache, List<byte[]> keys) {
        List<@Nullable StoredValue> removed = new ArrayList<>(Collections.nCopies(keys.size(), null));
        change(cache, keys, CacheSql.REMOVE_ALL, statement -> bindKeys(statement, 1, cache, keys), row -> {
            Found found = found(row);
            return removed.set(row.getInt("position") - 1, found.live() ? found.value() : null);
        });
        return removed;
    }

    /** Removes an entry that has expired; what it was. */
    public Optional<StoredValue> expire(String cache, byte[] key) {
        if (tells(cache)) {
            // Most often there is none: an absent entry is not worth the row that would be locked in its place.
            boolean expired = first(CacheSql.LOCK, statement -> bindKey(statement, 1, cache, key), CacheStore::found)
                    .filter(found -> !found.live())
                    .isPresent();
            return expired ? lockedOne(cache, key, LockedEntry::expired) : Optional.empty();
        }
        return first(CacheSql.EXPIRE, statement -> bindKey(statement, 1, cache, key), row -> value(row));
    }

    /** Removes all entries of a cache; how many had not expired. */
    public long clear(String cache) {
        return change(
                        cache,
                        List.of(),
                        CacheSql.CLEAR,
                        statement -> statement.setString(1, cache),
                        row -> row.getLong("live"))
                .get(0);
    }

    /** Some entries of a cache, in the order of their hashes: those after one hash, empty for the first. */
    public List<StoredRow> page(String cache, byte[] after, int limit) {
        return query(
                CacheSql.PAGE,
                statement -> {
                    statement.setString(1, cache);
                    statement.setBytes(2, after);
                    statement.setInt(3, limit);
                },
                row -> new StoredRow(row.getBytes("hash"), row.getBytes("key"), entry(row)));
    }

    /**
     * Runs user code while entries are locked: nobody else changes them meanwhile, absent ones included, and what it
     * writes is seen by others all at once when it returns, or not at all if it throws. Holds a connection for as long.
     *
     * @throws io.github.pgqueue.InvalidArgumentException PGQ3004 if the calling thread holds one of the locks already
     */
    public <R> R locked(String cache, List<byte[]> keys, Function<List<LockedEntry>, R> work) {
        try (LockedKeys.Held held = lockedKeys.hold(cache, keys)) {
            return changing(
                    cache,
                    keys,
                    told -> database.transactions().outside(connection -> {
                        LockedEntries entries =
                                new LockedEntries(connection, statements, notices(cache, /* near= */ told != null));
                        R result = entries.run(held.sorted(), keys, work);
                        evictions.wrote(cache, entries.writes(), entries.bytes());
                        return result;
                    }));
        }
    }

    private <R> R lockedOne(String cache, byte[] key, Function<LockedEntry, R> work) {
        return locked(cache, List.of(key), entries -> work.apply(entries.get(0)));
    }

    private EntryNotices notices(String cache, boolean near) {
        return tells(cache)
                ? new EntryNotices(cache, near, door, hearers.table())
                : new EntryNotices(cache, near, null, 0);
    }

    /** Removes what has expired, and is not kept, from one cache or, without a name, from all; returns how much. */
    public long sweep(@Nullable String cache) {
        long blocks = first(CacheSql.BLOCKS, Binder.NONE, row -> row.getLong("blocks"))
                .orElseThrow();
        long swept = 0;
        Map<String, Double> keeping = Map.copyOf(kept);
        for (long block = 0; block < blocks; block += SWEEP_BLOCKS) {
            String from = "(" + block + ",0)";
            String to = "(" + (block + SWEEP_BLOCKS) + ",0)";
            long began = System.nanoTime();
            swept += update(CacheSql.SWEEP, statement -> {
                statement.setString(1, from);
                statement.setString(2, to);
                statement.setString(3, cache);
                statement.setString(4, cache);
                bindArray(statement, 5, "text", List.copyOf(keeping.keySet()));
                bindArray(statement, 6, "float8", List.copyOf(keeping.values()));
            });
            LockSupport.parkNanos(SWEEP_RESTS * (System.nanoTime() - began));
        }
        return swept;
    }

    /**
     * An entry as it was at some time.
     *
     * @param told the hash of its key that other nodes are told
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Version(byte[] hash, long told, String version) {}

    Stored size(String cache) {
        return first(CacheSql.SIZE, statement -> statement.setString(1, cache), CacheStore::stored)
                .orElseThrow();
    }

    List<Version> nextToExpire(String cache, int limit) {
        return query(
                CacheSql.NEXT_TO_EXPIRE,
                statement -> {
                    statement.setString(1, cache);
                    statement.setInt(2, limit);
                },
                CacheStore::version);
    }

    private static Version version(ResultSet row) throws SQLException {
        return new Version(row.getBytes("hash"), KeyHash.of(row.getBytes("key")), row.getString("version"));
    }

    /** Removes entries that have not changed and that nobody is changing; how much that was. */
    Stored evict(String cache, List<Version> versions) {
        Binder binder = statement -> {
            bindArray(
                    statement, 1, "bytea", versions.stream().map(Version::hash).toList());
            bindArray(
                    statement,
                    2,
                    "text",
                    versions.stream().map(Version::version).toList());
            statement.setString(3, cache);
        };
        List<Long> hashes = versions.stream().map(Version::told).toList();
        return changing(
                        cache,
                        () -> ChangeNotice.ofHashes(cache, hashes),
                        told -> statements.change(CacheSql.EVICT, binder, CacheStore::stored, told))
                .stream()
                .findFirst()
                .orElse(Stored.NOTHING);
    }

    private void wrote(String cache, byte[] key, StoredValue value) {
        evictions.wrote(cache, 1, (long) key.length + value.bytes().length);
    }

    private static long bytes(Stream<byte[]> arrays) {
        return arrays.mapToLong(array -> array.length).sum();
    }

    private static Stored stored(ResultSet row) throws SQLException {
        return new Stored(row.getLong("entries"), row.getLong("bytes"));
    }

    private <R> List<R> query(String template, Binder binder, RowMapper<R> mapper) {
        return statements.query(template, binder, mapper);
    }

    private <R> Optional<R> first(String template, Binder binder, RowMapper<R> mapper) {
        return query(template, binder, mapper).stream().findFirst();
    }

    private int update(String template, Binder binder) {
        return statements.update(template, binder);
    }

    /** Changes entries, all of the cache if no key is named; how many. */
    private int change(String cache, List<byte[]> keys, String template, Binder binder) {
        return changing(cache, keys, told -> statements.change(template, binder, told));
    }

    private <R> List<R> change(String cache, List<byte[]> keys, String template, Binder binder, RowMapper<R> mapper) {
        return changing(cache, keys, told -> statements.change(template, binder, mapper, told));
    }

    private <R> Optional<R> changed(String cache, byte[] key, String template, Binder binder, RowMapper<R> mapper) {
        return change(cache, List.of(key), template, binder, mapper).stream().findFirst();
    }

    private <R> R changing(String cache, List<byte[]> keys, Function<@Nullable String, R> work) {
        return changing(cache, () -> keys.isEmpty() ? ChangeNotice.ofAll(cache) : ChangeNotice.of(cache, keys), work);
    }

    /**
     * Runs what changes entries, and tells it what other nodes are to be told. Copies of this node go when it returns,
     * and also if it throws, since it may have been done all the same.
     */
    private <R> R changing(String cache, Supplier<ChangeNotice> change, Function<@Nullable String, R> work) {
        if (!nearCaches.tell(cache)) {
            return work.apply(null);
        }
        ChangeNotice notice = change.get();
        try {
            return work.apply(notice.text());
        } finally {
            nearCaches.changed(notice);
        }
    }

    private static void bindKey(PreparedStatement statement, int at, String cache, byte[] key) throws SQLException {
        statement.setString(at, cache);
        statement.setBytes(at + 1, key);
    }

    private static void bindKeys(PreparedStatement statement, int at, String cache, List<byte[]> keys)
            throws SQLException {
        bindArray(statement, at, "bytea", keys);
        statement.setString(at + 1, cache);
    }

    private static void bindArray(PreparedStatement statement, int at, String type, List<?> elements)
            throws SQLException {
        Object[] array = switch (type) {
            case "bytea" -> elements.toArray(new byte[0][]);
            case "int2" -> elements.toArray(new Short[0]);
            case "float8" -> elements.toArray(new Double[0]);
            default -> elements.toArray(new String[0]);
        };
        statement.setArray(at, statement.getConnection().createArrayOf(type, array));
    }

    private static void bindChange(
            PreparedStatement statement, String cache, byte[] key, StoredValue value, @Nullable Lifetime renewal)
            throws SQLException {
        bind(statement, 1, value);
        bind(statement, 3, renewal);
        bindKey(statement, 4, cache, key);
    }

    static void bind(PreparedStatement statement, int at, StoredValue value) throws SQLException {
        statement.setBytes(at, value.bytes());
        statement.setShort(at + 1, value.codec());
    }

    static void bind(PreparedStatement statement, int at, @Nullable Lifetime lifetime) throws SQLException {
        if (lifetime == null) {
            statement.setNull(at, Types.DOUBLE);
        } else {
            statement.setDouble(at, lifetime.seconds());
        }
    }

    /** A row that may have expired. */
    record Found(boolean live, StoredValue value) {

        Optional<StoredValue> liveValue() {
            return live ? Optional.of(value) : Optional.empty();
        }
    }

    static Found found(ResultSet row) throws SQLException {
        return new Found(row.getBoolean("live"), value(row));
    }

    private static StoredEntry entry(ResultSet row) throws SQLException {
        return StoredEntry.of(
                value(row),
                row.getObject("expires_at", OffsetDateTime.class),
                row.getObject("now", OffsetDateTime.class));
    }

    private static StoredValue value(ResultSet row) throws SQLException {
        byte[] bytes = row.getBytes("value");
        return new StoredValue(bytes == null ? new byte[0] : bytes, row.getShort("codec"));
    }
}
