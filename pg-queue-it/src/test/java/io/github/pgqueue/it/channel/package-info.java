/** Channels, listeners and subscriptions, over plain JDBC. */
@NullMarked
package io.github.pgqueue.it.channel;

import org.jspecify.annotations.NullMarked;
