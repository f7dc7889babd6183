package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.queue.JobContext;
import io.github.pgqueue.spi.Transactions;
import jakarta.enterprise.inject.spi.BeanManager;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls worker methods so that the interceptor finds the run, and so that nothing of the call stays on the thread.
 *
 * @param beans of the application
 * @param runs where the interceptor looks
 * @param transactions that operations join
 * @param rollbackForgotten rolls back a transaction that is still open on the thread, and tells whether there was one
 */
record WorkerCalls(BeanManager beans, WorkerRuns runs, Transactions transactions, BooleanSupplier rollbackForgotten) {

    /** The result, awaited; throws what the method threw. */
    @Nullable
    Object call(WorkerMethod worker, Object bean, Object[] arguments, JobContext context) throws Exception {
        runs.begin(new WorkerRun(worker.method(), context, transactions));
        try {
            Object result = Results.await(worker.called().invoke(bean, arguments));
            if (rollbackForgotten.getAsBoolean()) {
                throw leftOpen(worker);
            }
            return result;
        } catch (ReflectiveOperationException | RuntimeException e) {
            boolean forgotten = rollbackForgotten.getAsBoolean();
            Exception failure = Failures.unwrapped(e);
            if (forgotten) {
                failure.addSuppressed(leftOpen(worker));
            }
            throw failure;
        } finally {
            runs.end();
        }
    }

    /** The next job of the thread would have joined it. */
    private static IllegalStateException leftOpen(WorkerMethod worker) {
        return new IllegalStateException(worker.where() + " left its transaction open; it was rolled back");
    }
}
