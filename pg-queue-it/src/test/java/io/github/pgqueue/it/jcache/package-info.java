/** The JCache provider: what the TCK leaves open, several nodes, keys and values, and life without a database. */
@NullMarked
package io.github.pgqueue.it.jcache;

import org.jspecify.annotations.NullMarked;
