/**
 * The PostgreSQL that the order shop and the tests run on: an embedded one, one in a container, or a server of the
 * user's own, chosen by the system property {@code pg}. {@link io.github.pgqueue.shop.database.Database} is the only
 * way in; {@link io.github.pgqueue.shop.database.EmbeddedServer} can also be killed and restarted.
 *
 * <p>May import the PostgreSQL driver, the embedded server and Testcontainers; nothing of pg-queue.
 */
@NullMarked
package io.github.pgqueue.shop.database;

import org.jspecify.annotations.NullMarked;
