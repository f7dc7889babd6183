/**
 * The door of the shop for browsers: Jakarta REST resources below {@code api}, which the page calls. The same classes run
 * in the WAR, where {@link io.github.pgqueue.shop.web.ShopApplication} gathers them, and on Weld SE.
 *
 * <p>Whatever goes wrong is answered as JSON with one sentence in {@code error}; a stack trace is never shown. What
 * comes in is read field by field, so that a bad field is refused by a sentence that names the fix.
 *
 * <p>Plain Jakarta REST and CDI, so that it runs on every server. JSON is written and read with Jackson, which the
 * library needs anyway: what the servers have on board differs. May import {@code desk}, {@code prices}, {@code jdbc},
 * {@code invoices}, {@code orders} and the payloads of the queues it shows.
 */
@NullMarked
package io.github.pgqueue.shop.web;

import org.jspecify.annotations.NullMarked;
