package io.github.pgqueue.jcache;

import java.lang.reflect.Array;
import java.util.Arrays;
import javax.cache.annotation.GeneratedCacheKey;
import org.jspecify.annotations.Nullable;

/**
 * The key under which annotated methods that name no key generator find their results: the values of the key parameters.
 *
 * <p>Equal where {@link Arrays#deepEquals} says so, in every JVM: arrays by what is in them. Arrays are copied, so that a
 * method that changes its argument does not change the key. Immutable and thread-safe as far as the parameters are;
 * serializable if they are. Stored in a form that equal keys share in every JVM: for that, parameters are texts,
 * numbers, dates, enums, or records, lists and arrays of them.
 *
 * <p>Made by {@link #of} too, to reach from elsewhere what an annotated method has cached:
 * {@code cache.get(MethodCacheKey.of("tea"))}.
 */
public final class MethodCacheKey implements GeneratedCacheKey {

    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // the specification asks for serializable parameters
    private final @Nullable Object[] parameters;

    /** Not in the serialized form: hash codes such as those of enums differ between JVMs. */
    private transient int hash;

    private MethodCacheKey(@Nullable Object[] parameters) {
        this.parameters = parameters;
    }

    /** The key of a call with these values of its key parameters. A variable number of arguments is one parameter. */
    public static MethodCacheKey of(@Nullable Object... parameters) {
        return new MethodCacheKey(
                Arrays.stream(parameters).map(MethodCacheKey::copy).toArray());
    }

    /** The values, in the order of the parameters. */
    public @Nullable Object[] parameters() {
        return of(parameters).parameters;
    }

    private static @Nullable Object copy(@Nullable Object value) {
        if (value == null || !value.getClass().isArray()) {
            return value;
        }
        int length = Array.getLength(value);
        Object copy = Array.newInstance(value.getClass().getComponentType(), length);
        if (value instanceof Object[] elements) {
            for (int i = 0; i < length; i++) {
                Array.set(copy, i, copy(elements[i]));
            }
        } else {
            System.arraycopy(value, 0, copy, 0, length);
        }
        return copy;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof MethodCacheKey key
                        && hashCode() == key.hashCode()
                        && Arrays.deepEquals(parameters, key.parameters));
    }

    @Override
    public int hashCode() {
        int known = hash;
        if (known == 0) {
            known = Arrays.deepHashCode(parameters);
            hash = known;
        }
        return known;
    }

    @Override
    public String toString() {
        return Arrays.deepToString(parameters);
    }
}
