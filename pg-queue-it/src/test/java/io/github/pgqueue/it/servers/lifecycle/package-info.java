/**
 * Redeploys and kills: the tests are on the client's side and operate a server, or a JVM with Weld SE, that is a process
 * of its own beside the one that Arquillian drives, with databases of its own. {@code app} is what they deploy.
 *
 * <p>The system properties {@code crash.redeploys} and {@code crash.kills} say how often; the Maven profile {@code crash}
 * makes them many.
 */
@NullMarked
package io.github.pgqueue.it.servers.lifecycle;

import org.jspecify.annotations.NullMarked;
