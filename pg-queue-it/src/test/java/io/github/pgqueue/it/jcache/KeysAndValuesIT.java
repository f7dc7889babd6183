package io.github.pgqueue.it.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgqueue.PayloadException;
import io.github.pgqueue.PayloadType;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import io.github.pgqueue.jcache.MethodCacheKey;
import io.github.pgqueue.jcache.PostgresCacheStatisticsMXBean;
import io.github.pgqueue.jcache.PostgresConfiguration;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys and values come back as what they were; equal keys are one key; what cannot be read is a miss. */
@PgQueueTest
class KeysAndValuesIT {

    private static final AtomicInteger CACHES = new AtomicInteger();
    private static final Instant MOMENT = Instant.parse("2026-02-03T04:05:06.789012345Z");

    private static JCacheNode node;

    @BeforeAll
    static void open(TestDatabase database) {
        node = JCacheNode.on(database);
    }

    @AfterAll
    static void close() {
        node.close();
    }

    record Price(String item, BigDecimal amount) {}

    record Point(int x, int y) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    record Pair(Object left, Object right) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    enum Color {
        RED,
        GREEN {
            @Override
            public String toString() {
                return "with a body";
            }
        }
    }

    static Stream<Object> builtIn() {
        return Stream.of(
                "",
                "text",
                "Ñandú-😀",
                "NUL \0",
                "half a surrogate \uD83D",
                "something else once \uFFFD",
                "ÿ",
                true,
                (byte) -1,
                (short) -2,
                'c',
                -3,
                -4L,
                1.5f,
                Float.NaN,
                -0.0d,
                Double.NEGATIVE_INFINITY,
                BigInteger.TEN.pow(50).negate(),
                new BigDecimal("1.50"),
                new UUID(1, -2),
                Duration.ofNanos(-1),
                MOMENT,
                LocalDate.of(-5, 1, 2),
                LocalTime.NOON,
                LocalDateTime.MAX,
                OffsetDateTime.of(2026, 1, 2, 3, 4, 5, 6, ZoneOffset.ofHours(-7)),
                OffsetTime.MIN,
                ZonedDateTime.ofInstant(MOMENT, ZoneId.of("Europe/Berlin")),
                MonthDay.of(2, 29),
                YearMonth.of(2026, 3),
                Year.of(-1),
                Period.of(1, -2, 3),
                ZoneOffset.UTC,
                ZoneId.of("America/New_York"));
    }

    @ParameterizedTest
    @MethodSource("builtIn")
    void builtInType_asKeyAndValue_comesBackEqual(Object object) {
        Cache<Object, Object> cache = cache(new MutableConfiguration<>());

        cache.put(object, object);

        assertThat(cache.get(object)).isEqualTo(object);
        assertThat(cache).singleElement().satisfies(entry -> {
            assertThat(entry.getKey()).isEqualTo(object);
            assertThat(entry.getValue()).isEqualTo(object);
        });
    }

    @Test
    void builtInTypes_asKeys_areAllDifferent() {
        Cache<Object, Object> cache = cache(new MutableConfiguration<>());
        List<Object> alike = List.of(
                "1",
                1,
                1L,
                (short) 1,
                (byte) 1,
                1.0f,
                1.0d,
                '1',
                BigInteger.ONE,
                BigDecimal.ONE,
                new BigDecimal("1.0"),
                "",
                "?",
                "\uD83D",
                "\uFFFD");

        alike.forEach(key -> cache.put(key, key));

        assertThat(alike).allSatisfy(key -> assertThat(cache.get(key)).isEqualTo(key));
        assertThat(cache).hasSize(alike.size());
    }

    @Test
    void bytes_asKeys_areEqualByContent() {
        Cache<byte[], byte[]> cache =
                cache(new MutableConfiguration<byte[], byte[]>().setTypes(byte[].class, byte[].class));

        cache.put(new byte[] {1, 2}, new byte[] {3});

        assertThat(cache.get(new byte[] {1, 2})).containsExactly(3);
    }

    @Test
    void value_isACopy() {
        Cache<String, byte[]> cache =
                cache(new MutableConfiguration<String, byte[]>().setTypes(String.class, byte[].class));
        byte[] value = {1};
        cache.put("k", value);

        value[0] = 2;
        cache.get("k")[0] = 3;

        assertThat(cache.get("k")).containsExactly(1);
    }

