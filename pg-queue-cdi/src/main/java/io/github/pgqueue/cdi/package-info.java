/**
 * The library in CDI: {@link io.github.pgqueue.cdi.PgQueue}, {@link io.github.pgqueue.cdi.PgChannel} and
 * {@link io.github.pgqueue.cdi.PgCacheName} inject, {@link io.github.pgqueue.cdi.PgWorker} makes a method a worker.
 * {@link io.github.pgqueue.cdi.PgQueueExtension} finds what an application declares and has the manager do it.
 *
 * <p>Discover, plan, run: observers of the extension only collect; what they found becomes an immutable plan of records;
 * all problems of the plan are reported at once; threads start at {@code Startup} and end when the application context
 * is about to be destroyed. There are no statics with state: one class loader may hold two containers.
 *
 * <p>May import the API, the spi, {@code jta}, {@code jakarta.*} and MicroProfile Config. Never an internal package: the
 * manager is used as any application uses it.
 */
@NullMarked
package io.github.pgqueue.cdi;

import org.jspecify.annotations.NullMarked;
