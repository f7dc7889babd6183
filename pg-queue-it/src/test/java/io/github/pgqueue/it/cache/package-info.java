/** The cache, over plain JDBC. */
@NullMarked
package io.github.pgqueue.it.cache;

import org.jspecify.annotations.NullMarked;
