/**
 * The library inside WildFly, Payara, Open Liberty and Weld SE: the same tests in each, by Arquillian, inside the
 * container. The Maven profile chooses it.
 *
 * <p>What is in this package and beside it goes into the archives that are deployed; {@code environment} stays with the
 * client, which makes the archives and prepares the servers.
 */
@NullMarked
package io.github.pgqueue.it.servers;

import org.jspecify.annotations.NullMarked;
