package io.github.pgqueue.it.jcache.annotation;

import io.github.pgqueue.it.support.Intercepted;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import org.jspecify.annotations.Nullable;

/** The application's own cache manager, whose methods and those of its caches fail where the test says so. */
@ApplicationScoped
class FailingCaches {

    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    /** From now on these methods fail, and no other. */
    void fail(String... methods) {
        failing.clear();
        failing.addAll(Set.of(methods));
    }

    @Produces
    @Dependent
    CacheManager manager() {
        return Intercepted.proxy(CacheManager.class, TestCaches.manager(), this::answer);
    }

    @SuppressWarnings("unchecked") // the caches of this manager have no types
    private @Nullable Object answer(Intercepted.Call call) throws Throwable {
        if (failing.contains(call.method())) {
            throw new CacheException("down on purpose: " + call.method());
        }
        Object result = call.proceed();
        return result instanceof Cache<?, ?> cache
                ? Intercepted.proxy(Cache.class, (Cache<Object, Object>) cache, this::answer)
                : result;
    }
}
