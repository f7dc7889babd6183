package io.github.pgqueue.it.jcache;

import io.github.pgqueue.jcache.PostgresCacheStatisticsMXBean;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import javax.cache.Cache;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;

/**
 * A cache of which everything is noted that an operation does beside its result, a letter each: statistics h(it), m(iss),
 * p(ut), r(emoval); calls of the expiry policy c(reation), u(pdate), a(ccess); events C, U, R, E; the writer w(rite),
 * d(elete); the loader L.
 */
final class Traced {

    /** How much of it can be seen, which decides how the provider does it. */
    enum View {
        /** A policy and a writer of the application: decided while the row is locked. */
        EVERYTHING("hmprcuaCUREwdL"),
        /** Listeners only: single statements that return what was there. */
        EVENTS("hmprCURL"),
        /** Nobody looks: the leanest statements. */
        STATISTICS("hmprL");

        private final String letters;

        View(String letters) {
            this.letters = letters;
        }

        /** What of an expectation can be seen here, in one order. */
        String seen(String expectation) {
            return expectation
                    .chars()
                    .filter(letter -> letters.indexOf(letter) >= 0)
                    .sorted()
                    .mapToObj(letter -> String.valueOf((char) letter))
                    .collect(Collectors.joining());
        }
    }

    private final Queue<String> trace = new ConcurrentLinkedQueue<>();
    private final View view;
    private final Cache<String, String> cache;

    Traced(JCacheNode node, String name, View view, boolean readThrough) {
        this.view = view;
        MutableConfiguration<String, String> configuration = new MutableConfiguration<String, String>()
                .setTypes(String.class, String.class)
                .setStatisticsEnabled(true)
                .setReadThrough(readThrough)
                .setCacheLoaderFactory(() -> new Loader());
        if (view != View.STATISTICS) {
            configuration.addCacheEntryListenerConfiguration(new MutableCacheEntryListenerConfiguration<>(
                    Listener::new, null, /* isOldValueRequired= */ true, /* isSynchronous= */ true));
        }
        if (view == View.EVERYTHING) {
            configuration.setWriteThrough(true);
            configuration.setCacheWriterFactory(() -> new Writer());
            configuration.setExpiryPolicyFactory(() -> new Policy());
            configuration.addCacheEntryListenerConfiguration(new MutableCacheEntryListenerConfiguration<>(
                    ExpiryListener::new, null, /* isOldValueRequired= */ true, /* isSynchronous= */ true));
        }
        this.cache = node.cache(name, configuration);
    }

    Cache<String, String> cache() {
        return cache;
    }

    /** Forgets what has been noted. */
    void forget() {
        trace.clear();
        cache.unwrap(PostgresCacheStatisticsMXBean.class).clear();
    }

    /** What has been noted, in one order. */
    String trace() {
        PostgresCacheStatisticsMXBean statistics = cache.unwrap(PostgresCacheStatisticsMXBean.class);
        String counted = "h".repeat((int) statistics.getCacheHits())
                + "m".repeat((int) statistics.getCacheMisses())
                + "p".repeat((int) statistics.getCachePuts())
                + "r".repeat((int) statistics.getCacheRemovals());
        return view.seen(counted + String.join("", trace));
    }

    private final class Policy implements ExpiryPolicy {

        @Override
        public Duration getExpiryForCreation() {
            trace.add("c");
            return Duration.ETERNAL;
        }

        @Override
        public Duration getExpiryForAccess() {
            trace.add("a");
            return Duration.ONE_DAY;
        }

        @Override
        public Duration getExpiryForUpdate() {
            trace.add("u");
            return Duration.ONE_DAY;
        }
    }

    private final class Writer implements CacheWriter<String, String> {

        @Override
        public void write(Cache.Entry<? extends String, ? extends String> entry) {
            trace.add("w");
        }

        @Override
        public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> entries) {
            entries.forEach(entry -> trace.add("w"));
            entries.clear();
        }

        @Override
        public void delete(Object key) {
            trace.add("d");
        }

        @Override
        public void deleteAll(Collection<?> keys) {
            keys.forEach(key -> trace.add("d"));
            keys.clear();
        }
    }

    private final class Loader implements CacheLoader<String, String> {

        @Override
        public String load(String key) {
            trace.add("L");
            return "loaded";
        }

        @Override
        public Map<String, String> loadAll(Iterable<? extends String> keys) {
            trace.add("L");
            Map<String, String> loaded = new HashMap<>();
            StreamSupport.stream(keys.spliterator(), false).forEach(key -> loaded.put(key, "loaded"));
            return loaded;
        }
    }

    private final class Listener
            implements CacheEntryCreatedListener<String, String>,
                    CacheEntryUpdatedListener<String, String>,
                    CacheEntryRemovedListener<String, String> {

        @Override
        public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
            note(events);
        }

        @Override
        public void onUpdated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
            note(events);
        }

        @Override
        public void onRemoved(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
            note(events);
        }
    }

    private final class ExpiryListener implements CacheEntryExpiredListener<String, String> {

        @Override
        public void onExpired(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
            note(events);
        }
    }

    private void note(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
        events.forEach(
                event -> trace.add(event.getEventType().name().substring(0, 1).toUpperCase(Locale.ROOT)));
    }
}
