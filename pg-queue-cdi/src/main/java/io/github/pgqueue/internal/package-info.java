/**
 * Wires the implementation together.
 *
 * <p>Not API: changes without notice. May import everything but CDI and JTA; imported by the builder alone.
 */
@NullMarked
package io.github.pgqueue.internal;

import org.jspecify.annotations.NullMarked;
