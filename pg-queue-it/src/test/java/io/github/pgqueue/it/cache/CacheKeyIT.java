package io.github.pgqueue.it.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.InvalidNameException;
import io.github.pgqueue.cache.PgCache;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Any text that fits into the index is a key; every other is refused before it reaches the database. */
@PgQueueTest
class CacheKeyIT {

    private static final Duration HOUR = Duration.ofHours(1);

    static Stream<Named<String>> longest() {
        // Digits at random, so that the index cannot make them shorter than they are.
        String random = new Random(1)
                .ints(2_000, '0', '~')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return Stream.of(
                Named.of("2,000 bytes", random),
                Named.of("2,000 bytes of 1,000 characters", "é".repeat(1_000)),
                Named.of("2,000 bytes of 500 surrogate pairs", "😀".repeat(500)));
    }

    static Stream<Named<String>> bad() {
        return Stream.of(
                Named.of("2,001 bytes", "x".repeat(2_001)),
                Named.of("2,002 bytes of 1,001 characters", "é".repeat(1_001)),
                Named.of("NUL", "a secret\0"),
                Named.of("lone surrogate", "a secret\uDC00"));
    }

    static Stream<Named<String>> badNames() {
        return Stream.of(
                Named.of("empty", ""),
                Named.of("201 bytes", "x".repeat(201)),
                Named.of("202 bytes of 101 characters", "é".repeat(101)),
                Named.of("NUL", "a\0"),
                Named.of("lone surrogate", "\uD83D"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "'; DELETE FROM pg_queue_cache --",
                "\\x00",
                "\\000",
                "%_",
                "line\nbreak",
                "?",
                "Ñandú-😀",
                "case",
                "CASE",
                "org.acme.Prices.of(java.lang.String)"
            })
    void set_hostileKey_isAKeyLikeAnyOther(String key, TestNode node) {
        PgCache cache = node.manager().cache("hostile");
        cache.set("bystander", "untouched", HOUR);

        cache.set(key, "value of " + key, HOUR);

        assertThat(cache.get(key, String.class)).hasValue("value of " + key);
        assertThat(cache.delete(key)).isTrue();
        assertThat(cache.get(key, String.class)).isEmpty();
        assertThat(cache.get("bystander", String.class)).hasValue("untouched");
    }

    @Test
    void set_keysThatLookAlike_areDifferent(TestNode node) {
        PgCache cache = node.manager().cache("alike");
        // The last two differ only in how é is written.
        List<String> keys = List.of("k", "K", "k ", "ｋ", "\u00e9", "e\u0301");

        keys.forEach(key -> cache.set(key, key, HOUR));

        assertThat(keys)
                .allSatisfy(key -> assertThat(cache.get(key, String.class)).hasValue(key));
        assertThat(node.database().number("SELECT count(*) FROM pg_queue_cache WHERE cache = 'alike'"))
                .isEqualTo(keys.size());
    }

    @ParameterizedTest
    @MethodSource("longest")
    void set_longestKeyInACacheWithTheLongestName_isStored(String key, TestNode node) {
        PgCache cache = node.manager().cache("Name".repeat(50));

        cache.set(key, "v", HOUR);

        assertThat(cache.get(key, String.class)).hasValue("v");
    }

    @ParameterizedTest
    @MethodSource("bad")
    void everyMethod_badKey_isRefusedWithoutShowingIt(String key, TestNode node) {
        PgCache cache = node.manager().cache("refusing");
        List<ThrowingCallable> uses = List.of(
                () -> cache.get(key, String.class),
                () -> cache.set(key, "v", HOUR),
                () -> cache.set(key, "v", Instant.parse("2099-01-01T00:00:00Z")),
                () -> cache.getOrSet(key, String.class, HOUR, () -> "v"),
                () -> cache.delete(key));

        assertThat(uses)
                .allSatisfy(use -> assertThatThrownBy(use)
                        .isInstanceOfSatisfying(InvalidNameException.class, e -> {
                            assertThat(e.code()).isEqualTo("PGQ3002");
                            assertThat(e.name()).isEmpty();
                        })
                        .hasMessageNotContaining("secret"));
    }

    @ParameterizedTest
    @MethodSource("badNames")
    void cache_badName_isRefused(String name, TestNode node) {
        assertThatThrownBy(() -> node.manager().cache(name))
                .isInstanceOfSatisfying(
                        InvalidNameException.class, e -> assertThat(e.code()).isEqualTo("PGQ3001"));
    }
}
