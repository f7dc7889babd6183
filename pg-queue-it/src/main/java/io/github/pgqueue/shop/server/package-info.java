/**
 * What the shop needs in an application server and nowhere else: the container's data source, its own tables, and safe
 * headers for the files of the page.
 *
 * <p>On Weld SE {@code runtime} stands in its place. May import {@code web} and {@code jdbc}.
 */
@NullMarked
package io.github.pgqueue.shop.server;

import org.jspecify.annotations.NullMarked;
