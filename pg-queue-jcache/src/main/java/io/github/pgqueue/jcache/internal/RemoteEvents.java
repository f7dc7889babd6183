package io.github.pgqueue.jcache.internal;

import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.internal.cache.CacheStore;
import io.github.pgqueue.internal.cache.EntryChange;
import io.github.pgqueue.internal.cache.EntryState;
import io.github.pgqueue.internal.cache.EntryState.Kind;
import io.github.pgqueue.internal.cache.StoredEntry;
import io.github.pgqueue.internal.cache.StoredValue;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import javax.cache.Cache;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * Has the listeners of a cache hear what is done to its entries by others: other nodes, other managers, {@code PgCache}.
 * They are told on the thread of the asynchronous listeners, where the application's classes may be read. Thread-safe.
 *
 * @param <K> the keys
 * @param <V> the values
 */
final class RemoteEvents<K, V> implements AutoCloseable {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.jcache");

    private final Cache<K, V> source;
    private final Entries<K, V> entries;
    private final Listeners<K, V> listeners;
    private CacheStore.@Nullable Hearing hearing;
    private boolean closed;

    RemoteEvents(Cache<K, V> source, Entries<K, V> entries, Listeners<K, V> listeners) {
        this.source = source;
        this.entries = entries;
        this.listeners = listeners;
    }

    /** Hears from now on, if there is anybody to be told. */
    synchronized void hear() {
        if (hearing == null && !closed && !listeners.isEmpty()) {
            hearing = entries.store().hear(this::heard);
        }
    }

    private void heard(EntryChange change) {
        if (!listeners.isEmpty()) {
            listeners.later(() -> tellOrLog(change));
        }
    }

    private void tellOrLog(EntryChange change) {
        try {
            tell(change);
        } catch (PgQueueException e) {
            LOG.log(Level.WARNING, "an event of cache {0} is lost: {1}", entries.cache(), e.getMessage());
        }
    }

    private void tell(EntryChange change) {
        K key = entries.key(change.key()).orElse(null);
        if (key == null) {
            return;
        }
        EntryState before = change.before();
        if (before.kind() == Kind.EXPIRED) {
            tell(EventType.EXPIRED, key, before.value(), before.value());
        }
        if (change.after().kind() == Kind.LIVE) {
            tellWritten(key, change);
        } else if (before.kind() == Kind.LIVE) {
            tell(EventType.REMOVED, key, before.value(), before.value());
        }
    }

    private void tellWritten(K key, EntryChange change) {
        boolean updated = change.before().kind() == Kind.LIVE;
        EventType type = updated ? EventType.UPDATED : EventType.CREATED;
        if (listeners.want(type)) {
            StoredValue value = change.after().value() == null
                    ? stored(change.key())
                    : change.after().value();
            if (entries.value(value) != null) {
                tell(type, key, value, updated ? change.before().value() : null);
            }
        }
    }

    /** What the entry has by now, if it is still there. */
    private @Nullable StoredValue stored(byte[] key) {
        return entries.store()
                .getStored(entries.cache(), key)
                .map(StoredEntry::value)
                .orElse(null);
    }

    private void tell(EventType type, K key, @Nullable StoredValue value, @Nullable StoredValue old) {
        if (listeners.want(type)) {
            listeners.tell(source, type, key, entries.value(value), entries.value(old));
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (hearing != null) {
            hearing.close();
        }
    }
}
