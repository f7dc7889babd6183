package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.queue.JobContext;
import io.github.pgqueue.queue.Outcome;
import io.github.pgqueue.spi.Transactions;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * One call of a worker method, seen from inside its transaction.
 *
 * @param method the worker method
 * @param context the run of the job
 * @param transactions tells whether the method has a transaction
 */
record WorkerRun(Method method, JobContext context, Transactions transactions) {

    /** Puts the job into the active transaction. Its end is written now, unless the method's result decides it. */
    boolean joinIfActive() {
        if (!transactions.active()) {
            return false;
        }
        context.join(/* complete= */ !Results.mayDecide(method.getReturnType()));
        return true;
    }

    /** Writes what the result says, still inside the transaction. A job that is complete already may await an answer. */
    void settle(@Nullable Object result) {
        context.settle(Results.mayDecide(method.getReturnType()) ? Results.outcome(result) : Outcome.complete(result));
    }
}
