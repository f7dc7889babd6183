/** Requests and their answers, over plain JDBC. */
@NullMarked
package io.github.pgqueue.it.rpc;

import org.jspecify.annotations.NullMarked;
