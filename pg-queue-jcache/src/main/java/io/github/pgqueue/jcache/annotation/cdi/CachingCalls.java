package io.github.pgqueue.jcache.annotation.cdi;

import io.github.pgqueue.jcache.annotation.AnnotatedCalls;
import io.github.pgqueue.jcache.annotation.CacheFailures;
import io.github.pgqueue.jcache.annotation.ManagerCaches;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.interceptor.InvocationContext;
import org.jspecify.annotations.Nullable;

/** The calls of one application: what {@link AnnotatedCalls} works with is taken from its container. */
@ApplicationScoped
class CachingCalls {

    private final AnnotatedCalls calls;

    @Inject
    CachingCalls(@Any Instance<Object> instances) {
        Beans beans = new Beans(instances);
        this.calls = AnnotatedCalls.builder(new ManagerCaches(() -> DefaultCacheManager.of(beans)))
                .instances(beans::instance)
                .transactions(JtaLookup.find(beans))
                .singleFlight(AnnotationSettings.read().singleFlight())
                .build();
    }

    /** For the client proxy, which CDI makes without calling it where it can. */
    CachingCalls() {
        this.calls = AnnotatedCalls.builder((name, method) -> {
                    throw new IllegalStateException("a proxy has no caches");
                })
                .build();
    }

    /** Looks things up on a thread of the application, which has its names in JNDI. */
    void start(@Observes Startup event) {}

    @Nullable
    Object call(InvocationContext invocation) throws Exception {
        return calls.call(
                invocation.getTarget(), invocation.getMethod(), invocation.getParameters(), invocation::proceed);
    }

    @Produces
    @Dependent
    CacheFailures failures() {
        return calls.failures();
    }
}
