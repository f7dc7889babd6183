package io.github.pgqueue.jcache.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * Who hears, on this node, of changes of one cache. Synchronous listeners are told on the caller's thread, after the
 * change; the others by one thread of the cache, in the order in which they were published. Thread-safe.
 *
 * @param <K> the keys
 * @param <V> the values
 */
final class Listeners<K, V> implements AutoCloseable {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.jcache");

    private final List<Listener<K, V>> listeners = new CopyOnWriteArrayList<>();
    private final ThreadPoolExecutor asynchronous;

    Listeners(ThreadFactory threads) {
        this.asynchronous = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        asynchronous.allowCoreThreadTimeOut(true);
    }

    void add(CacheEntryListenerConfiguration<K, V> configuration) {
        listeners.add(new Listener<>(configuration));
    }

    void remove(CacheEntryListenerConfiguration<K, V> configuration) {
        List<Listener<K, V>> gone = listeners.stream()
                .filter(listener -> listener.isOf(configuration))
                .toList();
        listeners.removeAll(gone);
        gone.forEach(Listener::close);
    }

    boolean isEmpty() {
        return listeners.isEmpty();
    }

    boolean want(EventType type) {
        return !listeners.isEmpty() && listeners.stream().anyMatch(listener -> listener.wants(type));
    }

    /**
     * Tells all who want to hear it.
     *
     * @throws javax.cache.event.CacheEntryListenerException if a synchronous one fails; the others are told all the same
     */
    void publish(Cache<K, V> source, EventType type, K key, @Nullable V value, @Nullable V oldValue) {
        EntryEvent<K, V> full = new EntryEvent<>(source, type, key, value, oldValue);
        RuntimeException failure = null;
        for (Listener<K, V> listener : listeners) {
            if (!listener.wants(type)) {
                continue;
            }
            EntryEvent<K, V> event = listener.wantsOldValue() ? full : full.withoutOldValue(source);
            try {
                if (listener.isSynchronous()) {
                    listener.tell(event);
                } else {
                    later(() -> tellOrLog(listener, event));
                }
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Tells all who want to hear it, synchronous ones too, on the calling thread; what they throw goes to the log. */
    void tell(Cache<K, V> source, EventType type, K key, @Nullable V value, @Nullable V oldValue) {
        EntryEvent<K, V> full = new EntryEvent<>(source, type, key, value, oldValue);
        for (Listener<K, V> listener : listeners) {
            if (listener.wants(type)) {
                tellOrLog(listener, listener.wantsOldValue() ? full : full.withoutOldValue(source));
            }
        }
    }

    /** Does something on the thread of the asynchronous listeners, after what was published before; not once closed. */
    void later(Runnable work) {
        try {
            asynchronous.execute(work);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "a cache is closed: its listeners are not told");
        }
    }

    private void tellOrLog(Listener<K, V> listener, EntryEvent<K, V> event) {
        try {
            listener.tell(event);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "a listener failed with {0}", String.valueOf(e.getCause()));
        }
    }

    @Override
    public void close() {
        asynchronous.shutdown();
        listeners.forEach(Listener::close);
        listeners.clear();
    }
}
