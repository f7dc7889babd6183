package io.github.pgqueue.jcache.annotation.cdi;

import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Hands the calls of annotated methods over.
 *
 * <p>{@code @Transactional} has priority {@code PLATFORM_BEFORE + 200}: with 190 a method's own transaction begins and
 * ends inside, so that what is cached afterwards has been committed.
 *
 * <p>Serializable, as CDI demands of an interceptor of a bean that can be passivated.
 */
@Interceptor
@CachingBinding
@Priority(Interceptor.Priority.PLATFORM_BEFORE + 190)
class CachingInterceptor implements Serializable {

    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // a client proxy, which is serializable
    private final CachingCalls calls;

    @Inject
    CachingInterceptor(CachingCalls calls) {
        this.calls = calls;
    }

    @AroundInvoke
    @Nullable
    Object call(InvocationContext invocation) throws Exception {
        return calls.call(invocation);
    }
}
