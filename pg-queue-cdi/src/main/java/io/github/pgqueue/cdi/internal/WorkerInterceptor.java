package io.github.pgqueue.cdi.internal;

import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Joins the job to the transaction of its worker method.
 *
 * <p>{@code @Transactional} has priority {@code PLATFORM_BEFORE + 200}, and container-managed transactions of EJBs are
 * outside of all interceptors: with 210 the transaction of the method, whatever its type, is active here.
 *
 * <p>Serializable, as CDI demands of an interceptor of a bean that can be passivated; of others, Payara would make a
 * subclass for enterprise beans, which fails for want of a constructor without arguments.
 */
@Interceptor
@WorkerBinding
@Priority(Interceptor.Priority.PLATFORM_BEFORE + 210)
class WorkerInterceptor implements Serializable {

    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // a client proxy, which is serializable
    private final WorkerRuns runs;

    @Inject
    WorkerInterceptor(WorkerRuns runs) {
        this.runs = runs;
    }

    @AroundInvoke
    @Nullable
    Object work(InvocationContext invocation) throws Exception {
        WorkerRun run = runs.enter(invocation.getMethod());
        if (run == null) {
            return invocation.proceed();
        }
        try {
            boolean joined = run.joinIfActive();
            @Nullable Object result = invocation.proceed();
            if (joined) {
                run.settle(Results.await(result));
            }
            return result;
        } finally {
            runs.leave(run);
        }
    }
}
