package io.github.pgqueue.internal.cache;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A class of keys that are made of parts and equal if those are, in order: arrays by what is in them. Given to the codec
 * by whoever has such a class.
 *
 * @param <K> the keys
 * @param type their class
 * @param parts takes a key apart; arrays among the parts are not changed
 * @param key the key of such parts
 */
public record CompositeKeys<K>(
        Class<K> type, Function<K, @Nullable Object[]> parts, Function<@Nullable Object[], K> key) {

    @Nullable
    Object[] partsOf(Object composite) {
        return parts.apply(type.cast(composite));
    }
}
