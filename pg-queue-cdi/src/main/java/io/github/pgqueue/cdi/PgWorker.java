package io.github.pgqueue.cdi;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method of a bean the worker of a queue. It is called through the bean's reference, so that interceptors apply,
 * by threads of the library, with an active request context per job.
 *
 * <p>Takes the {@link io.github.pgqueue.queue.Job} or, as the first parameter without a qualifier, its payload; a
 * {@link io.github.pgqueue.queue.JobContext} is given, every other parameter is injected. Returns nothing (done), a value
 * or a {@link java.util.concurrent.CompletionStage} of one (done, and the answer to a request), or an
 * {@link io.github.pgqueue.queue.Outcome}. What it throws is a failed attempt.
 *
 * <p>In a transaction of its own ({@code @Transactional}, or container-managed in an EJB) the method's effects and the end
 * of the job are one commit; a rollback is a failed attempt. Without a transaction the job is leased, the lease is renewed
 * while the method runs, and the job is completed afterwards. {@code MANDATORY} is refused: nobody has begun one.
 *
 * <p>How many jobs a node works at once, and how failures are retried, is configuration:
 * {@code pg-queue.queues.<name>.concurrency} and its siblings.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface PgWorker {

    /** The name of the queue: 1 to 40 characters out of {@code A-Z a-z 0-9 _}, case-sensitive. */
    String value();
}
