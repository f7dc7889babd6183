package io.github.pgqueue.jcache.annotation;

import java.util.List;

/**
 * Which exceptions of a method count.
 *
 * @param included these do; if none are named, all that are not excluded
 * @param excluded these never do
 * @param unnamed whether exceptions count where neither list names any
 */
record ThrowableFilter(
        List<Class<? extends Throwable>> included, List<Class<? extends Throwable>> excluded, boolean unnamed) {

    /** Of a cached result: without lists, all are cached. */
    static ThrowableFilter ofResult(Class<? extends Throwable>[] included, Class<? extends Throwable>[] excluded) {
        return new ThrowableFilter(List.of(included), List.of(excluded), /* unnamed= */ true);
    }

    /** Of a change: without lists, all prevent it. */
    static ThrowableFilter ofChange(Class<? extends Throwable>[] included, Class<? extends Throwable>[] excluded) {
        return new ThrowableFilter(List.of(included), List.of(excluded), /* unnamed= */ false);
    }

    boolean accepts(Throwable thrown) {
        if (included.isEmpty() && excluded.isEmpty()) {
            return unnamed;
        }
        return (included.isEmpty() || any(included, thrown)) && !any(excluded, thrown);
    }

    private static boolean any(List<Class<? extends Throwable>> types, Throwable thrown) {
        return types.stream().anyMatch(type -> type.isInstance(thrown));
    }
}
