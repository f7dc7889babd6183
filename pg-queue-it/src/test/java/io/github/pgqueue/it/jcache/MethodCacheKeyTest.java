package io.github.pgqueue.it.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.jcache.MethodCacheKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys are equal by what is in them, here and after a journey. */
class MethodCacheKeyTest {

    static Stream<MethodCacheKey[]> equalPairs() {
        return Stream.of(
                pair(MethodCacheKey.of(), MethodCacheKey.of()),
                pair(MethodCacheKey.of("a", null, 1L), MethodCacheKey.of("a", null, 1L)),
                pair(MethodCacheKey.of((Object) new int[] {1, 2}), MethodCacheKey.of((Object) new int[] {1, 2})),
                pair(MethodCacheKey.of((Object) new Object[] {"a", new byte[] {1}, null}), MethodCacheKey.of((Object)
                        new Object[] {"a", new byte[] {1}, null})),
                pair(MethodCacheKey.of(Double.NaN, TimeUnit.DAYS), MethodCacheKey.of(Double.NaN, TimeUnit.DAYS)));
    }

    static Stream<MethodCacheKey[]> differentPairs() {
        return Stream.of(
                pair(MethodCacheKey.of(), MethodCacheKey.of((Object) null)),
                pair(MethodCacheKey.of(1), MethodCacheKey.of(1L)),
                pair(MethodCacheKey.of("a", "b"), MethodCacheKey.of("b", "a")),
                pair(MethodCacheKey.of("a", "b"), MethodCacheKey.of((Object) new String[] {"a", "b"})),
                pair(MethodCacheKey.of((Object) new int[] {1}), MethodCacheKey.of((Object) new long[] {1})));
    }

    private static MethodCacheKey[] pair(MethodCacheKey one, MethodCacheKey other) {
        return new MethodCacheKey[] {one, other};
    }

    @ParameterizedTest
    @MethodSource("equalPairs")
    void keys_ofEqualParameters_areEqual(MethodCacheKey one, MethodCacheKey other) throws Exception {
        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other).hasToString(other.toString());
        assertThat(travelled(one)).isEqualTo(other).hasSameHashCodeAs(other);
    }

    @ParameterizedTest
    @MethodSource("differentPairs")
    void keys_ofDifferentParameters_differ(MethodCacheKey one, MethodCacheKey other) {
        assertThat(one).isNotEqualTo(other);
    }

    @Test
    void key_doesNotChangeWithTheArraysItWasMadeOf() {
        int[][] table = {{1, 2}, {3}};
        MethodCacheKey key = MethodCacheKey.of("t", table);

        table[0][0] = 9;
        ((int[][]) asTable(key.parameters()[1]))[1][0] = 9;

        assertThat(key).isEqualTo(MethodCacheKey.of("t", new int[][] {{1, 2}, {3}}));
    }

    /** The hash code of an enum differs between JVMs, so none may travel. */
    @Test
    void serializedForm_doesNotDependOnWhetherTheHashCodeWasAskedFor() throws Exception {
        MethodCacheKey asked = MethodCacheKey.of(TimeUnit.DAYS, "a");
        int unused = asked.hashCode();

        assertThat(bytes(asked)).isEqualTo(bytes(MethodCacheKey.of(TimeUnit.DAYS, "a")));
    }

    private static Object asTable(@Nullable Object value) {
        if (value == null) {
            throw new AssertionError("the parameter is lost");
        }
        return value;
    }

    private static Object travelled(MethodCacheKey key) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes(key)))) {
            return in.readObject();
        }
    }

    private static byte[] bytes(MethodCacheKey key) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(key);
        }
        return bytes.toByteArray();
    }
}
