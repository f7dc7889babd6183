/**
 * Invoices by mail. A mail cannot be rolled back, so the worker has no transaction: it is leased, and the library
 * repeats what the mail server refused.
 *
 * <p>Plain CDI, so that it runs on every server. Imports nothing else of the shop.
 */
@NullMarked
package io.github.pgqueue.shop.invoices;

import org.jspecify.annotations.NullMarked;
