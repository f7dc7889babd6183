/** What joins a JTA transaction and what never does, and how a worker's own transaction decides: Weld SE + Narayana. */
@NullMarked
package io.github.pgqueue.it.jta;

import org.jspecify.annotations.NullMarked;
