package io.github.pgqueue.internal;

import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.channel.Notification;
import io.github.pgqueue.internal.cache.Caches;
import io.github.pgqueue.internal.channel.ListenerHub;
import io.github.pgqueue.internal.channel.NotificationSink;
import io.github.pgqueue.internal.jdbc.Text;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/** Has the near caches and listeners of a node hear what others change, from when they first ask for it. Thread-safe. */
final class CacheChanges {

    private static final Logger LOG = System.getLogger("io.github.pgqueue.cache");

    private final AtomicBoolean asked = new AtomicBoolean();

    /** Listens, unless it has been tried before; without listening, near caches stay off. Does not ask the database. */
    void hear(ListenerHub hub, Caches caches) {
        if (!hub.enabled()) {
            caches.cannotHear("listening is switched off; set pg-queue.listen.enabled=true");
            return;
        }
        if (asked.get() || !asked.compareAndSet(false, true)) {
            return;
        }
        try {
            hub.listenWhenPossible(Caches.CHANNEL, new Sink(caches));
        } catch (PgQueueException e) {
            LOG.log(Level.DEBUG, "near caches stay off: {0}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "near caches stay off: {0}", Text.printable(e.toString()));
        }
    }

    private record Sink(Caches caches) implements NotificationSink {

        @Override
        public void accept(Notification notification) {
            caches.changed(notification.payload());
        }

        @Override
        public void listening() {
            caches.listening();
        }

        @Override
        public void deaf() {
            caches.deaf();
        }

        @Override
        public void pollOnly() {
            caches.cannotHear("the data source's connections do not deliver notifications, as behind PgBouncer in"
                    + " transaction mode; set pg-queue.listen.url to a direct connection");
        }
    }
}
