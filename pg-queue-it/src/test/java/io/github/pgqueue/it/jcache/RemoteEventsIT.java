package io.github.pgqueue.it.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.ListenConfig;
import io.github.pgqueue.PgQueueConfig;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.it.support.Gate;
import io.github.pgqueue.it.support.HookedDataSource;
import io.github.pgqueue.it.support.Logged;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TcpProxy;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.jcache.PostgresCachingProvider;
import io.github.pgqueue.jcache.PostgresConfiguration;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.expiry.TouchedExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.management.CacheStatisticsMXBean;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What listeners hear of changes that others make to their cache. */
@PgQueueTest
class RemoteEventsIT {

    private static final String BIG = "b".repeat(20_000);
    private static final String LAST = "last";

    private final TestDatabase database;
    private final Node here;
    private final Node there;

    RemoteEventsIT(TestDatabase database) {
        this.database = database;
        this.here = Node.on(database, database.dataSource(), config -> config);
        this.there = Node.on(database, database.dataSource(), config -> config);
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    /** A cache manager over a PgQueueManager: what is done to caches whose name begins with "told" is told to others. */
    private record Node(TestNode node, PostgresCachingProvider provider, CacheManager caches) implements AutoCloseable {

        static Node on(TestDatabase database, DataSource dataSource, UnaryOperator<PgQueueConfig> config) {
            TestNode node = TestNode.on(
                    database,
                    dataSource,
                    quick -> config.apply(quick.withCache("told*", cache -> cache.withRemoteEvents(true))));
            PostgresCachingProvider provider = new PostgresCachingProvider();
            return new Node(node, provider, provider.getCacheManager(null, null, new Properties(), node.manager()));
        }

        Cache<String, String> cache(String name) {
            return caches.createCache(name, texts());
        }

        /** Waits until what is committed from now on is heard. */
        void awaitListening() {
            node.probe().await("listening");
        }

        @Override
        public void close() {
            provider.close();
            node.close();
        }
    }

    private static MutableConfiguration<String, String> texts() {
        return new MutableConfiguration<String, String>().setTypes(String.class, String.class);
    }

    /** Writes down what it hears, as {@code UPDATED key old->new}. */
    private static final class Heard
            implements CacheEntryCreatedListener<String, Object>,
                    CacheEntryUpdatedListener<String, Object>,
                    CacheEntryRemovedListener<String, Object>,
                    CacheEntryExpiredListener<String, Object> {

        private final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public void onCreated(Iterable<CacheEntryEvent<? extends String, ?>> created) {
            add(created);
        }

        @Override
        public void onUpdated(Iterable<CacheEntryEvent<? extends String, ?>> updated) {
            add(updated);
        }

        @Override
        public void onRemoved(Iterable<CacheEntryEvent<? extends String, ?>> removed) {
            add(removed);
        }

        @Override
        public void onExpired(Iterable<CacheEntryEvent<? extends String, ?>> expired) {
            add(expired);
        }

        private void add(Iterable<CacheEntryEvent<? extends String, ?>> heard) {
            StreamSupport.stream(heard.spliterator(), false)
                    .map(event -> event.getEventType() + " " + event.getKey() + " "
                            + (event.isOldValueAvailable() ? brief(event.getOldValue()) : "?") + "->"
                            + brief(event.getValue()))
                    .forEach(events::add);
        }

        private static String brief(Object value) {
            return BIG.equals(value) ? "big" : String.valueOf(value);
        }

        /** Everything until the entry that a test changes last. */
        List<String> untilLast() {
            await(LAST);
            return events.stream().filter(event -> !event.contains(LAST)).toList();
        }

        void await(String key) {
            Awaitility.await("an event of " + key)
                    .atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> events.stream().anyMatch(event -> event.contains(" " + key + " ")));
        }

        <V> MutableCacheEntryListenerConfiguration<String, V> listener(boolean synchronous) {
            return filtered(null, synchronous);
        }

        <V> MutableCacheEntryListenerConfiguration<String, V> filtered(
                @Nullable CacheEntryEventFilter<String, Object> filter, boolean synchronous) {
            return new MutableCacheEntryListenerConfiguration<>(
                    () -> this, filter == null ? null : () -> filter, /* isOldValueRequired= */ true, synchronous);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyKindOfChange_isHeardOnceAndInOrder_onBothNodes(boolean synchronous) {
        String name = "told kinds " + synchronous;
        Heard own = new Heard();
        Heard other = new Heard();
        Cache<String, String> cache = here.cache(name);
        cache.registerCacheEntryListener(own.listener(synchronous));
        there.caches()
                .createCache(name, texts().setStatisticsEnabled(true))
                .registerCacheEntryListener(other.listener(synchronous));
        here.awaitListening();
        there.awaitListening();

        cache.put("k", "1");
        cache.put("k", "2");
        cache.getAndReplace("k", "3");
        cache.replace("k", "3", "4");
        cache.putIfAbsent("k", "no");
        cache.invoke("k", (entry, arguments) -> {
            entry.setValue("5");
            return null;
        });
        cache.remove("k", "no");
        cache.remove("k");
        cache.remove("k");
        cache.putAll(Map.of("a", "1"));
        cache.putIfAbsent("b", "1");
        cache.removeAll(Set.of("a"));
        cache.removeAll();
        expire(name, cache, "found");
        assertThat(cache.get("found")).isNull();
        expire(name, cache, "overwritten");
        cache.put("overwritten", "2");
        cache.put("cleared", "1");
        cache.clear();
        cache.put(LAST, "1");

        List<String> expected = List.of(
                "CREATED k ?->1",
                "UPDATED k 1->2",
                "UPDATED k 2->3",
                "UPDATED k 3->4",
                "UPDATED k 4->5",
                "REMOVED k 5->5",
                "CREATED a ?->1",
                "CREATED b ?->1",
                "REMOVED a 1->1",
                "REMOVED b 1->1",
                "CREATED found ?->1",
                "EXPIRED found 1->1",
                "CREATED overwritten ?->1",
                "EXPIRED overwritten 1->1",
                "CREATED overwritten ?->2",
                "CREATED cleared ?->1");
        assertThat(own.untilLast()).isEqualTo(expected);
        assertThat(other.untilLast()).isEqualTo(expected);
        CacheStatisticsMXBean statistics = there.caches().getCache(name).unwrap(CacheStatisticsMXBean.class);
        assertThat(statistics.getCacheGets() + statistics.getCachePuts() + statistics.getCacheRemovals())
                .isZero();
    }

    private void expire(String name, Cache<String, String> cache, String key) {
        cache.put(key, "1");
        database.execute("UPDATE pg_queue_cache SET expires_at = clock_timestamp() WHERE cache = '" + name
                + "' AND key = '" + key + "'");
    }

    private record Loader() implements CacheLoader<String, String> {

        @Override
        public String load(String key) {
            return "loaded";
        }

        @Override
        public Map<String, String> loadAll(Iterable<? extends String> keys) {
            return StreamSupport.stream(keys.spliterator(), false)
                    .collect(Collectors.toMap(key -> (String) key, this::load));
        }
    }

    /** Without listeners of its own, nobody there would need to know what becomes of an entry. */
    @Test
    void nodeWithoutListeners_tellsOfLoadsAndOfManyKeysAtOnceToo() throws Exception {
        Heard heard = new Heard();
        there.cache("told elsewhere").registerCacheEntryListener(heard.listener(/* synchronous= */ false));
        there.awaitListening();
        Cache<String, String> cache = here.caches()
                .createCache("told elsewhere", texts().setReadThrough(true).setCacheLoaderFactory(Loader::new));

        assertThat(cache.get("a")).isEqualTo("loaded");
        assertThat(cache.getAll(Set.of("b"))).hasSize(1);
        CompletionListenerFuture reloaded = new CompletionListenerFuture();
        cache.loadAll(Set.of("a"), /* replaceExistingValues= */ true, reloaded);
        reloaded.get(30, TimeUnit.SECONDS);
        cache.putAll(Map.of("b", "put"));
        cache.removeAll(Set.of("a"));
        Iterator<Cache.Entry<String, String>> entries = cache.iterator();
        entries.next();
        entries.remove();
        cache.putAll(Map.of("c", "put"));
        cache.removeAll();
        cache.put(LAST, "1");

        assertThat(heard.untilLast())
                .containsExactly(
                        "CREATED a ?->loaded",
                        "CREATED b ?->loaded",
                        "UPDATED a loaded->loaded",
                        "UPDATED b loaded->put",
                        "REMOVED a loaded->loaded",
                        "REMOVED b put->put",
                        "CREATED c ?->put",
                        "REMOVED c put->put");
    }

    @Test
    void ownChanges_areHeardAtOnceAndNotAgain() {
        Heard own = new Heard();
        Cache<String, String> cache = here.cache("told own");
        cache.registerCacheEntryListener(own.listener(/* synchronous= */ true));
        here.awaitListening();
        Cache<String, String> other = there.cache("told own");

        cache.put("k", "1");

        assertThat(own.events).containsExactly("CREATED k ?->1");
        other.put(LAST, "1");
        assertThat(own.untilLast()).containsExactly("CREATED k ?->1");
    }

    @Test
    void filter_isAskedOnTheNodeThatHears() {
        Heard heard = new Heard();
        there.cache("told filtered")
                .registerCacheEntryListener(heard.filtered(
                        event -> event.getKey().equals(LAST) || "2".equals(event.getValue()),
                        /* synchronous= */ false));
        there.awaitListening();
        Cache<String, String> cache = here.cache("told filtered");

        cache.put("k", "1");
        cache.put("k", "2");
        cache.put("k", "3");
        cache.put(LAST, "1");

        assertThat(heard.untilLast()).containsExactly("UPDATED k 1->2");
    }

    @Test
    void valuesThatDoNotFit_areReadOrMissing() {
        Heard heard = new Heard();
        there.cache("told big").registerCacheEntryListener(heard.listener(/* synchronous= */ false));
        there.awaitListening();
        Cache<String, String> cache = here.cache("told big");
        String half = "h".repeat(3_500);

        cache.put("k", BIG);
        heard.await("k");
        cache.put("k", "small");
        cache.put("k", half);
        cache.put("k", half);
        cache.put("k", BIG);
        cache.put(LAST, "1");
        List<String> before = heard.untilLast();
        cache.remove("k");
        cache.remove(LAST);

        assertThat(before)
                .containsExactly(
                        "CREATED k ?->big",
                        "UPDATED k ?->small",
                        "UPDATED k small->" + half,
                        "UPDATED k ?->" + half,
                        "UPDATED k " + half + "->big");
        Awaitility.await().untilAsserted(() -> assertThat(heard.events).contains("REMOVED last 1->1"));
        assertThat(heard.events).contains("REMOVED k ?->null");
    }

    @Test
    void valueThatDoesNotFit_andHasGone_isNotTold() {
        Gate gate = new Gate();
        Heard heard = new Heard();
        there.cache("told gone")
                .registerCacheEntryListener(heard.filtered(
                        event -> {
                            if (event.getKey().equals("gate")) {
                                gate.passStubbornly();
                            }
                            return true;
                        },
                        /* synchronous= */ false));
        there.awaitListening();
        Cache<String, String> cache = here.cache("told gone");
        cache.put("gate", "1");
        gate.awaitReached();

        cache.put("newer", BIG);
        cache.put("newer", "2");
        cache.put("k", BIG);
        cache.remove("k");
        cache.put(LAST, "1");
        gate.open();

        assertThat(heard.untilLast())
                .containsExactly("CREATED gate ?->1", "CREATED newer ?->2", "UPDATED newer ?->2", "REMOVED k ?->null");
    }

    @Test
    void keyThatDoesNotFit_isNotTold() {
        Heard heard = new Heard();
        there.cache("told long keys").registerCacheEntryListener(heard.listener(/* synchronous= */ false));
        there.awaitListening();
        Cache<String, String> cache = here.cache("told long keys");
        String longest = "k".repeat(4_000);

        cache.put(longest, "1");
        cache.put(longest + "k", "1");
        cache.put(LAST, "1");

        assertThat(heard.untilLast()).containsExactly("CREATED " + longest + " ?->1");
        assertThat(cache.get(longest + "k")).isEqualTo("1");
    }

    @Test
    void listener_deregistered_hearsNothingMore() {
        Heard gone = new Heard();
        Heard stays = new Heard();
        Cache<String, String> listened = there.cache("told deregistered");
        MutableCacheEntryListenerConfiguration<String, String> listener = gone.listener(/* synchronous= */ false);
        listened.registerCacheEntryListener(listener);
        listened.registerCacheEntryListener(stays.listener(/* synchronous= */ false));
        there.awaitListening();
        Cache<String, String> cache = here.cache("told deregistered");
        cache.put("k", "1");
        gone.await("k");

        listened.deregisterCacheEntryListener(listener);
        cache.put("k", "2");
        cache.put(LAST, "1");

        assertThat(stays.untilLast()).containsExactly("CREATED k ?->1", "UPDATED k 1->2");
        assertThat(gone.events).containsExactly("CREATED k ?->1");
    }

    @Test
    void cache_closed_hearsNothingMore_andHearsAgainWhenReopened() {
        Heard closed = new Heard();
        Heard reopened = new Heard();
        Cache<String, String> listened = there.cache("told closed");
        listened.registerCacheEntryListener(closed.listener(/* synchronous= */ false));
        there.awaitListening();
        Cache<String, String> cache = here.cache("told closed");
        cache.put("k", "1");
        closed.await("k");

        listened.close();
        there.cache("told closed").registerCacheEntryListener(reopened.listener(/* synchronous= */ false));
        cache.put("k", "2");
        cache.put(LAST, "1");

        assertThat(reopened.untilLast()).containsExactly("UPDATED k 1->2");
        assertThat(closed.events).containsExactly("CREATED k ?->1");
    }

    @Test
    void withoutTheSetting_nothingIsToldOrHeard() throws InterruptedException {
        Heard heard = new Heard();
        there.cache("silent").registerCacheEntryListener(heard.listener(/* synchronous= */ false));
        there.cache("told loud").registerCacheEntryListener(heard.listener(/* synchronous= */ false));
        there.awaitListening();
        Cache<String, String> silent = here.cache("silent");
        try (PgListener listener = there.node().manager().createListener()) {
            listener.listen("pg_queue_cache");

            silent.put("k", "1");
            silent.put("k", "2");
            silent.remove("k");
            here.cache("told loud").put(LAST, "1");

            assertThat(listener.receive(Duration.ofSeconds(20)).orElseThrow().payload())
                    .startsWith("event ");
            assertThat(heard.untilLast()).isEmpty();
        }
    }

    @Test
    void creator_canAskForIt_andADurableCacheOfTheSameNameIsAnotherOne() {
        Heard heard = new Heard();
        Heard durable = new Heard();
        UnaryOperator<PgQueueConfig> lasting =
                config -> config.withCache("by creator", cache -> cache.withDurable(true));
        there.caches()
                .createCache("by creator", ofCreator())
                .registerCacheEntryListener(heard.listener(/* synchronous= */ false));
        try (Node another = Node.on(database, database.dataSource(), lasting)) {
            another.caches()
                    .createCache("by creator", ofCreator())
                    .registerCacheEntryListener(durable.listener(/* synchronous= */ false));
            another.cache("told at last").registerCacheEntryListener(durable.listener(/* synchronous= */ false));
            there.awaitListening();
            another.awaitListening();
            Cache<String, String> cache = here.caches().createCache("by creator", ofCreator());

            cache.put("k", "1");
            cache.put(LAST, "1");
            here.cache("told at last").put(LAST, "1");

            assertThat(heard.untilLast()).containsExactly("CREATED k ?->1");
            assertThat(durable.untilLast()).isEmpty();
        }
    }

    private static PostgresConfiguration<String, String> ofCreator() {
        PostgresConfiguration<String, String> configuration = new PostgresConfiguration<>();
        configuration.setRemoteEvents(true).setTypes(String.class, String.class);
        return configuration;
    }

    /** A value that both doors read. */
    record Note(String text) {}

    @Test
    void changesByPgCache_areHeardOnItsOwnNodeToo() {
        MutableConfiguration<String, Note> notes =
                new MutableConfiguration<String, Note>().setTypes(String.class, Note.class);
        Heard near = new Heard();
        Heard far = new Heard();
        here.caches()
                .createCache("told notes", notes)
                .registerCacheEntryListener(near.listener(/* synchronous= */ false));
        there.caches()
                .createCache("told notes", notes)
                .registerCacheEntryListener(far.listener(/* synchronous= */ false));
        here.awaitListening();
        there.awaitListening();
        PgCache cache = here.node().manager().cache("told notes");

        cache.set("k", new Note("1"), Duration.ofHours(1));
        cache.set("k", new Note("2"), Instant.now().plusSeconds(3600));
        assertThat(cache.delete("k")).isTrue();
        assertThat(cache.delete("k")).isFalse();
        cache.set("until", new Note("3"), Instant.now().plusSeconds(3600));
        cache.getOrSet(LAST, Note.class, () -> new Note("4"));

        List<String> expected = List.of(
                "CREATED k ?->Note[text=1]",
                "UPDATED k Note[text=1]->Note[text=2]",
                "REMOVED k Note[text=2]->Note[text=2]",
                "CREATED until ?->Note[text=3]");
        assertThat(near.untilLast()).isEqualTo(expected);
        assertThat(far.untilLast()).isEqualTo(expected);
        assertThat(cache.get("until", Note.class)).hasValue(new Note("3"));
    }

    @Test
    void nearCache_hearsOfTheSameChanges() {
        UnaryOperator<PgQueueConfig> near = config ->
                config.withCache("told both", cache -> cache.withNear(true).withNearMaxStaleness(Duration.ofHours(1)));
        Heard heard = new Heard();
        try (Node one = Node.on(database, database.dataSource(), near);
                Node other = Node.on(database, database.dataSource(), near)) {
            Cache<String, String> cache = one.cache("told both");
            Cache<String, String> copied = other.cache("told both");
            copied.registerCacheEntryListener(heard.listener(/* synchronous= */ false));
            other.awaitListening();
            cache.put("k", "1");
            heard.await("k");
            assertThat(copied.get("k")).isEqualTo("1");

            cache.put("k", "2");

            NearNode.await(copied, "k", "2");
            cache.put(LAST, "1");
            assertThat(heard.untilLast()).containsExactly("CREATED k ?->1", "UPDATED k 1->2");
        }
    }

    @Test
    void newLifetime_isNoUpdate() {
        Heard heard = new Heard();
        there.cache("told touched").registerCacheEntryListener(heard.listener(/* synchronous= */ false));
        there.awaitListening();
        Cache<String, String> cache = here.caches()
                .createCache(
                        "told touched",
                        texts().setExpiryPolicyFactory(
                                        TouchedExpiryPolicy.factoryOf(javax.cache.expiry.Duration.ONE_HOUR)));
        cache.put("k", "1");

        assertThat(cache.get("k")).isEqualTo("1");
        assertThat(cache.replace("k", "no", "2")).isFalse();
        assertThat(cache.<String>invoke("k", (entry, arguments) -> entry.getValue()))
                .isEqualTo("1");
        cache.put(LAST, "1");

        assertThat(heard.untilLast()).containsExactly("CREATED k ?->1");
    }

    @Test
    void listenerRegistered_beforeThereIsADatabase_hearsWhenThereIs() {
        HookedDataSource source = new HookedDataSource(database.dataSource());
        source.refuse();
        Heard heard = new Heard();
        try (Node early = Node.on(database, source, config -> config)) {
            early.cache("told early").registerCacheEntryListener(heard.listener(/* synchronous= */ false));

            source.allow();
            early.awaitListening();
            here.cache("told early").put(LAST, "1");

            assertThat(heard.untilLast()).isEmpty();
        }
    }

    @Test
    void whatHappensWhileNoConnectionListens_isLost() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            PGSimpleDataSource through = proxy.dataSource(database);
            ListenConfig listen = new ListenConfig(true, through.getURL(), through.getUser(), through.getPassword());
            Heard heard = new Heard();
            try (Node cut = Node.on(database, database.dataSource(), config -> config.withListen(listen))) {
                cut.cache("told cut").registerCacheEntryListener(heard.listener(/* synchronous= */ false));
                cut.awaitListening();
                Cache<String, String> cache = here.cache("told cut");
                cache.put("k", "heard");
                heard.await("k");

                proxy.cut();
                cut.node().probe().await("listeningLost");
                cache.put("k", "lost");
                proxy.mend();
                cut.node().probe().await("listening ", 2);
                cache.put("k", "heard again");
                cache.put(LAST, "1");

                assertThat(heard.untilLast()).containsExactly("CREATED k ?->heard", "UPDATED k lost->heard again");
            }
        }
    }

    @Test
    void nodeThatDoesNotListen_saysSoOnce() {
        try (Logged log = Logged.by("io.github.pgqueue.cache");
                Node deaf = Node.on(
                        database, database.dataSource(), config -> config.withListen(ListenConfig.disabled()))) {
            deaf.cache("told unlistened");
            assertThat(log.warnings("remote-events")).isEmpty();

            deaf.cache("told one").registerCacheEntryListener(new Heard().listener(/* synchronous= */ false));
            deaf.cache("told two").registerCacheEntryListener(new Heard().listener(/* synchronous= */ false));

            assertThat(log.warnings("remote-events"))
                    .singleElement()
                    .asString()
                    .contains("pg-queue.listen.enabled=true");
        }
    }
}
