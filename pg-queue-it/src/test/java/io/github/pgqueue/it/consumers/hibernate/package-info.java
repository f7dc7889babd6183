/** Hibernate's second-level cache in several JVMs. */
@NullMarked
package io.github.pgqueue.it.consumers.hibernate;

import org.jspecify.annotations.NullMarked;
