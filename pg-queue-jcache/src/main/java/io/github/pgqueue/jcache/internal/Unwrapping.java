package io.github.pgqueue.jcache.internal;

import java.util.Arrays;

/** What {@code unwrap} of all kinds of objects does. */
final class Unwrapping {

    private Unwrapping() {}

    /**
     * The first of some objects that is of a type.
     *
     * @throws IllegalArgumentException if none is
     */
    static <T> T unwrap(Class<T> type, Object... candidates) {
        return Arrays.stream(candidates)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("this cannot be unwrapped as " + type.getName()));
    }
}
