/** The view from outside: the state of a manager, the self-test, health checks, traces and metrics. */
@NullMarked
package io.github.pgqueue.it.observe;

import org.jspecify.annotations.NullMarked;
