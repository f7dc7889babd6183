/**
 * The TCK of JSR-107 on this provider, from its own jar: {@code TckDatabase} gives it a database, {@code TckReport} says
 * whether it has really run.
 */
@NullMarked
package io.github.pgqueue.it.jcache.tck;

import org.jspecify.annotations.NullMarked;
