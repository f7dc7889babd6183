package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.queue.Job;
import io.github.pgqueue.queue.JobContext;
import io.github.pgqueue.queue.JobHandler;
import io.github.pgqueue.queue.Outcome;
import jakarta.enterprise.context.spi.CreationalContext;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.InjectionPoint;
import java.util.HashMap;
import java.util.Map;

/**
 * Works a job by calling a bean's method through the bean's reference: with all of its interceptors, in an active request
 * context. Dependent instances, of the bean and of further parameters, live as long as the call.
 */
final class WorkerInvoker<T> implements JobHandler<T> {

    private final WorkerMethod worker;
    private final WorkerCalls calls;
    private final BeanManager beans;
    private final RequestContexts requestContexts;
    private final Map<WorkerParameter, InjectionPoint> points = new HashMap<>();

    WorkerInvoker(WorkerMethod worker, WorkerCalls calls) {
        this.worker = worker;
        this.calls = calls;
        this.beans = calls.beans();
        this.requestContexts = new RequestContexts(beans);
        worker.called().setAccessible(true);
        for (WorkerParameter parameter : worker.parameters()) {
            if (parameter instanceof WorkerParameter.Injected injected) {
                points.put(injected, beans.createInjectionPoint(injected.parameter()));
            }
        }
    }

    @Override
    public Outcome handle(Job<T> job, JobContext context) throws Exception {
        return requestContexts.call(() -> {
            CreationalContext<?> instances = beans.createCreationalContext(null);
            try {
                Object bean = beans.getReference(worker.bean(), worker.view(), instances);
                Object[] arguments = arguments(job, context, instances);
                return Results.outcome(calls.call(worker, bean, arguments, context));
            } finally {
                instances.release();
            }
        });
    }

    private Object[] arguments(Job<T> job, JobContext context, CreationalContext<?> instances) {
        return worker.parameters().stream()
                .map(parameter -> argument(parameter, job, context, instances))
                .toArray();
    }

    private Object argument(WorkerParameter parameter, Job<T> job, JobContext context, CreationalContext<?> instances) {
        if (parameter instanceof WorkerParameter.Payload) {
            return job.payload();
        }
        if (parameter instanceof WorkerParameter.WholeJob) {
            return job;
        }
        if (parameter instanceof WorkerParameter.Context) {
            return context;
        }
        return beans.getInjectableReference(points.get(parameter), instances);
    }
}