    @ParameterizedTest
    @MethodSource
    void constant_ofTheDeclaredEnum_comesBack(Color color) {
        Cache<Color, Color> cache = cache(new MutableConfiguration<Color, Color>().setTypes(Color.class, Color.class));

        cache.put(color, color);

        assertThat(cache.get(color)).isSameAs(color);
        assertThat(cache).singleElement().extracting(Cache.Entry::getKey).isSameAs(color);
    }

    static Stream<Color> constant_ofTheDeclaredEnum_comesBack() {
        return Stream.of(Color.values());
    }

    @Test
    void record_ofTheDeclaredType_isJson(TestDatabase database) {
        Cache<String, Price> cache =
                cache(new MutableConfiguration<String, Price>().setTypes(String.class, Price.class));

        cache.put("tea", new Price("tea", new BigDecimal("1.99")));

        assertThat(cache.get("tea")).isEqualTo(new Price("tea", new BigDecimal("1.99")));
        assertThat(database.text(
                        "SELECT convert_from(value, 'UTF8')::jsonb ->> 'amount' FROM pg_queue_cache WHERE cache = '"
                                + cache.getName() + "' AND hash = sha256('tea')"))
                .isEqualTo("1.99");
    }

    @Test
    void record_asADeclaredKey_comesBack() {
        Cache<Price, String> cache =
                cache(new MutableConfiguration<Price, String>().setTypes(Price.class, String.class));

        cache.put(new Price("tea", BigDecimal.ONE), "v");

        assertThat(cache.get(new Price("tea", BigDecimal.ONE))).isEqualTo("v");
        assertThat(cache).singleElement().extracting(Cache.Entry::getKey).isEqualTo(new Price("tea", BigDecimal.ONE));
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"}) // as an application with a generic type has to write it
    void listOfRecords_ofTheDeclaredGenericType_comesBack() {
        PostgresConfiguration<String, List<Price>> configuration =
                new PostgresConfiguration<String, List<Price>>().setGenericValueType(new PayloadType<>() {});
        configuration.setTypes(String.class, (Class) List.class);
        Cache<String, List<Price>> cache = cache(configuration);

        cache.put("k", List.of(new Price("tea", BigDecimal.ONE)));

        assertThat(cache.get("k")).containsExactly(new Price("tea", BigDecimal.ONE));
    }

    @Test
    void value_thatWouldNotComeBack_isRefused() {
        Cache<String, Object> untyped = cache(new MutableConfiguration<>());
        Cache<String, Object> listed =
                cache(new PostgresConfiguration<String, Object>().setSerializable(Set.of(Point.class.getName())));

        assertRefused("PGQ5009", () -> untyped.put("k", new Price("tea", BigDecimal.ONE)));
        assertRefused("PGQ5009", () -> untyped.put("k", new Point(1, 2)));
        assertRefused("PGQ5009", () -> untyped.put("k", Color.RED));
        assertRefused("PGQ5010", () -> listed.put("k", new Pair(1, 2)));

        assertThat(untyped).isEmpty();
        assertThat(listed).isEmpty();
    }

    private static void assertRefused(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(CacheException.class)
                .hasMessageContaining(code)
                .hasCauseInstanceOf(PayloadException.class);
    }

    @Test
    void serializedValue_whoseClassIsListed_comesBack() {
        Cache<Object, Object> cache = cache(new PostgresConfiguration<>()
                .setSerializable(Set.of(
                        Point.class.getName(), Pair.class.getName(), Color.class.getName(), "java.lang.Object")));

        cache.put(new Point(1, 2), new Pair(new Object[] {3}, Color.GREEN));

        Pair value = (Pair) cache.get(new Point(1, 2));
        assertThat((Object[]) value.left()).containsExactly(3);
        assertThat(value.right()).isSameAs(Color.GREEN);
    }

    /** A stream refers back to an object that it has: one number twice, and two equal ones, are other bytes. */
    @Test
    @SuppressWarnings("StringOperationCanBeSimplified") // equal, and not the same
    void serializedKeys_thatAreEqual_areOneKey() {
        Cache<Object, String> cache =
                cache(new PostgresConfiguration<Object, String>().setSerializable(Set.of(Pair.class.getName())));
        Long shared = 1_000_000L;
        Long equal = Long.valueOf(shared.toString());

        cache.put(new Pair(shared, shared), "first");
        cache.put(new Pair(shared, equal), "second");
        cache.put(new Pair(new String("a"), new String("a")), "third");

        assertThat(cache.get(new Pair(equal, equal))).isEqualTo("second");
        assertThat(cache.get(new Pair("a", "a"))).isEqualTo("third");
        assertThat(cache).hasSize(2);
    }

    static Stream<MethodCacheKey> keysOfMethods() {
        return Stream.of(
                MethodCacheKey.of(),
                MethodCacheKey.of((Object) null),
                MethodCacheKey.of("a", null, 1L),
                MethodCacheKey.of("", Float.NaN, MOMENT, Color.GREEN),
                MethodCacheKey.of((Object) new boolean[] {true}),
                MethodCacheKey.of(new char[] {'c'}, new double[] {-0.0}, new float[] {1}, new int[][] {{1, 2}, {}}),
                MethodCacheKey.of(new long[] {1}, new short[] {2}, new byte[] {3}, new byte[][] {{4}}),
                MethodCacheKey.of((Object) new String[] {"a", null}),
                MethodCacheKey.of(new Price("tea", new BigDecimal("1.50")), new Pair(Color.RED, new Point(1, 2))),
                MethodCacheKey.of(Arrays.asList("a", null), List.of(List.of(1))),
                MethodCacheKey.of(MethodCacheKey.of("nested")));
    }

    @ParameterizedTest
    @MethodSource("keysOfMethods")
    void keyOfAMethod_isOneKeyOnAllNodesAndComesBack(MethodCacheKey key, TestDatabase database) throws Exception {
        Cache<Object, Object> cache = cache(new MutableConfiguration<>());
        cache.put(key, "v");

        try (JCacheNode other = JCacheNode.on(database)) {
            Cache<Object, Object> there = other.cache(cache.getName(), new MutableConfiguration<>());
            assertThat(there.get(MethodCacheKey.of(key.parameters()))).isEqualTo("v");
            assertThat(there).singleElement().extracting(Cache.Entry::getKey).isEqualTo(key);
        }
    }

    @Test
    void keysOfMethods_thatDiffer_areDifferentKeys() {
        Cache<Object, Object> cache = cache(new MutableConfiguration<>());
        List<MethodCacheKey> different = Stream.concat(
                        keysOfMethods(),
                        Stream.of(
                                MethodCacheKey.of(1),
                                MethodCacheKey.of(1L),
                                MethodCacheKey.of("a", "b"),
                                MethodCacheKey.of("b", "a"),
                                MethodCacheKey.of("ab"),
                                MethodCacheKey.of((Object) new String[] {"a", "b"}),
                                MethodCacheKey.of(List.of("a", "b")),
                                MethodCacheKey.of((Object) new int[] {1}),
                                MethodCacheKey.of((Object) new long[] {1}),
                                MethodCacheKey.of((Object) new Object[] {1})))
                .toList();

        different.forEach(key -> cache.put(key, key.toString()));

        assertThat(different).allSatisfy(key -> assertThat(cache.get(key)).isEqualTo(key.toString()));
        assertThat(cache).hasSize(different.size());
    }

    /** JSON could leave out what makes two of them different. */
    @Test
    void keyOfAMethod_withAnyOtherParameter_isRefused() {
        Cache<Object, Object> cache = cache(new MutableConfiguration<>());

        assertRefused("PGQ5009", () -> cache.get(MethodCacheKey.of(new AtomicInteger())));
        assertRefused("PGQ5009", () -> cache.put(MethodCacheKey.of(List.of(new Pair(1, Set.of(1)))), "v"));
    }

    @Test
    void keyOfAMethod_withAParameterWhoseClassIsListed_isSerialized() {
        Cache<Object, Object> cache =
                cache(new PostgresConfiguration<>().setSerializable(Set.of(Locale.class.getName())));

        cache.put(MethodCacheKey.of(Locale.GERMANY), "v");

        assertThat(cache.get(MethodCacheKey.of(Locale.forLanguageTag("de-DE")))).isEqualTo("v");
        assertThat(cache).singleElement().extracting(Cache.Entry::getKey).isEqualTo(MethodCacheKey.of(Locale.GERMANY));
    }

    @Test
    void recordAsAKey_thatIsNotDeclared_isOneKeyAndComesBackWhereItsClassIsUsed(TestDatabase database) {
        Cache<Object, Object> cache = cache(new MutableConfiguration<>());
        cache.put(new Point(1, 2), "v");

        assertThat(cache).singleElement().extracting(Cache.Entry::getKey).isEqualTo(new Point(1, 2));
        try (JCacheNode other = JCacheNode.on(database)) {
            Cache<Object, Object> there = other.cache(cache.getName(), new MutableConfiguration<>());
            assertThat(there).isEmpty();
            assertThat(there.get(new Point(1, 2))).isEqualTo("v");
            assertThat(there).hasSize(1);
        }
    }

    /** Whoever can write the table does not decide what is instantiated. */
    @Test
    void storedValue_thatCannotBeRead_isAMissThatIsCountedAndRemoved(TestDatabase database) {
        Cache<String, Object> writing =
                cache(new PostgresConfiguration<String, Object>().setSerializable(Set.of(Point.class.getName())));
        Cache<String, Object> reading =
                cache(new PostgresConfiguration<String, Object>().setSerializable(Set.of(Pair.class.getName())));
        writing.put("k", new Point(1, 2));
        database.execute("UPDATE pg_queue_cache SET cache = '" + reading.getName() + "' WHERE cache = '"
                + writing.getName() + "'");

        assertThat(reading.get("k")).isNull();

        assertThat(reading.unwrap(PostgresCacheStatisticsMXBean.class).getCacheUnreadable())
                .isEqualTo(1);
        assertThat(reading.putIfAbsent("k", "readable")).isTrue();
    }

    @Test
    void storedText_thatIsNoUtf8_isAMiss(TestDatabase database) {
        Cache<String, String> cache =
                cache(new MutableConfiguration<String, String>().setTypes(String.class, String.class));
        cache.put("k", "a text");
        database.execute("UPDATE pg_queue_cache SET value = '\\x61c3' WHERE cache = '" + cache.getName() + "'");

        assertThat(cache.get("k")).isNull();
    }

    @Test
    void replaceEqual_ofBytesThatDiffer_decidesByEquals(TestDatabase database) {
        Cache<String, Price> cache =
                cache(new MutableConfiguration<String, Price>().setTypes(String.class, Price.class));
        cache.put("k", new Price("tea", BigDecimal.ONE));
        database.execute("UPDATE pg_queue_cache SET value = ' {\"amount\" : 1, \"item\" : \"tea\"}' WHERE cache = '"
                + cache.getName() + "'");

        assertThat(cache.replace("k", new Price("tea", BigDecimal.TEN), new Price("no", BigDecimal.ONE)))
                .isFalse();
        assertThat(cache.replace("k", new Price("tea", BigDecimal.ONE), new Price("tea", BigDecimal.TEN)))
                .isTrue();
        assertThat(cache.remove("k", new Price("tea", BigDecimal.TEN))).isTrue();
    }

    @Test
    void entries_ofPgCacheAndTheProvider_areTheSame(TestNode other) {
        Cache<String, Price> cache =
                cache(new MutableConfiguration<String, Price>().setTypes(String.class, Price.class));
        Duration hour = Duration.ofHours(1);

        other.manager().cache(cache.getName()).set("ä", new Price("tea", BigDecimal.ONE), hour);

        assertThat(cache.get("ä")).isEqualTo(new Price("tea", BigDecimal.ONE));
        cache.put("ä", new Price("tea", BigDecimal.TEN));
        assertThat(other.manager().cache(cache.getName()).get("ä", Price.class))
                .hasValue(new Price("tea", BigDecimal.TEN));
    }

    @Test
    void wrongType_atRunTime_isRefused() {
        Cache<String, DayOfWeek> cache =
                cache(new MutableConfiguration<String, DayOfWeek>().setTypes(String.class, DayOfWeek.class));
        @SuppressWarnings("unchecked") // what an application may do by mistake
        Cache<Object, Object> raw = (Cache<Object, Object>) (Cache<?, ?>) cache;

        assertThatThrownBy(() -> raw.put(1, DayOfWeek.MONDAY)).isInstanceOf(ClassCastException.class);
        assertThatThrownBy(() -> raw.put("k", "MONDAY")).isInstanceOf(ClassCastException.class);
    }

    private static <K, V> Cache<K, V> cache(MutableConfiguration<K, V> configuration) {
        return node.cache("keys and values " + CACHES.incrementAndGet(), configuration);
    }
}
