/**
 * Signals by LISTEN and NOTIFY: {@link io.github.pgqueue.channel.EventChannel} publishes, a
 * {@link io.github.pgqueue.channel.PgListener} or a subscription of the manager receives. A signal is delivered at most
 * once, to those that listen when it is committed, and equal ones of a transaction may coalesce.
 *
 * <p>Java SE and EE alike. May import the root package's exceptions and value types, and nothing else of ours.
 */
@NullMarked
package io.github.pgqueue.channel;

import org.jspecify.annotations.NullMarked;
