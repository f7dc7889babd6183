package io.github.pgqueue.it.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What policies say is what the row says, by the clock of the database. */
@PgQueueTest
class ExpiryIT {

    private static final Duration HOUR = new Duration(TimeUnit.HOURS, 1);
    private static final String IN_AN_HOUR = "3600";
    private static final String LONG_AGO = "60";

    private static JCacheNode node;

    @BeforeAll
    static void open(TestDatabase database) {
        node = JCacheNode.on(database);
    }

    @AfterAll
    static void close() {
        node.close();
    }

    /** The same as a policy of the API, and not one of its classes. */
    private record Own(ExpiryPolicy like) implements ExpiryPolicy {

        @Override
        public Duration getExpiryForCreation() {
            return like.getExpiryForCreation();
        }

        @Override
        public @Nullable Duration getExpiryForAccess() {
            return like.getExpiryForAccess();
        }

        @Override
        public @Nullable Duration getExpiryForUpdate() {
            return like.getExpiryForUpdate();
        }
    }

    /** Each policy in a statement, and as one of the application: what is left after a put, an update and an access. */
    static List<Arguments> policies() {
        return List.of(
                Arguments.of("eternal", EternalExpiryPolicy.factoryOf(), "infinity", LONG_AGO, LONG_AGO),
                Arguments.of("created", CreatedExpiryPolicy.factoryOf(HOUR), IN_AN_HOUR, LONG_AGO, LONG_AGO),
                Arguments.of("modified", ModifiedExpiryPolicy.factoryOf(HOUR), IN_AN_HOUR, IN_AN_HOUR, LONG_AGO),
                Arguments.of("accessed", AccessedExpiryPolicy.factoryOf(HOUR), IN_AN_HOUR, LONG_AGO, IN_AN_HOUR),
                Arguments.of("touched", TouchedExpiryPolicy.factoryOf(HOUR), IN_AN_HOUR, IN_AN_HOUR, IN_AN_HOUR));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void policyOfTheApi_isWhatTheRowSays(
            String name,
            Factory<ExpiryPolicy> policy,
            String created,
            String updated,
            String accessed,
            TestDatabase database) {
        assertLifetimes(cache("api " + name, policy), created, updated, accessed, database);
    }

    @ParameterizedTest
    @MethodSource("policies")
    void policyOfTheApplication_isWhatTheRowSays(
            String name,
            Factory<ExpiryPolicy> policy,
            String created,
            String updated,
            String accessed,
            TestDatabase database) {
        Cache<String, String> cache = cache("own " + name, () -> new Own(policy.create()));

        assertLifetimes(cache, created, updated, accessed, database);
    }

    private static void assertLifetimes(
            Cache<String, String> cache, String created, String updated, String accessed, TestDatabase database) {
        cache.put("k", "v");
        assertThat(left(cache, database)).isEqualTo(created);

        for (Runnable update : List.<Runnable>of(
                () -> cache.put("k", "new"),
                () -> cache.getAndPut("k", "new"),
                () -> cache.replace("k", "new"),
                () -> cache.getAndReplace("k", "new"),
                () -> cache.replace("k", "new", "new"),
                () -> cache.putAll(Map.of("k", "new")))) {
            age(cache, database);
            update.run();
            assertThat(left(cache, database)).isEqualTo(updated);
        }
        for (Runnable access : List.<Runnable>of(
                () -> cache.get("k"),
                () -> cache.getAll(Set.of("k")),
                () -> cache.replace("k", "other", "new"),
                () -> cache.remove("k", "other"),
                () -> cache.forEach(entry -> {}),
                () -> cache.invoke("k", (entry, arguments) -> entry.getValue()))) {
            age(cache, database);
            access.run();
            assertThat(left(cache, database)).isEqualTo(accessed);
        }
        age(cache, database);
        cache.containsKey("k");
        cache.putIfAbsent("k", "other");
        assertThat(left(cache, database)).isEqualTo(LONG_AGO);
    }

    /** As if the entry had been there for so long that a minute is left. */
    private static void age(Cache<String, String> cache, TestDatabase database) {
        database.execute("UPDATE pg_queue_cache SET expires_at = now() + interval '1 min' WHERE cache = '"
                + cache.getName() + "'");
    }

    /** The seconds that are left, in whole minutes. */
    private static String left(Cache<String, String> cache, TestDatabase database) {
        return database.text("SELECT CASE WHEN isfinite(expires_at)"
                + " THEN (60 * ceil(extract(epoch FROM expires_at - now()) / 60))::int::text ELSE 'infinity' END"
                + " FROM pg_queue_cache WHERE cache = '" + cache.getName() + "'");
    }

    /** The policy gives ever more to an entry that never expires, too. */
    @Test
    void access_toAnEntryWithoutAnExpiry_givesItOne(TestDatabase database) {
        Cache<String, String> cache = cache("from eternity", () -> new Own(new AccessedExpiryPolicy(HOUR)));
        cache.put("k", "v");
        database.execute("UPDATE pg_queue_cache SET expires_at = 'infinity' WHERE cache = 'from eternity'");

        cache.get("k");

        assertThat(left(cache, database)).isEqualTo(IN_AN_HOUR);
    }

    @Test
    void creationWithoutALifetime_storesNothing(TestDatabase database) {
        Cache<String, String> cache = cache("stillborn", CreatedExpiryPolicy.factoryOf(Duration.ZERO));

        cache.put("k", "v");
        boolean put = cache.putIfAbsent("k", "v");

        assertThat(put).isFalse();
        assertThat(cache.containsKey("k")).isFalse();
        assertThat(database.number("SELECT count(*) FROM pg_queue_cache WHERE cache = 'stillborn'"))
                .isZero();
    }

    @Test
    void policyThatFails_countsAsForEverAtACreationAndAsNoChangeElse(TestDatabase database) {
        Cache<String, String> cache = cache("failing", () -> new ExpiryPolicy() {
            @Override
            public Duration getExpiryForCreation() {
                throw new IllegalStateException("on purpose");
            }

            @Override
            public Duration getExpiryForAccess() {
                throw new IllegalStateException("on purpose");
            }

            @Override
            public Duration getExpiryForUpdate() {
                throw new IllegalStateException("on purpose");
            }
        });

        cache.put("k", "v");
        cache.put("k", "new");

        assertThat(cache.get("k")).isEqualTo("new");
        assertThat(left(cache, database)).isEqualTo("infinity");
    }

    @Test
    void expiredEntry_isHeardOfOnceWithItsValue(TestDatabase database) {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        CacheEntryExpiredListener<String, String> listener =
                events -> events.forEach(event -> heard.add(event.getKey() + "=" + event.getOldValue()));
        Cache<String, String> cache = cache("heard", EternalExpiryPolicy.factoryOf());
        cache.registerCacheEntryListener(
                new MutableCacheEntryListenerConfiguration<>(() -> listener, null, true, /* isSynchronous= */ true));
        cache.put("got", "1");
        cache.put("put", "2");
        database.execute("UPDATE pg_queue_cache SET expires_at = now() WHERE cache = 'heard'");

        cache.get("got");
        cache.get("got");
        cache.put("put", "3");
        cache.remove("put");

        assertThat(heard).containsExactly("got=1", "put=2");
    }

    private static Cache<String, String> cache(String name, Factory<? extends ExpiryPolicy> policy) {
        return node.cache(
                name,
                new MutableConfiguration<String, String>()
                        .setTypes(String.class, String.class)
                        .setExpiryPolicyFactory(policy));
    }
}
