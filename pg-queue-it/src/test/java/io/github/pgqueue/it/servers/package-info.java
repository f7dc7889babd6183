/**
 * The library inside WildFly, Payara, Open Liberty and Weld SE: the same tests in each, by Arquillian, inside the
 * container. The Maven profile chooses it.
 *
 * <p>What is in this package and beside it goes into the archives that are deployed; {@code environment}, which makes the
 * archives and prepares the servers, {@code features}, but for its annotation, and {@code lifecycle}, but for its
 * {@code app}, stay with the client.
 */
@NullMarked
package io.github.pgqueue.it.servers;

import org.jspecify.annotations.NullMarked;
