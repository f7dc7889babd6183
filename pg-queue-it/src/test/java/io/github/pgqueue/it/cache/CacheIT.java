package io.github.pgqueue.it.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.PayloadException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cache gives back what was set, and forgets what it is told to forget. */
@PgQueueTest
class CacheIT {

    private static final Duration HOUR = Duration.ofHours(1);

    private record Price(String sku, BigDecimal amount) {}

    private record Renamed(int completelyDifferent) {}

    @Test
    void get_nothingSet_isEmpty(TestNode node) {
        assertThat(node.manager().cache("empty").get("missing", String.class)).isEmpty();
    }

    @Test
    void get_afterSet_returnsTheValue(TestNode node) {
        PgCache cache = node.manager().cache("set");
        Price price = new Price("Ñandú \"😀\"", new BigDecimal("12.30"));

        cache.set("p", price, HOUR);

        assertThat(cache.get("p", Price.class)).hasValue(price);
    }

    @Test
    void get_genericType_returnsTheValue(TestNode node) {
        PgCache cache = node.manager().cache("generic");
        PayloadType<Map<String, List<Price>>> type = new PayloadType<>() {};
        Map<String, List<Price>> prices = Map.of("a", List.of(new Price("a", BigDecimal.ONE)), "b", List.of());

        cache.set("all", prices, HOUR);

        assertThat(cache.get("all", type)).hasValue(prices);
    }

    @Test
    void set_again_replacesTheValue(TestNode node) {
        PgCache cache = node.manager().cache("replaced");

        cache.set("k", "old", HOUR);
        cache.set("k", List.of("new"), HOUR);

        assertThat(cache.get("k", List.class)).hasValue(List.of("new"));
        assertThat(rows(node, "replaced")).isEqualTo(1);
    }

    @Test
    void get_onAnotherNode_returnsTheValue(TestNode node, TestDatabase database) {
        try (TestNode other = TestNode.on(database)) {
            node.manager().cache("shared").set("k", "from afar", HOUR);

            assertThat(other.manager().cache("shared").get("k", String.class)).hasValue("from afar");
        }
    }

    @Test
    void delete_tellsWhetherThereWasAValue(TestNode node) {
        PgCache cache = node.manager().cache("deleted");
        cache.set("k", 1, HOUR);

        assertThat(cache.delete("k")).isTrue();
        assertThat(cache.delete("k")).isFalse();
        assertThat(cache.get("k", Integer.class)).isEmpty();
    }

    @Test
    void caches_ofDifferentNames_areSeparate(TestNode node) {
        PgCache one = node.manager().cache("one");
        PgCache other = node.manager().cache("One");
        one.set("k", "one", HOUR);
        other.set("k", "other", HOUR);

        assertThat(one.get("k", String.class)).hasValue("one");
        assertThat(other.get("k", String.class)).hasValue("other");
        assertThat(one.delete("k")).isTrue();
        assertThat(other.get("k", String.class)).hasValue("other");
    }

    @Test
    void cache_withoutName_isTheDefaultOne(TestNode node) {
        node.manager().cache().set("k", "v", HOUR);

        assertThat(node.manager().cache().name()).isEqualTo("default");
        assertThat(node.manager().cache("default").get("k", String.class)).hasValue("v");
    }

    @Test
    void clear_emptiesThisCacheOnly(TestNode node) {
        PgCache cleared = node.manager().cache("cleared");
        PgCache kept = node.manager().cache("kept");
        cleared.set("a", 1, HOUR);
        cleared.set("b", 2, HOUR);
        kept.set("a", 3, HOUR);

        cleared.clear();

        assertThat(rows(node, "cleared")).isZero();
        assertThat(kept.get("a", Integer.class)).hasValue(3);
    }

    @Test
    void get_valueCannotBeReadAsTheType_isAMiss(TestNode node) {
        PgCache cache = node.manager().cache("changed");
        cache.set("text", "no number", HOUR);
        cache.set("record", new Price("a", BigDecimal.ONE), HOUR);

        assertThat(cache.get("text", Integer.class)).isEmpty();
        assertThat(cache.get("record", String.class)).isEmpty();
        assertThat(cache.get("text", String.class)).hasValue("no number");
        assertThat(cache.getOrSet("text", Integer.class, HOUR, () -> 7)).isEqualTo(7);
        assertThat(cache.get("text", Integer.class)).hasValue(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{", "\\xff\\xfe", "\\x00"})
    void get_storedBytesAreNoValue_isAMiss(String bytes, TestNode node) {
        PgCache cache = node.manager().cache("garbage");
        String stored = bytes.replace("\\x", "");
        String format = bytes.startsWith("\\x") ? "hex" : "escape";

        node.database()
                .execute("INSERT INTO pg_queue_cache (cache, key, value, expires_at) VALUES ('garbage', 'k', decode('"
                        + stored + "', '" + format + "'), now() + interval '1 hour')"
                        + " ON CONFLICT (cache, hash) DO UPDATE SET value = excluded.value");

        assertThat(cache.get("k", String.class)).isEmpty();
        assertThat(cache.get("k", Renamed.class)).isEmpty();
    }

    @Test
    void set_valueThatCannotBeStored_isRefusedAndTheOldOneStays(TestNode node) {
        PgCache cache = node.manager().cache("refusing");
        cache.set("k", "old", HOUR);

        assertRefused("PGQ5002", () -> cache.set("k", "x".repeat((1 << 20) + 1), HOUR));
        assertRefused("PGQ5003", () -> cache.set("k", "a\0b", HOUR));
        assertRefused("PGQ5004", () -> cache.set("k", "a\uD83D", HOUR));
        assertRefused("PGQ5006", () -> cache.set("k", new Object(), HOUR));

        assertThat(cache.get("k", String.class)).hasValue("old");
    }

    @Test
    void set_null_isRefused(TestNode node) {
        PgCache cache = node.manager().cache("null");

        assertRefused("PGQ5001", () -> cache.set("k", nothing(), HOUR));
    }

    @Test
    void set_largestValue_isStored(TestNode node) {
        PgCache cache = node.manager().cache("large");
        String value = "x".repeat((1 << 20) - 2);

        cache.set("k", value, HOUR);

        assertThat(cache.get("k", String.class).map(value::equals)).hasValue(true);
    }

    @SuppressWarnings("NullAway") // what a caller without null checks may pass
    private static Object nothing() {
        return null;
    }

    private static void assertRefused(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PayloadException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static long rows(TestNode node, String cache) {
        return node.database().number("SELECT count(*) FROM pg_queue_cache WHERE cache = '" + cache + "'");
    }
}
