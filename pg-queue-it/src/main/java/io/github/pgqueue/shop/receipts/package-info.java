/**
 * Receipts, one for each order and never two: the worker writes them in the transaction that also ends the job.
 *
 * <p>Plain CDI and JTA, so that it runs on every server. May import {@code jdbc}.
 */
@NullMarked
package io.github.pgqueue.shop.receipts;

import org.jspecify.annotations.NullMarked;
