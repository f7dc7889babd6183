package io.github.pgqueue.jcache.annotation;

import java.util.function.Supplier;
import javax.cache.annotation.GeneratedCacheKey;
import org.jspecify.annotations.Nullable;

/**
 * A call of a method with {@code @CachePut}, {@code @CacheRemove} or {@code @CacheRemoveAll}.
 *
 * @param changes those of the transaction that the caller is in, each time it is asked
 * @param cache null if it cannot be found
 * @param key null if all are removed
 * @param value what is put; for null, which no cache keeps, the old value is removed
 */
record ChangeCaching(
        CachedMethod<?> method,
        Supplier<Changes> changes,
        @Nullable SafeCache cache,
        @Nullable GeneratedCacheKey key,
        @Nullable Object value) {

    /** Calls the method, with the change before or after it. */
    Outcome call(AnnotatedCalls.Body body) {
        boolean after = method.attributes().afterInvocation();
        if (!after) {
            change();
        }
        Outcome outcome = Outcome.of(body);
        if (after && isWanted(outcome.thrown())) {
            change();
        }
        return outcome;
    }

    private boolean isWanted(@Nullable Throwable thrown) {
        return thrown == null || method.attributes().exceptions().accepts(thrown);
    }

    private void change() {
        if (cache == null) {
            return;
        }
        Changes target = changes.get();
        if (key == null) {
            target.removeAll(cache);
        } else if (value == null) {
            target.remove(cache, key);
        } else {
            target.replace(cache, key, value);
        }
    }
}
