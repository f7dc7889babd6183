/** What the tests share: the server, databases and nodes of their own, and a probe to wait on. */
@NullMarked
package io.github.pgqueue.it.support;

import org.jspecify.annotations.NullMarked;
