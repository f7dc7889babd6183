package io.github.pgqueue.jcache.annotation.cdi;

import io.github.pgqueue.jcache.annotation.AnnotatedCalls;
import io.github.pgqueue.jcache.annotation.CacheFailures;
import io.github.pgqueue.jcache.annotation.ManagerCaches;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import javax.cache.Cache;
import javax.cache.CacheManager;
import org.jspecify.annotations.Nullable;

/** The calls and caches of one application: what {@link AnnotatedCalls} works with is taken from its container. */
@ApplicationScoped
class CachingCalls {

    private final AnnotatedCalls calls;
    private final DefaultCacheManager manager;

    @Inject
    CachingCalls(@Any Instance<Object> instances) {
        Beans beans = new Beans(instances);
        this.manager = new DefaultCacheManager(beans);
        this.calls = AnnotatedCalls.builder(new ManagerCaches(manager::get))
                .instances(beans::instance)
                .transactions(JtaLookup.find(beans))
                .singleFlight(AnnotationSettings.read().singleFlight())
                .build();
    }

    /** For the client proxy, which CDI makes without calling it where it can. */
    @SuppressWarnings("NullAway") // a proxy has none
    CachingCalls() {
        this.manager = null;
        this.calls = AnnotatedCalls.builder((name, method) -> {
                    throw new IllegalStateException("a proxy has no caches");
                })
                .build();
    }

    /** Looks things up on a thread of the application, which has its names in JNDI. */
    void start(@Observes Startup event) {}

    /** After the jobs that are running have been waited for. */
    void stop(
            @Observes @BeforeDestroyed(ApplicationScoped.class) @Priority(Interceptor.Priority.PLATFORM_AFTER)
                    Object event) {
        manager.close();
    }

    @Nullable
    Object call(InvocationContext invocation) throws Exception {
        return calls.call(
                invocation.getTarget(), invocation.getMethod(), invocation.getParameters(), invocation::proceed);
    }

    /** The cache manager of an application that has none of its own. */
    CacheManager own() {
        return manager.own();
    }

    /** A cache to be injected. */
    Cache<?, ?> cache(InjectedCache cache) {
        return cache.of(manager.get());
    }

    @Produces
    @Dependent
    CacheFailures failures() {
        return calls.failures();
    }
}
