package io.github.pgqueue.it.jcache.annotation;

import io.github.pgqueue.it.support.Gate;
import io.github.pgqueue.it.support.Intercepted;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import org.jspecify.annotations.Nullable;

/** The application's own cache manager: it and its caches fail and wait where the test says so. */
@ApplicationScoped
class HookedCaches {

    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Gate> afterGet = new AtomicReference<>();

    /** From now on these methods fail, and no other. */
    void fail(String... methods) {
        failing.clear();
        failing.addAll(Set.of(methods));
    }

    /** The next caller who has looked into a cache stops at the gate, with what was found there. */
    void holdAfterGet(Gate gate) {
        afterGet.set(gate);
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
        if (!failing.isEmpty() && call.method().equals("unwrap")) {
            throw new IllegalArgumentException("nobody gets around what fails");
        }
        Object result = call.proceed();
        Gate gate = call.method().equals("get") ? afterGet.getAndSet(null) : null;
        if (gate != null) {
            gate.pass();
        }
        return result instanceof Cache<?, ?> cache && !call.method().equals("unwrap")
                ? Intercepted.proxy(Cache.class, (Cache<Object, Object>) cache, this::answer)
                : result;
    }
}
