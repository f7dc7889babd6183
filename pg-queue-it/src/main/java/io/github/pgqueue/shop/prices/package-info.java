/**
 * Prices: looked up at a slow wholesaler, kept in a cache that all nodes share, and quoted to whoever asks.
 *
 * <p>Plain CDI, so that it runs on every server. Imports nothing else of the shop.
 */
@NullMarked
package io.github.pgqueue.shop.prices;

import org.jspecify.annotations.NullMarked;
