package io.github.pgqueue.it.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.InvalidArgumentException;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The database's clock decides what has expired, and nothing else. */
@PgQueueTest
class CacheExpiryIT {

    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void set_forADuration_countsFromTheDatabasesClock(TestNode node) {
        PgCache cache = node.manager().cache("counted");
        String before = node.database().text("SELECT clock_timestamp() + interval '1 hour 0.25 s'");

        cache.set("k", "v", HOUR.plusMillis(250));

        String within =
                "SELECT expires_at BETWEEN '%s' AND clock_timestamp() + interval '1 hour 0.25 s'".formatted(before);
        assertThat(node.database().text(within + " FROM pg_queue_cache WHERE cache = 'counted'"))
                .isEqualTo("t");
    }

    @Test
    void get_afterItsExpiry_isEmpty(TestNode node) {
        PgCache cache = node.manager().cache("expired");
        cache.set("k", "v", HOUR);

        expire(node.database(), "expired");

        assertThat(cache.get("k", String.class)).isEmpty();
    }

    @Test
    void get_justBeforeItsExpiry_isThere(TestNode node) {
        PgCache cache = node.manager().cache("fresh");
        cache.set("k", "v", Duration.ofNanos(1_000));
        assertThat(cache.get("k", String.class)).isEmpty();

        node.database()
                .execute("UPDATE pg_queue_cache SET expires_at = clock_timestamp() + interval '10 min'"
                        + " WHERE cache = 'fresh'");

        assertThat(cache.get("k", String.class)).hasValue("v");
    }

    @Test
    void set_untilAMoment_keepsThatMoment(TestNode node) {
        PgCache cache = node.manager().cache("until");
        Instant moment = Instant.parse("2099-12-31T23:59:59.123456Z");

        cache.set("k", "v", moment);

        assertThat(cache.get("k", String.class)).hasValue("v");
        assertThat(
                        node.database()
                                .text(
                                        "SELECT expires_at = '2099-12-31T23:59:59.123456Z' FROM pg_queue_cache WHERE cache = 'until'"))
                .isEqualTo("t");
    }

    @Test
    void set_untilAMomentInThePast_isExpired(TestNode node) {
        PgCache cache = node.manager().cache("past");
        cache.set("k", "old", HOUR);

        cache.set("k", "new", Instant.EPOCH);

        assertThat(cache.get("k", String.class)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-0.000000001S", "PT-1000000H"})
    void set_forZeroOrLess_removesTheKey(Duration timeToLive, TestNode node) {
        PgCache cache = node.manager().cache("removed");
        cache.set("k", "old", HOUR);

        cache.set("k", "new", timeToLive);

        assertThat(cache.get("k", String.class)).isEmpty();
        assertThat(node.database().number("SELECT count(*) FROM pg_queue_cache WHERE cache = 'removed'"))
                .isZero();
    }

    @Test
    void set_forTheLongestDuration_isThere(TestNode node) {
        PgCache cache = node.manager().cache("long");

        cache.set("k", "v", Duration.ofSeconds(Long.MAX_VALUE));

        assertThat(cache.get("k", String.class)).hasValue("v");
    }

    @Test
    void set_untilAMomentThatCannotBeStored_isRefused(TestNode node) {
        PgCache cache = node.manager().cache("range");

        for (Instant moment : List.of(Instant.MIN, Instant.EPOCH.minusNanos(1), Instant.MAX)) {
            assertThatThrownBy(() -> cache.set("k", "v", moment))
                    .isInstanceOfSatisfying(
                            InvalidArgumentException.class,
                            e -> assertThat(e.code()).isEqualTo("PGQ3003"));
        }
    }

    @Test
    void delete_expired_tellsThatThereWasNothing(TestNode node) {
        PgCache cache = node.manager().cache("deleted");
        cache.set("k", "v", HOUR);
        expire(node.database(), "deleted");

        assertThat(cache.delete("k")).isFalse();
    }

    @Test
    void set_onAnExpiredKey_isThere(TestNode node) {
        PgCache cache = node.manager().cache("renewed");
        cache.set("k", "old", HOUR);
        expire(node.database(), "renewed");

        cache.set("k", "new", HOUR);

        assertThat(cache.get("k", String.class)).hasValue("new");
    }

    @Test
    void getOrSet_expired_loadsAgain(TestNode node) {
        PgCache cache = node.manager().cache("loaded");
        cache.getOrSet("k", String.class, HOUR, () -> "old");
        expire(node.database(), "loaded");

        String value = cache.getOrSet("k", String.class, HOUR, () -> "new");

        assertThat(value).isEqualTo("new");
    }

    private static void expire(TestDatabase database, String cache) {
        database.execute("UPDATE pg_queue_cache SET expires_at = clock_timestamp() WHERE cache = '" + cache + "'");
    }
}
