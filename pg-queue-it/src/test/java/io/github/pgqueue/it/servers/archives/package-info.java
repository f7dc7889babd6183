/** Several archives in one server, which Weld SE has not. */
@NullMarked
package io.github.pgqueue.it.servers.archives;

import org.jspecify.annotations.NullMarked;
