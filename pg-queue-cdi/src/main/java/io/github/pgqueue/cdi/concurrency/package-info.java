/**
 * Jobs as tasks of a server's managed executor, as Jakarta Concurrency describes them.
 *
 * <p>Not API, changes without notice. May import the JDK and Jakarta Concurrency; touched only where an executor is
 * configured, and where its API is absent nothing is lost but the description.
 */
@NullMarked
package io.github.pgqueue.cdi.concurrency;

import org.jspecify.annotations.NullMarked;
