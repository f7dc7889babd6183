/**
 * Where orders are placed: {@link io.github.pgqueue.shop.desk.OrderDesk} writes the order, pushes its jobs and
 * publishes its event in one transaction.
 *
 * <p>Plain CDI and JTA, so that it runs on every server. May import {@code orders}, {@code jdbc} and the
 * payloads of the jobs it pushes.
 */
@NullMarked
package io.github.pgqueue.shop.desk;

import org.jspecify.annotations.NullMarked;
