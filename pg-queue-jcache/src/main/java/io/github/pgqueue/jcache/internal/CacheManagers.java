package io.github.pgqueue.jcache.internal;

import io.github.pgqueue.PgQueueManager;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import javax.cache.CacheManager;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;

/**
 * The open managers of a provider: one for each URI and class loader. Keeps the class loader until its managers are
 * closed. Thread-safe.
 */
public final class CacheManagers {

    private record Scope(URI uri, ClassLoader loader) {}

    private final CachingProvider provider;
    private final Map<Scope, PostgresCacheManager> open = new HashMap<>();

    public CacheManagers(CachingProvider provider) {
        this.provider = provider;
    }

    /** The open manager, or a new one; the properties count for a new one only. */
    public synchronized CacheManager manager(URI uri, ClassLoader loader, @Nullable Properties given) {
        PostgresCacheManager known = open.get(new Scope(uri, loader));
        if (known != null) {
            return known;
        }
        return add(uri, loader, given, Backend.of(ManagerSettings.of(uri, given)));
    }

    /** The open manager, or a new one over a PgQueueManager that the caller closes. */
    public synchronized CacheManager manager(
            URI uri, ClassLoader loader, @Nullable Properties given, PgQueueManager below) {
        PostgresCacheManager known = open.get(new Scope(uri, loader));
        return known != null ? known : add(uri, loader, given, Backend.over(below, ManagerSettings.of(uri, given)));
    }

    private CacheManager add(URI uri, ClassLoader loader, @Nullable Properties given, Backend backend) {
        Scope scope = new Scope(uri, loader);
        PostgresCacheManager made = new PostgresCacheManager(
                provider, uri, loader, given == null ? new Properties() : given, backend, () -> forget(scope));
        open.put(scope, made);
        return made;
    }

    private synchronized void forget(Scope scope) {
        open.remove(scope);
    }

    public void closeAll() {
        close(scope -> true);
    }

    public void close(ClassLoader loader) {
        close(scope -> scope.loader().equals(loader));
    }

    public void close(URI uri, ClassLoader loader) {
        close(new Scope(uri, loader)::equals);
    }

    private void close(Predicate<Scope> which) {
        List<PostgresCacheManager> closing;
        synchronized (this) {
            closing = open.entrySet().stream()
                    .filter(entry -> which.test(entry.getKey()))
                    .map(Map.Entry::getValue)
                    .toList();
        }
        closing.forEach(CacheManager::close);
    }
}
