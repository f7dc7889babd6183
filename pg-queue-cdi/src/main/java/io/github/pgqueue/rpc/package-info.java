/**
 * Request-response over a queue: {@link io.github.pgqueue.rpc.RequestResponse} pushes a request and waits for the answer
 * that a worker commits together with its effects.
 *
 * <p>Java SE and EE alike. May import the root package's exceptions and value types, and nothing else of ours.
 */
@NullMarked
package io.github.pgqueue.rpc;

import org.jspecify.annotations.NullMarked;
