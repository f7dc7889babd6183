/** The order shop's archive in the servers, played from outside. */
@NullMarked
package io.github.pgqueue.it.servers.shop;

import org.jspecify.annotations.NullMarked;
