package io.github.pgqueue.it.channel;

import static io.github.pgqueue.it.channel.Receiving.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.channel.PgListener;
import io.github.pgqueue.it.support.InBackground;
import io.github.pgqueue.it.support.PgQueueTest;
import io.github.pgqueue.it.support.Probe;
import io.github.pgqueue.it.support.TcpProxy;
import io.github.pgqueue.it.support.TestDatabase;
import io.github.pgqueue.it.support.TestNode;
import org.junit.jupiter.api.Test;

/** A connection whose other end has vanished without a word looks like silence: it is asked, and replaced. */
@PgQueueTest
class HalfOpenIT {

    @Test
    void frozen_whileItWaits_isFoundOutAndReplaced(TestDatabase database) {
        Probe probe = new Probe();
        try (TcpProxy proxy = TcpProxy.before(database);
                PgQueueManager manager = manager(proxy, database, probe);
                PgListener listener = manager.createListener()) {
            listener.listen("silent");

            proxy.freeze();
            probe.await("listeningLost");
            probe.await("listening ", 2);
            manager.channel("silent", String.class).publishRaw("heard");

            assertThat(text(listener)).isEqualTo("heard");
        }
    }

    @Test
    void frozen_whenItIsToListenToMore_isReplaced(TestDatabase database) {
        Probe probe = new Probe();
        try (TcpProxy proxy = TcpProxy.before(database);
                PgQueueManager manager = manager(proxy, database, probe);
                PgListener listener = manager.createListener()) {
            listener.listen("first");

            proxy.freeze();
            InBackground<Boolean> listening = InBackground.run(() -> listener.listen("second"));

            assertThat(listening.result()).isTrue();
            manager.channel("second", String.class).publishRaw("heard");
            assertThat(text(listener)).isEqualTo("heard");
        }
    }

    @Test
    void frozen_thenClose_ends(TestDatabase database) {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            PgQueueManager manager = manager(proxy, database, new Probe());
            manager.createListener().listen("frozen");

            proxy.freeze();

            assertThat(InBackground.run(manager::close).result()).isTrue();
        }
    }

    private static PgQueueManager manager(TcpProxy proxy, TestDatabase database, Probe probe) {
        return PgQueueManager.builder(proxy.dataSource(database))
                .config(TestNode.quick())
                .listener(probe)
                .build();
    }
}
