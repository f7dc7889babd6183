package io.github.pgqueue.internal.rpc;

import org.jspecify.annotations.Nullable;

/**
 * An answer as it was stored.
 *
 * @param value JSON; null for a failure
 * @param errorType class name of the remote exception; null for a value
 * @param errorMessage its message
 */
record Reply(
        @Nullable String value,
        @Nullable String errorType,
        @Nullable String errorMessage) {}
