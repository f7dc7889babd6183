/**
 * What stands behind the extension: {@code Discovery} collects what an application declares, {@code DeploymentPlan} is the
 * immutable result with all of its problems, {@code SyntheticBeans} makes it injectable, {@code PgQueueRuntime} has the
 * manager do it, {@code WorkerInvoker} and {@code EventBridge} are the way back into the application's beans.
 * {@code ContainerThreads} brings the threads of the server, {@code LateStart} goes on with a start for which the server
 * has not bound the data source yet. {@code MicroProfileConfig} is the only place that knows configuration keys.
 *
 * <p>A worker's transaction is joined by an interceptor that runs just inside {@code @Transactional}: only there is the
 * transaction of the method active, whatever began it.
 *
 * <p>Not API, changes without notice. May import the API, the spi, {@code jta}, {@code jakarta.*} and MicroProfile Config;
 * never an internal package outside of {@code cdi}. What is optional at run time (Transactions, MicroProfile Config,
 * Jackson, Concurrency) is imported by classes that are touched only where it is present.
 */
@NullMarked
package io.github.pgqueue.cdi.internal;

import org.jspecify.annotations.NullMarked;
