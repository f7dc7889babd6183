/**
 * The shop without a server: Weld SE, Narayana and an Agroal pool in the place of what WildFly, Payara or Open Liberty
 * bring along, a second process that runs the same beans, and the page of the WAR behind a port of this machine.
 *
 * <p>Everything that depends on Weld SE is here; no other package of beans may import this one.
 */
@NullMarked
package io.github.pgqueue.shop.runtime;

import org.jspecify.annotations.NullMarked;
