/** The client's side of the tests in servers: what a server is configured with, and what is deployed to it. */
@NullMarked
package io.github.pgqueue.it.servers.environment;

import org.jspecify.annotations.NullMarked;
