/** Open Liberty with its HTTP sessions and authenticated users in our caches: two processes and a database that fail. */
@NullMarked
package io.github.pgqueue.it.servers.sessions;

import org.jspecify.annotations.NullMarked;
